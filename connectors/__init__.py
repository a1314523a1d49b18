"""What agencies send: protocols, one mapping a file for each agency, and the way in (`connectors/pull.py`)."""
