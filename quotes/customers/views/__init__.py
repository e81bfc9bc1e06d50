"""Pages for customers, and for whoever holds the paper."""
