"""Pages of one price list that are more than its form."""
