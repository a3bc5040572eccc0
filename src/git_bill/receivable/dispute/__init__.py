"""Disputes: what a client objects to, what became of it, and what that does to what it owes."""
