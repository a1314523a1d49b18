"""A small synthetic country: a program of its own that serves agencies over HTTP on loopback.

It imports nothing of the hub, nor the hub of it; both know only the wire contract.
"""
