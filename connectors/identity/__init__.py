"""Carrying out what stewards decided: rows taken in after all, two people made one, and parted again."""
