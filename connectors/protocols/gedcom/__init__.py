"""GEDCOM 5.5.1 and what of 7.0 has the same form: a genealogist's file as a sequence of rows."""
