"""Which quotes settle what becomes of a holding: open or ordered, and for which days (R22). Reads only."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.kept_query import Later
from licensing.models import LicenseID, User

from ..models import Quote, QuotedHolding, State
from .queries import visible_quotes


def is_open(on: date | Later) -> Q:
    """Rows whose quote is open on a day: issued, and its last day has not passed (R15)."""
    return Q(quote__status__state=State.ISSUED, quote__valid_until__gte=on)


IS_ORDERED = Q(quote__status__state=State.ORDERED)


def quoted_holdings(
    *, codes: Collection[str | Later], reseller: int | Later, on: date | Later
) -> QuerySet[QuotedHolding]:
    """What open and ordered quotes of a reseller settle for the license IDs of these codes."""
    rows = QuotedHolding.objects.filter(is_open(on) | IS_ORDERED, part__licenseid__code__in=codes)
    return rows.filter(quote__reseller=reseller).order_by()


def ordered_elsewhere(quote: Quote) -> Quote | None:
    """The first ordered quote of the same reseller that settles a day of a holding which this quote settles too."""
    return _overlapping(quote).filter(status__state=State.ORDERED).order_by("pk").first()


def open_siblings(quote: Quote, *, on: date) -> QuerySet[Quote]:
    """Other quotes of the same holdings that are open on the day, by their numbers."""
    same = QuotedHolding.objects.filter(quote=OuterRef("pk"), holding__in=quote.holdings.values("holding"))
    others = Quote.objects.filter(Exists(same), reseller=quote.reseller_id, valid_until__gte=on)
    others = others.filter(status__state=State.ISSUED).exclude(pk=quote.pk)
    return others.select_related("status", "customer").defer("document", "trace", "asked").order_by("number")


def _overlapping(quote: Quote) -> QuerySet[Quote]:
    """Other quotes of the same reseller with a day of a holding in common."""
    own = quote.holdings.filter(holding=OuterRef("holding")).filter(
        Q(term_until=None) | Q(term_until__gte=OuterRef("term_from"))
    )
    ends_first = own.filter(term_from__lte=OuterRef("term_until"))
    rows = QuotedHolding.objects.filter(quote=OuterRef("pk"), holding__in=quote.holdings.values("holding"))
    rows = rows.filter(Q(Exists(ends_first)) | Q(Exists(own), term_until=None))
    return (
        Quote.objects.filter(Exists(rows), reseller=quote.reseller_id)
        .exclude(pk=quote.pk)
        .defer("document", "trace", "asked")
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """An open or ordered quote, as lists show it beside what it is about."""

    key: str
    number: str
    is_ordered: bool


@dataclass(slots=True)
class SettledBeside:
    """Of the license IDs on a page: the quotes that are open or ordered, each once, by holding."""

    holdings: dict[int, list[Settled]] = field(default_factory=dict)


def settled_beside(user: User, licenseids: Iterable[LicenseID], *, on: date) -> SettledBeside:
    """What the user may see of it. The holdings of the license IDs are loaded; one query.

    An ordered quote counts while its period goes beyond the expiry of the holding: once it has been carried out, not.
    """
    rows_of: Mapping[int, LicenseID] = {one.pk: one for one in licenseids}
    found = SettledBeside()
    if not rows_of:
        return found
    expiries = {row.pk: row.support_expires_on for one in rows_of.values() for row in one.holdings.all()}
    rows = QuotedHolding.objects.filter(is_open(on) | IS_ORDERED, part__licenseid__in=rows_of)
    rows = rows.filter(quote__in=visible_quotes(user).order_by().values("pk"))
    values = rows.order_by("quote__pk", "pk").values_list(
        "holding", "term_until", "quote__key", "quote__number", "quote__status__state"
    )
    for holding, until, key, number, state in values:
        if holding not in expiries or (state == State.ORDERED and until and until <= expiries[holding]):
            continue
        one = Settled(str(key), number, state == State.ORDERED)
        place = found.holdings.setdefault(holding, [])
        if one not in place:
            place.append(one)
    return found
