"""Master data in the administration: resellers, people, customers, products, license IDs.

Only portal admins come in here. A portal admin has every permission (`is_superuser`), nobody else has any:
`UserAdmin.save_model` keeps the two together, so there are no groups or single permissions to look after.
"""

from .licenses import LicenseIDAdmin, ProductAdmin, ProgrammeAdmin
from .people import CustomerAdmin, ResellerAdmin, UserAdmin
from .search import SearchAdmin

__all__ = [
    "CustomerAdmin",
    "LicenseIDAdmin",
    "ProductAdmin",
    "ProgrammeAdmin",
    "ResellerAdmin",
    "SearchAdmin",
    "UserAdmin",
]
