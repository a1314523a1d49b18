"""The graph's room."""
