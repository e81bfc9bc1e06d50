"""The pages of this app: the start page, the customers, and what everybody has of their own."""

from .guards import View, for_staff
from .pages import customer, customers, start
from .visitors import is_too_often, read_address, read_browser

__all__ = ["View", "customer", "customers", "for_staff", "is_too_often", "read_address", "read_browser", "start"]
