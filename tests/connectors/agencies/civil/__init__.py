"""Sample rows of civil."""
