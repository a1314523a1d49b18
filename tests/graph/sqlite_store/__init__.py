"""What only the SQLite store promises: layout, speed of statements, faults of disk and process."""
