"""Who may (activities grant, Cedar limits), and who did (the ledger)."""
