"""Faults along the way of a request: whatever breaks, nothing leaves unlogged and nothing of the cause is told."""
