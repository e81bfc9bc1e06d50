"""Master data in the administration: resellers, people, customers, products, license IDs.

Portal admins and price admins come in here. A portal admin has every permission (`is_superuser`;
`UserAdmin.save_model` keeps the two together), a price admin those of `models.roles`, nobody else any: there are no
groups or single permissions to look after.
"""

from .contacts import ContactAdmin
from .customers import CustomerAdmin
from .invitations import InvitationAdmin
from .licenses import LicenseIDAdmin, ProductAdmin, ProgrammeAdmin
from .people import ResellerAdmin, UserAdmin

__all__ = [
    "ContactAdmin",
    "CustomerAdmin",
    "InvitationAdmin",
    "LicenseIDAdmin",
    "ProductAdmin",
    "ProgrammeAdmin",
    "ResellerAdmin",
    "UserAdmin",
]
