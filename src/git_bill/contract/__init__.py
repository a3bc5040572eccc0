"""What was agreed: parties, agreements, rates, tax (pure)."""
