"""Backing a hub up and bringing it back: graph, docket, ledger and keys as one set."""
