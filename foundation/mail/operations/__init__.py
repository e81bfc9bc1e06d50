"""What is done with e-mail."""
