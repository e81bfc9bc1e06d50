"""The moment of issue: what is wanted is priced, put on paper and offered."""
