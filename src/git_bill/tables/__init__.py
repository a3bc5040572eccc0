"""Dated data files, loaded by adapters.tables."""
