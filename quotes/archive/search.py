"""The search of all records, and files of what it found."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from foundation.text.search import in_all, search_key, search_words
from licensing.models import User

from ..models import OrderFile, Quote, RecordExport
from ..record.queries import PARTS, PLACES, any_of, customers_named, in_key, in_states, visible_quotes
from .counts import counts_kept_for, standings

RECORD_ORDERS = {
    "day": ("issued_on", "issued_at"),
    "number": ("month", "sequence", "revision"),
    "customer": ("customer_name",),
    "license": ("license_codes",),
    "total": ("total",),
}
"""By what records are sorted: name in addresses, and columns."""


DAYS = ("first_day", "last_day", "first_order_day", "last_order_day")


@dataclass(frozen=True, slots=True)
class RecordSearch:
    """What issued revisions are searched by; all that is given must fit. Days and amounts (yen, with tax) included."""

    first_day: date | None = None
    last_day: date | None = None
    least: int | None = None
    most: int | None = None
    customer: str = ""
    number: str = ""
    license_id: str = ""
    first_order_day: date | None = None
    last_order_day: date | None = None
    """Of the order, and of the file that came with it."""
    order_number: str = ""
    """The customer's."""
    with_order_file: bool = False
    """Only those with which a file of the order is kept."""
    states: tuple[str, ...] = ()
    """Of SHOWN_STATES; none: all."""
    order: str = "-day"
    """One of RECORD_ORDERS, with a minus for the greatest first."""

    def as_json(self) -> dict[str, Any]:
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}

    def as_query(self) -> str:
        """The search as the end of an address, in the names of the form's fields."""
        named = {"states": "state"}
        given = {
            name: value for name, value in self.as_json().items() if value is not False and value not in (None, "", ())
        }
        given |= {name: "on" for name, value in given.items() if value is True}
        return urlencode({named.get(name, name): value for name, value in given.items()}, doseq=True)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "RecordSearch":
        days = {name: date.fromisoformat(values[name]) for name in DAYS if values.get(name)}
        return cls(**{**values, **days, "states": tuple(values["states"])})


def find_records(*, user: User, search: RecordSearch, on: date) -> QuerySet[Quote]:
    """The issued revisions, in all states, that the user may see and that fit. States are those of the day `on`.

    A customer is found by the name on the quote, and by its present name and kana: every word in any of them.
    """
    quotes = visible_quotes(user).select_related("reseller", *PLACES).prefetch_related(PARTS)
    bounds = {
        "issued_on__gte": search.first_day,
        "issued_on__lte": search.last_day,
        "total__gte": search.least,
        "total__lte": search.most,
    }
    quotes = quotes.filter(**{name: value for name, value in bounds.items() if value is not None})
    if words := search_words(search.customer):
        of_words = [any_of(visible_quotes(user), in_key(1, word), *customers_named(word)) for word in words]
        quotes = quotes.filter(in_all(of_words))
    if number := search_key(search.number):
        quotes = quotes.filter(in_key(0, number))
    if code := search_key(search.license_id):
        quotes = quotes.filter(in_key(2, code))
    if key := search_key(search.order_number):
        quotes = quotes.filter(status__order_key__contains=key)
    if search.first_order_day or search.last_order_day:
        quotes = quotes.filter(_ordered_between(search.first_order_day, search.last_order_day))
    if search.with_order_file:
        quotes = quotes.filter(Exists(OrderFile.objects.filter(quote=OuterRef("pk"))))
    if search.states:
        quotes = quotes.filter(in_states(search.states, on))
    is_reversed, name = search.order.startswith("-"), search.order.removeprefix("-")
    columns = [*RECORD_ORDERS.get(name, RECORD_ORDERS["day"]), "pk"]
    return quotes.order_by(*(f"-{column}" if is_reversed else column for column in columns))


def _ordered_between(first: date | None, last: date | None) -> Q:
    """Ordered on such a day by now, or by a file that was kept: an order that was taken back left its files."""
    bounds = {f"ordered_on__{name}": day for name, day in (("gte", first), ("lte", last)) if day}
    files = OrderFile.objects.filter(quote=OuterRef("pk"), **bounds)
    return Q(**{f"status__{name}": day for name, day in bounds.items()}) | Q(Exists(files))


def count_records(*, user: User, search: RecordSearch, on: date) -> tuple[int, int]:
    """What `sum_up_records` says of `find_records`; where only states are asked for, from kept counts."""
    kept = counts_kept_for(user) if replace(search, states=(), order="") == RecordSearch(order="") else None
    if kept is None:
        return sum_up_records(find_records(user=user, search=search, on=on))
    there = standings(kept, on=on)
    wanted = [there[state] for state in set(search.states or there)]
    return sum(one.quotes for one in wanted), sum(one.yen for one in wanted)


def sum_up_records(quotes: QuerySet[Quote]) -> tuple[int, int]:
    """How many there are, and the sum of their totals in yen, with tax."""
    sums = quotes.order_by().aggregate(count=Count("pk"), total=Sum("total"))
    return sums["count"], sums["total"] or 0


def visible_exports(user: User) -> QuerySet[RecordExport]:
    """Exports of the user's own reseller; a portal admin's own ones."""
    exports = RecordExport.objects.select_related("batch__created_by")
    if user.is_reseller_staff and user.is_active:
        return exports.filter(reseller=user.reseller_id)
    return exports.filter(reseller=None, batch__created_by=user) if user.is_portal_admin else exports.none()
