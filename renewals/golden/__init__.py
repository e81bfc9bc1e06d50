"""Issued quotes as golden cases of price lists."""
