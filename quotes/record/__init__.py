"""Quotes as records: how one is kept, what may happen to it, and who may see it."""
