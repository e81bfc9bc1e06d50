"""What a reseller pays itself (仕切率), and what is left of a price after it (粗利): of their own people only."""
