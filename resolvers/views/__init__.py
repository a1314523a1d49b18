"""Masked objects: they hold nothing that the caller may not see, so whoever serialises them needs no rule."""
