"""Exports for bookkeeping: one double-entry model, tax by period, and their renderings."""
