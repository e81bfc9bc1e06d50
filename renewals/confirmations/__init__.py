"""数量確認: the customer is asked what they need before anything is quoted, and the answer becomes a quote's draft."""
