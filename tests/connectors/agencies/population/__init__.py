"""Sample rows of population."""
