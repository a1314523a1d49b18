"""The embedded store: one SQLite file in WAL mode, read on the loop, written by one thread."""
