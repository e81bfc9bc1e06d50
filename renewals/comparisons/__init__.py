"""Comparisons (比較表): alternatives of a form side by side for the customer, and quotes made from them."""
