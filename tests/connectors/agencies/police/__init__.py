"""Sample rows of police."""
