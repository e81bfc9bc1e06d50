"""What the linter says of a price list."""
