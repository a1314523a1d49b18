"""Sample rows of tax."""
