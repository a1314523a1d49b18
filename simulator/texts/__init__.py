"""Names, places and the unique marker texts."""
