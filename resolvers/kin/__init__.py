"""Kin walks, written once, above the port: pure steps over whatever the gate lets through. No I/O here."""
