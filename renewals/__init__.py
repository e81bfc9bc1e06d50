"""What is wanted, and what would it cost? May change until it is issued. From then on it is `quotes`' record."""
