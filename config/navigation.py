"""Where people can go from every page: the main navigation, and the tabs of a reseller's management."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.models import User
from renewals.approval.queries import waiting_for


@dataclass(frozen=True, slots=True)
class Place:
    """One entry. `pages` lie beneath it: names of addresses, or whole namespaces (`quotes:*`), where no other entry
    names the page itself.
    """

    words: str | Promise
    address: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page shows it. `current`: "page" on the page itself, "true" on one beneath it, else empty."""

    words: str | Promise
    url: str
    current: str
    count: int = 0
    """What waits there for the user; 0 is not shown."""


PEOPLE = Place(_("People"), "manage_people", ("manage_invite", "manage_person"))
CUSTOMERS = Place(
    _("Customers"), "manage_customers", ("manage_customer", "manage_new_customer", "manage_invite_contact")
)
COMPANY = Place(_("Company data"), "manage_company")
COSTS = Place(_("Cost rates"), "pricing:cost-rates", ("pricing:cost-rate", "pricing:cost-rates-import"))
LETTERS = Place(_("E-mail texts"), "quotes:letter-templates")
CONFIRMATIONS = Place(_("Quantity confirmations"), "renewals:confirmation-settings")
REMINDERS = Place(_("Reminders"), "renewals:rhythm")
STANDING_LINES = Place(_("Standing lines"), "renewals:standing-lines")
CHAT = Place(_("Chat notices"), "renewals:chat")
THRESHOLDS = Place(_("Approval"), "renewals:approval-settings")
MANAGEMENT = (PEOPLE, CUSTOMERS, COMPANY, COSTS, THRESHOLDS, LETTERS, CONFIRMATIONS, STANDING_LINES, REMINDERS, CHAT)

DESK = (
    Place(
        _("Renewals"),
        "start",
        (
            "renewals:new",
            "renewals:desk-row",
            "renewals:calendar",
            "renewals:confirm",
            "renewals:confirmation",
            "renewals:confirmations",
            "renewals:price-change",
            "renewals:price-letters",
        ),
    ),
    Place(_("Quotes"), "quotes:list", ("quotes:*", "renewals:*")),
    Place(
        _("Customers"),
        "customers",
        (
            "customer",
            "contact_new",
            "contact",
            "license_id_new",
            "license_id_code",
            "holdings",
            "renewals:license-id",
            "renewals:checks",
            "renewals:move-license-id",
            "renewals:merge-customer",
            "renewals:change-reseller",
            "held_list",
            "held_import",
            "held_columns",
        ),
    ),
)
APPROVALS = Place(
    _("Approvals"),
    "renewals:approvals",
    (
        "renewals:approval",
        "renewals:approval-answer",
        "renewals:approvals-answer",
        "renewals:approval-withdraw",
        "renewals:approval-issue",
        "renewals:approval-pdf",
    ),
)
MANAGE = Place(
    _("Manage"), "manage_people", tuple(page for place in MANAGEMENT for page in (place.address, *place.pages))
)
MARGINS = Place(_("Margins"), "quotes:margins", ("quotes:margins", "quotes:margins-file"))
RECEIVED = (Place(_("Quotes"), "quotes:received", ("quotes:*",)),)
PRICES = (Place(_("Price lists"), "start", ("renewals:checks",)),)


def main_navigation(request: HttpRequest) -> list[Link]:
    """What stands in the head of each page; nothing for somebody who is not logged in."""
    user = getattr(request, "user", None)  # none where a page refuses before anybody is known
    if not isinstance(user, User):
        return []
    links = _links(request, _places_of(user))
    if user.approves and user.is_reseller_staff:
        count = waiting_for(user).count()
        links = [replace(one, count=count) if one.url == reverse(APPROVALS.address) else one for one in links]
    return links


def management_tabs(request: HttpRequest) -> list[Link]:
    """The parts of a reseller's management."""
    return _links(request, MANAGEMENT)


def _places_of(user: User) -> tuple[Place, ...]:
    if user.is_reseller_staff:
        more = [place for place, is_theirs in ((MARGINS, user.sees_margins), (MANAGE, user.is_manager)) if is_theirs]
        return (*DESK, APPROVALS, *more)
    if user.is_portal_admin:
        return DESK
    return RECEIVED if user.customer_id else PRICES


def _links(request: HttpRequest, places: tuple[Place, ...]) -> list[Link]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    above = _place_above(here, places)
    return [Link(place.words, reverse(place.address), _current(place, here, above)) for place in places]


def _current(place: Place, here: str, above: Place | None) -> str:
    if place.address == here:
        return "page"
    return "true" if place is above else ""


def _place_above(here: str, places: tuple[Place, ...]) -> Place | None:
    """The entry beneath which the page lies: that which names it before that which holds its namespace. An entry's own
    page lies beneath none.
    """
    if any(place.address == here for place in places):
        return None
    area = f"{here.partition(':')[0]}:*"
    named = next((place for place in places if here in place.pages), None)
    return named or next((place for place in places if area in place.pages), None)
