"""How agencies are wrong: evidence errors and row errors, at stated rates."""
