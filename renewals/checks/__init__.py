"""Data checks: what of the license IDs, customers and products would make a renewal wrong, and where it is mended."""
