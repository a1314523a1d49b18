"""The house holds: who may import whom, who may call what, what is reachable from where."""
