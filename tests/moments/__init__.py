"""Other moments: what was known then, what held that day, and that policy stays today's."""
