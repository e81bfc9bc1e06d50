"""What was ordered, for other programs and for the vendor's pages: every field once, from the record."""
