"""What a user may see, and what expires when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet

from .models import Customer, Holding, LicenseID, Programme, User
from .models.text import search_key

MOST_SEARCHED = 200
"""Characters of a search that count, 100 words at most."""


def visible_customers(user: User | AnonymousUser) -> QuerySet[Customer]:
    """The customers that the user may see."""
    return Customer.objects.filter(_visible_to(user))


def visible_license_ids(user: User | AnonymousUser) -> QuerySet[LicenseID]:
    """The license IDs of the customers that the user may see."""
    return LicenseID.objects.filter(_visible_to(user, "customer__"))


def visible_holdings(user: User | AnonymousUser) -> QuerySet[Holding]:
    """What the license IDs that the user may see hold."""
    return Holding.objects.filter(_visible_to(user, "licenseid__customer__"))


def _visible_to(user: User | AnonymousUser, customer: str = "") -> Q:
    """Which customers a user may see: the one place where this is decided. `customer`: the way there from the rows.

    A reseller's staff and managers: their own reseller's. A customer contact: their own company. A portal admin: all.
    A price admin: none.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Q(pk__in=())
    if user.is_portal_admin:
        return Q()
    if user.is_reseller_staff:
        return Q(**{f"{customer}reseller": user.reseller_id})
    return Q(**{f"{customer}pk": user.customer_id}) if user.customer_id else Q(pk__in=())


def search_words(text: str) -> list[str]:
    """The search keys of the words in a text; every one of them must be found.

    Of a text that is longer than any name, the beginning counts: a database bears only so many conditions.
    """
    return [key for word in text[:MOST_SEARCHED].split() if (key := search_key(word))]


def license_ids_by_expiry(user: User | AnonymousUser, *, on: date, text: str = "") -> QuerySet[Any]:
    """The user's license IDs: those that expire next first, then those that have expired, then those without holdings.

    Each has `next_expires_on` (from the day on: the day itself still counts) and `last_expired_on` (before it).
    """
    license_ids = visible_license_ids(user)
    for word in search_words(text):
        license_ids = license_ids.filter(Q(search_key__contains=word) | Q(customer__search_key__contains=word))
    expires = "holdings__support_expires_on"
    return license_ids.annotate(
        next_expires_on=Min(expires, filter=Q(holdings__support_expires_on__gte=on)),
        last_expired_on=Max(expires, filter=Q(holdings__support_expires_on__lt=on)),
    ).order_by(F("next_expires_on").asc(nulls_last=True), F("last_expired_on").desc(nulls_last=True), "code")


def expiring_license_ids(
    user: User | AnonymousUser, *, on: date, days: int | None = None, text: str = ""
) -> QuerySet[LicenseID]:
    """The license IDs with support that expires on the day or later, within a number of days if one is given."""
    license_ids = license_ids_by_expiry(user, on=on, text=text).filter(next_expires_on__isnull=False)
    return license_ids if days is None else license_ids.filter(next_expires_on__lte=on + timedelta(days=days))


def expired_license_ids(
    user: User | AnonymousUser, *, on: date, days: int | None = None, text: str = ""
) -> QuerySet[LicenseID]:
    """The license IDs with support that expired before the day, the latest first; also where other support goes on."""
    license_ids = license_ids_by_expiry(user, on=on, text=text).filter(last_expired_on__isnull=False)
    if days is not None:
        license_ids = license_ids.filter(last_expired_on__gte=on - timedelta(days=days))
    return license_ids.order_by("-last_expired_on", "code")


def customers_by_name(user: User | AnonymousUser, *, on: date, text: str = "") -> QuerySet[Customer]:
    """The user's customers by name, each with `license_id_count` and `next_expires_on`.

    A word is found in the customer's name and kana, or in one of its license IDs.
    """
    customers = visible_customers(user)
    for word in search_words(text):
        named = LicenseID.objects.filter(customer=OuterRef("pk"), search_key__contains=word)
        customers = customers.filter(Q(search_key__contains=word) | Exists(named))
    return customers.annotate(
        license_id_count=Count("license_ids", distinct=True),
        next_expires_on=Min(
            "license_ids__holdings__support_expires_on", filter=Q(license_ids__holdings__support_expires_on__gte=on)
        ),
    ).order_by("kana", "name", "pk")


def with_holdings(license_ids: QuerySet[LicenseID]) -> QuerySet[LicenseID]:
    """The license IDs with all that a list shows of them, in a fixed number of queries."""
    holdings = Holding.objects.select_related("product__programme")
    return license_ids.select_related("customer__reseller").prefetch_related(Prefetch("holdings", holdings))


@dataclass(frozen=True)
class ExpiryRow:
    """One license ID in a list: the expiry that it stands there for, and what else it holds."""

    licenseid: LicenseID
    expires_on: date | None
    days_left: int | None
    """Days from the list's day until the expiry: 0 on the day itself, negative after it, None without holdings."""
    expiring: list[Holding]
    others: list[Holding]
    programmes: list[Programme]

    @property
    def days_past(self) -> int:
        return -self.days_left if self.days_left is not None and self.days_left < 0 else 0


def expiry_rows(license_ids: Iterable[LicenseID], *, on: date, is_past: bool = False) -> list[ExpiryRow]:
    """The rows of a list of `license_ids_by_expiry`, fetched `with_holdings`; `is_past`: for what has expired."""
    rows = []
    for licenseid in license_ids:
        holdings = sorted(licenseid.holdings.all(), key=lambda holding: -holding.quantity)
        past = [holding.support_expires_on for holding in holdings if holding.support_expires_on < on]
        coming = [holding.support_expires_on for holding in holdings if holding.support_expires_on >= on]
        expires_on = max(past) if past and (is_past or not coming) else min(coming, default=None)
        rows.append(
            ExpiryRow(
                licenseid=licenseid,
                expires_on=expires_on,
                days_left=None if expires_on is None else (expires_on - on).days,
                expiring=[holding for holding in holdings if holding.support_expires_on == expires_on],
                others=sorted(
                    (holding for holding in holdings if holding.support_expires_on != expires_on),
                    key=lambda holding: holding.support_expires_on,
                ),
                programmes=sorted(
                    {holding.product.programme for holding in holdings}, key=lambda programme: programme.code
                ),
            )
        )
    return rows
