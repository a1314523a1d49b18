"""What each agency knows: pure mappings from a block to rows."""
