"""What a request alters: each loads through the gate, applies a pure rule, saves with the ledger's entry, answers."""

from resolvers.commands.identity import resolve_identity

__all__ = ["resolve_identity"]
