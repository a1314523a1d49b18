"""Sample rows of a genealogist's file."""
