"""Training of identity models, offline, with Splink. Nothing that serves or pulls imports this."""
