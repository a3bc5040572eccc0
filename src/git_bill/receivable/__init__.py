"""From an issued invoice to money in the bank (pure)."""
