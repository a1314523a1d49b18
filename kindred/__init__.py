"""The roof: settings, wiring, the ASGI application, the command line, the table of jobs."""
