"""What comes to somebody else: a license ID to another customer, a customer into another or to another reseller."""
