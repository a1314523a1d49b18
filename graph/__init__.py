"""What is known: one port, its stores, their conformance suite in tests/conformance."""
