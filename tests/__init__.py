"""What the hub promises, tried."""
