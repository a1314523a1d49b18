"""Backing up and bringing back."""
