"""Renderings of a draft or an invoice (pure)."""
