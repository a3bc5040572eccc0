"""What the books tell (pure)."""
