"""Stripe: payment links, mirrored invoices, what its balance moved, and its deliveries."""
