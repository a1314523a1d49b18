"""Grants: what a case, a warrant and a token's activities cover at an instant. Pure: no I/O."""
