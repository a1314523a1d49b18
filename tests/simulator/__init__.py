"""The synthetic country."""
