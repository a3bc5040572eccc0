"""The ledger's hash chain, roles and redaction (pure)."""
