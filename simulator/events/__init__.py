"""What can happen in a running country."""
