"""What customers see of a quote and answer to it, and what anybody may ask who holds the paper."""
