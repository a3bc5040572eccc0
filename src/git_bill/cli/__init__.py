"""One command per file; the only printing."""
