"""A second opinion on who may see what: raw facts, rules of its own, nothing of `policy` imported."""
