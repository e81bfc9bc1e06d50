"""The customer's order as a file (注文書): looked at, kept with the quote, handed out again."""
