"""Customers who are told before prices rise: who they are, what a list to come changes for them, and the letter."""
