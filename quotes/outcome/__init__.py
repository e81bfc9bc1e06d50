"""What became of a quote: ordered, lost, taken back."""
