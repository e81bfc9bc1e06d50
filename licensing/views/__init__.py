"""The pages of this app: the start page, the customers, and what everybody has of their own."""

from .guards import View, for_staff
from .pages import customer, customers, start

__all__ = ["View", "customer", "customers", "for_staff", "start"]
