"""The agencies over HTTP."""
