"""The life of a price list: its tables and ranks are typed, checked, published, copied, compared."""
