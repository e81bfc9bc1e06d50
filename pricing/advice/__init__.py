"""What other quantities would cost and which is the cheapest: pure functions over a request and prices, no framework.

Every figure is one of `price_renewal`. Nothing here knows a rule: it only chooses which quantities to ask for.
"""
