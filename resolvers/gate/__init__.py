"""The only door to data about people: admit (who may come in), the gate (know, read, disclose), notes (what to log)."""
