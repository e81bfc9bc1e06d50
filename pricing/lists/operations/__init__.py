"""What changes a price list."""
