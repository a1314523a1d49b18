"""How well records are linked: FEBRL 3 and 4 against Splink's own settings, and the synthetic country's claims."""
