"""Sample rows of health."""
