"""The renewal form: what a customer wants is typed here, and priced while somebody types."""
