"""The pages of this app: the start page, the customers, what managers look after, and invitations."""

from . import manage
from .guards import View, for_managers, for_staff
from .invitations import invitation
from .pages import customer, customers, start
from .visitors import is_too_often, read_address, read_browser

__all__ = [
    "View",
    "customer",
    "customers",
    "for_managers",
    "for_staff",
    "invitation",
    "is_too_often",
    "manage",
    "read_address",
    "read_browser",
    "start",
]
