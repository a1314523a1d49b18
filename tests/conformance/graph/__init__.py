"""The graph's port: every store passes this suite."""
