"""Tax treatment of a supply (pure)."""
