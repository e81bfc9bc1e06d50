"""Who holds what: resellers, their people, their customers, and the customers' license IDs."""

from .contacts import Contact
from .counts import COUNTS, CustomerCount
from .customers import Customer
from .imports import HeldChange, HeldImport, HeldLayout, HeldProblem
from .invitations import Invitation, hash_token
from .licenses import FormerCode, Holding, LicenseID, Product, Programme
from .people import User
from .resellers import Reseller

__all__ = [
    "COUNTS",
    "Contact",
    "Customer",
    "CustomerCount",
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
