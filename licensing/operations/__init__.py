"""What changes master data, or looks after it."""
