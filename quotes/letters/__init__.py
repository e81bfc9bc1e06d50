"""Quotes that are sent by e-mail."""
