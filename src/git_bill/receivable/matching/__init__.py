"""Which remittance pays which invoice: candidates, their probability, and what is applied (pure)."""
