"""One use case per file; apply alone acts."""
