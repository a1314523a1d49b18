"""Decided examples of each rule: the folder is the expected verdict."""
