"""git-bill: evidence from git becomes a reviewed draft, the merge becomes an issued invoice."""

__version__ = "0.1.0"
