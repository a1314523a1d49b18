"""Whole worlds for tests: a country in a child process, and a hub over it with an injected clock and request ids."""
