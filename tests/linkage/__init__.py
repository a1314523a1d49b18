"""Linkage at scale: claims without ids through the real way in, and FEBRL."""
