"""Who is asking: every token that is not fully right is refused alike."""
