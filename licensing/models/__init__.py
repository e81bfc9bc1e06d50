"""Who holds what: resellers, their people, their customers, and the customers' license IDs."""

from .contacts import Contact
from .imports import HeldChange, HeldImport, HeldLayout, HeldProblem
from .invitations import Invitation, hash_token
from .licenses import FormerCode, Holding, LicenseID, Product, Programme
from .people import Customer, Reseller, User

__all__ = [
    "Contact",
    "Customer",
    "FormerCode",
    "HeldChange",
    "HeldImport",
    "HeldLayout",
    "HeldProblem",
    "Holding",
    "Invitation",
    "LicenseID",
    "Product",
    "Programme",
    "Reseller",
    "User",
    "hash_token",
]
