"""After an order: the holdings become what was ordered, once, and back while nothing else has changed them (R21)."""
