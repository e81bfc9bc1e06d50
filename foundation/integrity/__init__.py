"""What keeps records as they were written: one form of every value, so that a hash stays true."""

from .canonical import canonical_address, canonical_json, canonical_text, make_canonical

__all__ = ["canonical_address", "canonical_json", "canonical_text", "make_canonical"]
