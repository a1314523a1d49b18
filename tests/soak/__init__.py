"""Long runs of what `tests/` tries shortly."""
