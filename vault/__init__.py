"""Keys: key ring, sealing, unsealing, keyed hashes, outward ids. Cryptography is imported here alone."""
