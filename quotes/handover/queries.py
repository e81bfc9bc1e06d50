"""Which orders are handed over, and with which fields."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from licensing.models import Reseller, User

from ..models import FieldOrder, Quote, State
from ..record.queries import PLACES, visible_quotes
from .fields import FIELDS

ENTRY_DEFAULT = (
    "order_number", "ordered_on", "customer_name", "customer_department", "customer_person", "customer_postal_code",
    "customer_address", "license_id", "product_code", "product_name", "kind", "held_quantity", "quantity", "years",
    "rank", "support_expires_on", "term_from", "term_until", "amount",
)  # fmt: skip
"""Who, for which license ID, what, how many, how long."""


def orders_between(user: User, first: date | None, last: date | None) -> QuerySet[Quote]:
    """Ordered quotes that the user may see, by the day of the order, both days included; the newest order first."""
    bounds = {f"status__ordered_on__{name}": day for name, day in (("gte", first), ("lte", last)) if day}
    quotes = visible_quotes(user).filter(status__state=State.ORDERED, **bounds).select_related("reseller", *PLACES)
    return quotes.order_by("-status__ordered_on", "-issued_at", "-pk")


def chosen_orders(user: User, keys: Sequence[UUID]) -> list[Quote]:
    """Those of the keys that are ordered and that the user may see, with their documents; the first order first."""
    quotes = orders_between(user, None, None).filter(key__in=keys).defer(None).defer("trace", "asked")
    return list(quotes.reverse())


def columns_of(reseller: Reseller | None, purpose: str) -> list[tuple[str, str]]:
    """Fields and heads as the reseller chose them; else all fields for the table, a sensible few for the sheet."""
    kept = FieldOrder.objects.filter(reseller=reseller, purpose=purpose).first() if reseller else None
    if kept is not None:
        return [(name, head) for name, head in kept.columns if name in FIELDS]
    names = ENTRY_DEFAULT if purpose == FieldOrder.Purpose.ENTRY else tuple(FIELDS)
    return [(name, str(FIELDS[name].words)) for name in names]
