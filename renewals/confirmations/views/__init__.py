"""Pages of quantity confirmations: for staff who ask, and for customers who answer without a log-in."""
