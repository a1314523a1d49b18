"""Who is asking: a token becomes a Principal."""
