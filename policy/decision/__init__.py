"""Decisions: facts of a person and a mandate become bits, bits become a look-up. Pure: no I/O."""
