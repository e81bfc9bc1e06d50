"""Contacts of customers: a reseller's people add them, correct them, and mark them as gone."""
