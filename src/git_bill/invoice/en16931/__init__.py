"""The invoice as EN 16931 sees it, and its two syntaxes (pure)."""
