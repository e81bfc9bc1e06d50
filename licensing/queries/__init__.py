"""What is read, and who may see it: `seen` decides that, in one place."""

from .contacts import (
    ContactRow,
    contact_rows,
    find_contact,
    name_contact,
    present_contacts,
    purposes_of,
    visible_contacts,
)
from .expiries import (
    ExpiryRow,
    customers_by_name,
    customers_without_license_ids,
    expiry_rows,
    license_ids_by_expiry,
    license_ids_without_holdings,
    with_expiries,
    with_holdings,
)
from .history import RIGHTS, THRESHOLDS, approval_changes, changes_of, visible_changes
from .in_charge import people_in_charge
from .invitations import InvitationRow, invitation_rows
from .logins import find_user, must_use_mfa, open_sessions, second_factors
from .look_alikes import find_look_alikes
from .opening import find_license_id, holdings_of
from .products import former_codes, present_codes, products_by_code
from .reasons import Reason, Reasons
from .search import Few, few_with
from .seen import (
    count_customers,
    entered_resellers,
    managed_invitations,
    managed_people,
    may_enter_holdings,
    may_see_customer,
    open_invitations,
    visible_customers,
    visible_license_ids,
)
from .segments import segments_in_use

__all__ = [
    "RIGHTS",
    "THRESHOLDS",
    "ContactRow",
    "ExpiryRow",
    "Few",
    "InvitationRow",
    "Reason",
    "Reasons",
    "approval_changes",
    "changes_of",
    "contact_rows",
    "count_customers",
    "customers_by_name",
    "customers_without_license_ids",
    "entered_resellers",
    "expiry_rows",
    "few_with",
    "find_contact",
    "find_license_id",
    "find_look_alikes",
    "find_user",
    "former_codes",
    "holdings_of",
    "invitation_rows",
    "license_ids_by_expiry",
    "license_ids_without_holdings",
    "managed_invitations",
    "managed_people",
    "may_enter_holdings",
    "may_see_customer",
    "must_use_mfa",
    "name_contact",
    "open_invitations",
    "open_sessions",
    "people_in_charge",
    "present_codes",
    "present_contacts",
    "products_by_code",
    "purposes_of",
    "second_factors",
    "segments_in_use",
    "visible_changes",
    "visible_contacts",
    "visible_customers",
    "visible_license_ids",
    "with_expiries",
    "with_holdings",
]
