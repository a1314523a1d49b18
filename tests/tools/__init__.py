"""The checks of the repository check."""
