"""How well records are linked: on FEBRL 3 and 4 against Splink's own settings, and on the synthetic country's claims."""
