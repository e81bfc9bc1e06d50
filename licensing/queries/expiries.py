"""License IDs and customers in lists, and what expires when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from foundation.text.search import search_words

from ..models import Customer, Holding, LicenseID, Programme, User
from .search import customers_with, license_ids_named, license_ids_with
from .seen import visible_customers, visible_license_ids


def license_ids_by_expiry(user: User | AnonymousUser, *, on: date, text: str = "") -> QuerySet[Any]:
    """The user's license IDs: those that expire next first, then those that have expired, then those without holdings.

    A word is found in the license ID, a product that it holds, the customer or its contacts, with their addresses.
    Each has `next_expires_on` (from the day on: the day itself still counts) and `last_expired_on` (before it).
    """
    license_ids = visible_license_ids(user)
    for word in search_words(text):
        license_ids = license_ids.filter(license_ids_with(word, user))
    expires = "holdings__support_expires_on"
    return license_ids.annotate(
        next_expires_on=Min(expires, filter=Q(holdings__support_expires_on__gte=on)),
        last_expired_on=Max(expires, filter=Q(holdings__support_expires_on__lt=on)),
    ).order_by(F("next_expires_on").asc(nulls_last=True), F("last_expired_on").desc(nulls_last=True), "code")


def customers_by_name(user: User | AnonymousUser, *, on: date, text: str = "") -> QuerySet[Customer]:
    """The user's customers by name, each with `license_id_count`, `next_expires_on` and `last_expired_on` (lapsed).

    A word is found in the customer's name, kana and contacts, with their addresses, or in one of its license IDs.
    """
    customers = visible_customers(user)
    if words := search_words(text):
        customers = customers.filter(customers_with(words, or_license_ids=True))
    return with_expiries(customers, on=on).order_by("kana", "name", "pk")


def with_expiries(customers: QuerySet[Customer], *, on: date) -> QuerySet[Customer]:
    """Customers with what a list shows of them. Each is asked for by itself: a page asks for the few that it shows."""
    license_ids = LicenseID.objects.order_by().filter(customer=OuterRef("pk")).values("customer")
    held = Holding.objects.order_by().filter(licenseid__customer=OuterRef("pk")).values("licenseid__customer")
    coming, past = held.filter(support_expires_on__gte=on), held.filter(support_expires_on__lt=on)
    return customers.annotate(
        license_id_count=Coalesce(Subquery(license_ids.annotate(count=Count("pk")).values("count")), 0),
        next_expires_on=Subquery(coming.annotate(day=Min("support_expires_on")).values("day")),
        last_expired_on=Subquery(past.annotate(day=Max("support_expires_on")).values("day")),
    )


def customers_without_license_ids(user: User | AnonymousUser, *, text: str) -> QuerySet[Customer]:
    """The user's customers that are found, but in no list of license IDs; none where nothing is searched for."""
    words = search_words(text)
    if not words:
        return Customer.objects.none()
    customers = visible_customers(user).filter(customers_with(words), license_ids=None)
    return customers.order_by("kana", "name", "pk")


def license_ids_without_holdings(user: User | AnonymousUser, *, text: str) -> QuerySet[LicenseID]:
    """The user's license IDs that hold nothing, found by their code or their customer's name; none without a search."""
    words = search_words(text)
    if not words:
        return LicenseID.objects.none()
    return visible_license_ids(user).filter(license_ids_named(words), holdings=None).order_by("code")


def with_holdings(license_ids: QuerySet[LicenseID]) -> QuerySet[LicenseID]:
    """The license IDs with all that a list shows of them, in a fixed number of queries."""
    holdings = Holding.objects.select_related("product__programme")
    return license_ids.select_related("customer__reseller").prefetch_related(Prefetch("holdings", holdings))


MOST_EXPIRING, MOST_OTHERS = 4, 2
"""Holdings that a list shows of a license ID: of those that expire first, and of the others."""


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
    def listed(self) -> list[Holding]:
        """The holdings that a list shows."""
        return [*self.expiring[:MOST_EXPIRING], *self.others[:MOST_OTHERS]]

    @property
    def days_past(self) -> int:
        return -self.days_left if self.days_left is not None and self.days_left < 0 else 0


def expiry_rows(license_ids: Iterable[LicenseID], *, on: date) -> list[ExpiryRow]:
    """The rows of a list of `license_ids_by_expiry`, fetched `with_holdings`."""
    rows = []
    for licenseid in license_ids:
        holdings = sorted(licenseid.holdings.all(), key=lambda holding: -holding.quantity)
        past = [holding.support_expires_on for holding in holdings if holding.support_expires_on < on]
        coming = [holding.support_expires_on for holding in holdings if holding.support_expires_on >= on]
        expires_on = min(coming) if coming else max(past, default=None)
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
