"""Whose renewals a price list to come makes dearer or refuses, by its impact, and who was told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from foundation.fields import TypedAmount
from foundation.jobs.models import Batch
from foundation.mail.models import OutgoingMail
from licensing.models import Customer, User
from licensing.queries import visible_customers
from pricing.models import PriceList
from quotes.models import Quote, QuotePart, State
from quotes.record.queries import visible_quotes

from ..impact.compare import percent_of
from ..impact.run import is_current
from ..models import DeskRow, ImpactRow, ImpactRun, PriceLetter, Stage

TASK = "renewals.price_changes.tasks.tell_customers"
MINE, NOBODY = "mine", "nobody"
WORTH = frozenset(
    {Stage.OPEN, Stage.ASKED, Stage.ANSWERED, Stage.CHOSEN, Stage.DRAFTED, Stage.QUOTED, Stage.SENT, Stage.SEEN}
)
"""In which a price still matters: nothing is ordered, wished to be, lost or refused."""
DEARER = Q(difference__gt=0)
REFUSED = Q(outcome=ImpactRow.Outcome.NEWLY_REFUSED)
LOST = Q(queued_at=None) & ~Q(batch__state__in=[Batch.State.WAITING, Batch.State.RUNNING])
LOST |= Q(mail__state=OutgoingMail.State.CANCELLED)
LOST |= Q(mail__state=OutgoingMail.State.FAILED) & ~Q(mail__error=OutgoingMail.Error.UNCLEAR)
"""Letters that certainly reached nobody: such a customer may be written to again."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which of the customers are shown."""

    owner: str = ""
    """`mine`, `nobody`, the row number of somebody; empty: whosever."""
    at_least: int | None = None
    """Yen, tax excluded, by which it gets dearer; whoever cannot renew any more is shown all the same."""
    is_told: bool | None = None
    typed_least: TypedAmount = field(default=TypedAmount(), compare=False)
    """`at_least` as it was typed, perhaps no amount."""


@dataclass(frozen=True, slots=True)
class Rise:
    """What gets dearer for a customer, and what they cannot renew any more. Yen, tax excluded, for one year as held."""

    customer: Customer
    codes: list[tuple[str, date]]
    """License IDs that get dearer, with their expiries."""
    refused: list[tuple[str, date, list[Mapping[str, Any]]]]
    """License IDs that the list refuses, with their expiries and why."""
    old: int
    new: int
    """Of those that get dearer."""
    quotes: list[Quote]
    """Open ones of these license IDs."""
    letter: PriceLetter | None
    """By which they were told, or which reached nobody."""
    is_told: bool

    @property
    def difference(self) -> int:
        return self.new - self.old

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.difference, self.old)


def reasons_of(row: ImpactRow) -> list[Mapping[str, Any]]:
    """Why the new list refuses what the old one does not."""
    return [one for one in row.problems if one["is_refusal"] and "old" not in one["lists"]]


def current_run(price_list: PriceList) -> ImpactRun | None:
    """The last finished impact of a published list, if it still says what the list changes."""
    runs = ImpactRun.objects.filter(price_list=price_list, batch__state=Batch.State.DONE)
    run = runs.order_by("-pk").first()
    return run if run and is_current(run, price_list) else None


def rising_rows(run: ImpactRun, user: User) -> QuerySet[ImpactRow]:
    """Renewals of the user's customers that get dearer or are refused, and are still to be had."""
    still = DeskRow.objects.filter(licenseid=OuterRef("licenseid"), expires_on=OuterRef("day"), stage__in=WORTH)
    rows = run.rows.filter(DEARER | REFUSED, Exists(still), kind=ImpactRow.Kind.RENEWAL)
    if user.is_reseller_staff:
        return rows.filter(licenseid__customer__reseller=user.reseller_id)
    return rows.filter(licenseid__customer__in=visible_customers(user))


