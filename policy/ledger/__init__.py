"""Who did: an append-only Merkle log of every look, search and denial, durable before an answer leaves.

`opening.open_ledger` makes a `ledger.Ledger`; `export.export_ledger`, `verifying.verify_export` and
`auditing.verify_store` are for the command line and for whoever checks from outside.
"""
