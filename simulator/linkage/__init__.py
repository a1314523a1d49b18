"""A set to link: a register of people, and claims about them without national ids that are wrong at stated rates."""
