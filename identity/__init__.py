"""Who is the same person: pure rules on names, dates and search keys. No I/O; docs/reference/identity.md says why."""
