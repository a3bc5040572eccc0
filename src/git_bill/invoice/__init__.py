"""From entries to line items, drafts, numbers and documents (pure)."""
