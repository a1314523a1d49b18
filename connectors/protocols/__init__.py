"""Clients of the protocols that agencies speak: each yields rows since a cursor, in the order of the source."""
