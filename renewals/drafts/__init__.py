"""What was typed and is not issued yet: kept, listed, printed as a draft, thrown away."""
