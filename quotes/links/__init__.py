"""Share links: for customers without a log-in."""
