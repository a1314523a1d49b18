"""The negative tests: what the hub must not tell, one number of the list at a time (README.md)."""
