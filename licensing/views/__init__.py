"""The pages of this app: customers, what managers look after, invitations, everybody's own security."""

from . import manage
from .guards import (
    View,
    for_enterers,
    for_keepers,
    for_makers,
    for_managers,
    for_margins,
    for_resellers,
    for_staff,
    reauthenticate_first,
)
from .invitations import invitation
from .own import own_words
from .owners import customer_owner, read_owner
from .pages import customer, customers
from .robots import is_fetched_beforehand, read_robot
from .security import end_one_session, end_others, security
from .visitors import is_too_often, read_address, read_browser
from .ways import read_way_back

__all__ = [
    "View",
    "customer",
    "customer_owner",
    "customers",
    "end_one_session",
    "end_others",
    "for_enterers",
    "for_keepers",
    "for_makers",
    "for_managers",
    "for_margins",
    "for_resellers",
    "for_staff",
    "invitation",
    "is_fetched_beforehand",
    "is_too_often",
    "manage",
    "own_words",
    "read_address",
    "read_browser",
    "read_owner",
    "read_robot",
    "read_way_back",
    "reauthenticate_first",
    "security",
]
