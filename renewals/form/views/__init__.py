"""Doors to the renewal form, and what its page shows."""
