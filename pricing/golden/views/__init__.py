"""Pages of golden cases."""
