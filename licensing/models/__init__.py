"""Who holds what: resellers, their people, their customers, and the customers' license IDs."""

from .licenses import Holding, LicenseID, Product, Programme
from .people import Customer, Reseller, User

__all__ = ["Customer", "Holding", "LicenseID", "Product", "Programme", "Reseller", "User"]
