"""What is held comes in: customers, license IDs and holdings out of files and pasted rows."""
