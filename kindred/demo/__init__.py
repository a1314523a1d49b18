"""The demo: a synthetic country, a hub over it, and a token for every role."""