def rising_customers(run: ImpactRun, user: User, wanted: Filter) -> QuerySet[Any, Any]:
    """By customer what gets dearer: `customer`, `old`, `new`, `rise`, `refused` (how many are); those who cannot renew
    any more first, then the most.
    """
    rows = rising_rows(run, user).annotate(customer=F("licenseid__customer"))
    if wanted.owner == NOBODY:
        rows = rows.filter(licenseid__customer__owner=None)
    elif wanted.owner:
        owner = user.pk if wanted.owner == MINE else int(wanted.owner)
        rows = rows.filter(licenseid__customer__owner=owner)
    if wanted.is_told is not None:
        told = Exists(told_letters(run.price_list_id).filter(present=OuterRef("licenseid__customer")))
        rows = rows.filter(told if wanted.is_told else ~told)
    found = (
        rows.order_by()
        .values("customer")
        .annotate(
            old=Coalesce(Sum("old_amount", filter=DEARER), 0),
            new=Coalesce(Sum("new_amount", filter=DEARER), 0),
            rise=Coalesce(Sum("difference", filter=DEARER), 0),
            refused=Count("pk", filter=REFUSED),
            first=Min("day"),
        )
    )
    if wanted.at_least is not None:
        found = found.filter(Q(rise__gte=wanted.at_least) | Q(refused__gt=0))
    place = Case(When(refused__gt=0, then=0), default=1)
    return found.order_by(place, "-rise", "first", "customer")


def letters_of(price_list: int | None) -> QuerySet[Any]:
    """All letters about a list; `present`: whose they are, after customers were merged."""
    rows = PriceLetter.objects.filter(price_list=price_list)
    return rows.annotate(present=Coalesce("customer__merged_into", "customer"))


def told_letters(price_list: int | None) -> QuerySet[Any]:
    """Those on their way or arrived: their customers get no other."""
    return letters_of(price_list).exclude(pk__in=PriceLetter.objects.filter(LOST, price_list=price_list).values("pk"))


def rises_of(found: Iterable[Mapping[str, Any]], run: ImpactRun, user: User, *, on: date) -> list[Rise]:
    """Rows of `rising_customers` with all that a page shows. A fixed number of queries."""
    sums = {one["customer"]: one for one in found}
    customers = Customer.objects.select_related("owner", "reseller").in_bulk(sums)
    codes: dict[int, list[tuple[str, date]]] = defaultdict(list)
    refused: dict[int, list[tuple[str, date, list[Mapping[str, Any]]]]] = defaultdict(list)
    owners: dict[int, int] = {}
    rows = rising_rows(run, user).filter(licenseid__customer__in=sums).order_by("day", "licenseid__code")
    for row in rows.select_related("licenseid").defer("lines"):
        if (licenseid := row.licenseid) is None:
            continue  # it was deleted since; the database finds none without one either
        owners[licenseid.pk] = licenseid.customer_id
        if row.outcome == ImpactRow.Outcome.NEWLY_REFUSED:
            refused[licenseid.customer_id].append((licenseid.code, row.day, reasons_of(row)))
        else:
            codes[licenseid.customer_id].append((licenseid.code, row.day))
    quotes = _open_quotes(owners, user, on=on)
    letters = {
        one.present: one
        for one in letters_of(run.price_list_id)
        .filter(present__in=sums)
        .select_related("by", "mail", "batch")
        .order_by("at")
    }
    told = set(told_letters(run.price_list_id).filter(present__in=sums).values_list("present", flat=True))
    return [
        Rise(
            customers[pk],
            codes[pk],
            refused[pk],
            one["old"],
            one["new"],
            list(quotes.get(pk, {}).values()),
            letters.get(pk),
            pk in told,
        )
        for pk, one in sums.items()
        if pk in customers
    ]


def _open_quotes(owners: Mapping[int, int], user: User, *, on: date) -> dict[int, dict[int, Quote]]:
    """By customer, of license IDs by their customers: the quotes that can be ordered on the day."""
    parts = QuotePart.objects.filter(
        licenseid__in=owners, quote__status__state=State.ISSUED, quote__valid_until__gte=on
    )
    pairs = list(parts.order_by("quote").values_list("licenseid", "quote"))
    quotes = visible_quotes(user).in_bulk([quote for _number, quote in pairs])
    found: dict[int, dict[int, Quote]] = defaultdict(dict)
    for number, quote in pairs:
        if quote in quotes:
            found[owners[number]][quote] = quotes[quote]
    return found


def last_work(user: User, price_list: PriceList) -> Batch | None:
    """The last time that customers of the user's reseller were told of the list."""
    rows = Batch.objects.filter(task_path=TASK, created_by__reseller=user.reseller_id)
    rows = rows.filter(parameters__price_list=price_list.pk)
    return rows.order_by("-pk").first() if user.is_reseller_staff else None


def customers_of(numbers: Collection[int], user: User) -> dict[int, Customer]:
    """Those of these that are the user's, with their reseller."""
    return visible_customers(user).filter(pk__in=numbers).select_related("reseller").in_bulk()
