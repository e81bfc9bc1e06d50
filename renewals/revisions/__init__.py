"""Quotes that are made from quotes."""
