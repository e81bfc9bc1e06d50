"""Price files in and out."""
