"""One pure mapping for each agency: its own field names, and what a row of it says. No I/O."""
