"""Exactness of the ledger and of the seals: what an answer holds its entry names, and no file holds it in clear."""
