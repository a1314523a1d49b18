"""The stages between a page of rows and the stores, in the order of `connectors/pull.py`."""
