"""PayPal: links to pay by, and what its balances moved."""
