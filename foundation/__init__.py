"""Crafts that every room uses and that know none of them: reading files, comparing text. No customer, no price."""
