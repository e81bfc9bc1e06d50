"""What is known of license IDs for the desk: as many queries for one as for hundreds. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, Max, Sum
from django.utils import timezone

from foundation.among import among
from licensing.models import Contact, Customer, Holding, LicenseID, Product, User
from licensing.queries import present_codes
from quotes.customers.queries import GIVEN
from quotes.models import QuotedHolding, QuoteEvent, QuoteLine, QuoteStatus, State

from ..asked import from_json
from ..confirmations.queries import ELSEWHERE, QUOTED
from ..models import CarryingOut, ConfirmationPart, DeskEntry, QuoteDraft
from .choices import Choice, choices_of
from .stages import KEPT_DAYS, Facts, QuoteFact

Kind = QuoteEvent.Kind
UNMOVED = (Kind.CLOCK_CONFIRMED, Kind.FETCHED)
"""What happens to quotes and is no movement."""
_DAY = timedelta(days=1)


class Owning(NamedTuple):
    """What of a customer is shown or searched for. Of millions of rows no models are made: they take longer than
    all the rest.
    """

    pk: int
    reseller_id: int
    owner_id: int | None
    name: str
    kana: str
    search_key: str
    contact_key: str


@dataclass(frozen=True, slots=True)
class Licensed:
    """A license ID."""

    pk: int
    code: str
    search_key: str
    customer: Owning


@dataclass(frozen=True, slots=True)
class Held:
    """A holding."""

    pk: int
    product: Product
    quantity: int
    support_expires_on: date


@dataclass(slots=True)
class Renewal:
    """One license ID and expiry with all that its row is made of."""

    licenseid: Licensed
    expires_on: date
    facts: Facts
    held: list[Held]
    """What expires then; of what was carried out, nothing."""
    others: list[Held]
    """All else that the license ID holds: it counts for ranks."""
    before: list[tuple[int, int]] = field(default_factory=list)
    """Of what was carried out: product and quantity, as it was."""
    programmes_before: set[int] = field(default_factory=set)
    """Its programmes."""
    carried_subtotal: int | None = None
    """Yen, tax excluded, of the quote that was carried out."""
    moved_at: datetime | None = None
    movement: str = ""
    draft_key: str = ""
    entry: DeskEntry | None = None
    search_key: str = ""


@dataclass(slots=True)
class _Quote:
    fact: QuoteFact
    subtotal: int
    moved_at: datetime
    movement: str
    decided_at: datetime
    """When it was issued, ordered or lost, whichever came last."""
    before: list[tuple[int, int]] = field(default_factory=list)
    programmes_before: set[int] = field(default_factory=set)


def renewals_of(numbers: Collection[int], *, on: date) -> list[Renewal]:
    """All that the desk shows of these license IDs on a day; nothing of those that are gone."""
    licenseids = _license_ids(numbers)
    held = _held(licenseids)
    quotes = _quotes(licenseids)
    drafts, words = _drafts(licenseids), _Words(licenseids.values(), held)
    own_entries = DeskEntry.objects.filter(licenseid__in=among(licenseids))
    entries = {(one.licenseid_id, one.expires_on): one for one in own_entries}
    asked, choices = _asked(licenseids), choices_of(licenseids)
    kept: dict[int, set[date]] = defaultdict(set)
    for (number, day), ones in quotes.items():
        if _is_kept(ones, on):
            kept[number].add(day)
    found = []
    for pk, licenseid in licenseids.items():
        days = {row.support_expires_on for row in held[pk]}
        for day in sorted(days | kept[pk]):
            key = pk, day
            saved = drafts.get(key)
            entry = entries.get(key)
            asked_now = asked.get(pk) if day == _asked_for(asked.get(pk), days) else None
            choice = _standing(choices.get(key), quotes.get(key, ()))
            facts = Facts(
                on=on,
                expires_on=day,
                is_held=day in days,
                quotes=tuple(one.fact for one in quotes.get(key, ())),
                drafted_on=day_of(saved[0]) if saved else None,
                asked_on=day_of(asked_now.asked_at) if asked_now else None,
                asked_until=asked_now.until if asked_now else None,
                answered_on=day_of(asked_now.answered_at) if asked_now and asked_now.answered_at else None,
                chosen_on=day_of(choice.at) if choice else None,
                chosen_until=choice.until if choice else None,
                declined_on=day_of(entry.declined_at) if entry and entry.declined_at else None,
                follow_up_on=entry.follow_up_on if entry else None,
            )
            one = Renewal(
                licenseid,
                day,
                facts,
                [row for row in held[pk] if row.support_expires_on == day],
                [row for row in held[pk] if row.support_expires_on != day],
                draft_key=saved[1] if saved else "",
                entry=entry,
                search_key=words.of(licenseid),
            )
            _add_movement(one, quotes.get(key, ()), saved, asked_now, choice)
            found.append(one)
    return found


def _license_ids(numbers: Collection[int]) -> dict[int, Licensed]:
    """With their customers: each customer once, whatever it holds."""
    rows = list(LicenseID.objects.filter(pk__in=among(numbers)).values_list("pk", "code", "search_key", "customer"))
    own = Customer.objects.filter(pk__in=among(customer for *_others, customer in rows)).values_list(*Owning._fields)
    customers = {values[0]: Owning._make(values) for values in own}
    return {pk: Licensed(pk, code, key, customers[customer]) for pk, code, key, customer in rows}


def _held(licenseids: Collection[int]) -> dict[int, list[Held]]:
    """What each of them holds; each product, with its programme, once."""
    found = Holding.objects.filter(licenseid__in=among(licenseids))
    rows = list(found.values_list("licenseid", "pk", "product", "quantity", "support_expires_on"))
    own = {product for _licenseid, _pk, product, *_others in rows}
    products = {one.pk: one for one in Product.objects.filter(pk__in=among(own)).select_related("programme")}
    held: dict[int, list[Held]] = defaultdict(list)
    for licenseid, pk, product, quantity, expires_on in rows:
        held[licenseid].append(Held(pk, products[product], quantity, expires_on))
    return held


def _is_kept(quotes: Iterable[_Quote], on: date) -> bool:
    since = on - KEPT_DAYS * _DAY
    return any(
        one.fact.carried_out_on and one.fact.carried_out_on >= since for one in quotes if one.fact.is_carried_out
    )


def _standing(choice: Choice | None, quotes: Iterable[_Quote]) -> Choice | None:
    """A choice that nothing came after: no quote was issued, ordered or lost since."""
    return choice if choice and all(one.decided_at <= choice.at for one in quotes) else None


def _add_movement(
    one: Renewal,
    quotes: Iterable[_Quote],
    saved: tuple[datetime, str] | None,
    asked: "_Asked | None",
    choice: Choice | None,
) -> None:
    moves = [(quote.moved_at, quote.movement) for quote in quotes]
    if saved:
        moves.append((saved[0], "draft"))
    if one.entry and one.entry.declined_at:
        moves.append((one.entry.declined_at, "declined"))
    if asked:
        moves.append((asked.answered_at, "answered") if asked.answered_at else (asked.asked_at, "asked"))
    if choice:
        moves.append((choice.at, str(Kind.CHOSEN)))
    if moves:
        one.moved_at, one.movement = max(moves)
    for quote in quotes:
        if quote.fact.is_carried_out and not one.held:
            one.before, one.carried_subtotal = quote.before, quote.subtotal
            one.programmes_before = quote.programmes_before


def _quotes(licenseids: Mapping[int, Licensed]) -> dict[tuple[int, date], list[_Quote]]:
    """By license ID and the expiry that is renewed: quotes of the reseller that count, in the order of issue."""
    rows = QuotedHolding.objects.filter(part__licenseid__in=among(licenseids)).exclude(
        quote__status__state__in=(State.SUPERSEDED, State.WITHDRAWN)
    )
    columns = ("part__licenseid", "term_from", "part", "part__subtotal", "quote", "quote__key", "quote__number",
               "quote__reseller", "quote__issued_on", "quote__issued_at", "quote__valid_until")  # fmt: skip
    found = [
        row
        for row in rows.order_by("quote", "term_from").values(*columns).distinct()
        if row["quote__reseller"] == licenseids[row["part__licenseid"]].customer.reseller_id
    ]
    numbers = {row["quote"] for row in found}
    if not found:
        return {}
    status = {one.pk: one for one in QuoteStatus.objects.filter(pk__in=among(numbers))}
    carried = CarryingOut.objects.filter(part__in=among(row["part"] for row in found), undone_at=None)
    done = {one.part_id: one for one in carried}
    before, amounts = _Before(done.values()), _amounts(found)
    events: dict[int, dict[str, datetime]] = defaultdict(dict)
    for quote, kind, at in _events(numbers):
        events[quote][kind] = at
    quotes: dict[tuple[int, date], list[_Quote]] = defaultdict(list)
    for row in found:
        day = row["term_from"] - _DAY
        one = _quote_of(row, status[row["quote"]], done.get(row["part"]), events[row["quote"]])
        one.subtotal = amounts[row["part"], day]
        one.before, one.programmes_before = before.of(row["part"], day)
        quotes[row["part__licenseid"], day].append(one)
    return quotes


def _amounts(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[int, date], int]:
    """By license ID of a quote and expiry: its part of the subtotal. What is added belongs to the first. One query."""
    days: dict[int, list[date]] = defaultdict(list)
    for row in rows:
        days[row["part"]].append(row["term_from"] - _DAY)
    found = {(part, day): 0 for part, own in days.items() for day in own}
    lines = QuoteLine.objects.filter(part__in=among(days)).order_by().values_list("part", "support_expires_on")
    for part, day, amount in lines.annotate(sum=Sum("amount")):
        key = (part, day) if (part, day) in found else (part, min(days[part]))
        found[key] += amount
    return found


def _events(numbers: Collection[int]) -> Iterable[tuple[int, str, datetime]]:
    rows = QuoteEvent.objects.filter(quote__in=among(numbers)).order_by().values("quote", "kind")
    return rows.annotate(last=Max("at")).values_list("quote", "kind", "last")


def day_of(moment: datetime) -> date:
    """In Japan."""
    return moment.astimezone(timezone.get_default_timezone()).date()


def _quote_of(
    row: Mapping[str, Any], status: QuoteStatus, done: CarryingOut | None, events: Mapping[str, datetime]
) -> _Quote:
    seen = [events[kind] for kind in (Kind.VIEWED, Kind.DOWNLOADED) if kind in events]
    sent = [events[kind] for kind in GIVEN if kind in events]
    failed = events.get(Kind.MAIL_FAILED)
    if failed and sent and failed >= max(sent):  # it has not arrived: it is still to be sent
        sent = []
    changed = max(filter(None, (status.changed_at, status.answered_at)))
    fact = QuoteFact(
        issued_on=row["quote__issued_on"],
        valid_until=row["quote__valid_until"],
        state=status.state,
        sent_on=day_of(max(sent)) if sent else None,
        seen_on=day_of(max(seen)) if seen else None,
        wishes_order=status.answer == QuoteStatus.Answer.ORDER,
        is_declined=status.answer == QuoteStatus.Answer.DECLINE,
        ordered_on=status.ordered_on,
        carried_out_on=day_of(done.at) if done else None,
        changed_on=day_of(changed),
        key=str(row["quote__key"]),
        number=row["quote__number"],
    )
    moves = {kind: at for kind, at in events.items() if kind not in UNMOVED} or {Kind.ISSUED: row["quote__issued_at"]}
    movement = max(moves, key=lambda kind: moves[kind])
    decided = [row["quote__issued_at"], *([status.changed_at] if status.state != State.ISSUED else [])]
    return _Quote(fact, row["part__subtotal"], moves[movement], str(movement), max(filter(None, decided)))


class _Before:
    """What was held before it was carried out, by product. Two queries, none where nothing was."""

    def __init__(self, done: Iterable[CarryingOut]) -> None:
        self._rows = {one.part_id: one.before for one in done}
        codes = {row["product"] for rows in self._rows.values() for row in rows}
        present = present_codes(codes) if codes else {}
        products = Product.objects.filter(code__in={*codes, *present.values()}).only("code", "programme")
        by_code = {product.code: product for product in products} if codes else {}
        self._products = {code: by_code.get(present.get(code, code)) for code in codes}

    def of(self, part: int, day: date) -> tuple[list[tuple[int, int]], set[int]]:
        """Products with quantities, and their programmes: row numbers."""
        rows = [row for row in self._rows.get(part, ()) if row["support_expires_on"] == day.isoformat()]
        found = [(product, row["quantity"]) for row in rows if (product := self._products[row["product"]])]
        return [(product.pk, quantity) for product, quantity in found], {one.programme_id for one, _quantity in found}


def _drafts(licenseids: Mapping[int, Licensed]) -> dict[tuple[int, date], tuple[datetime, str]]:
    """By license ID and expiry: when the last draft that renews or ends something of it was saved, and its key."""
    numbers = {one.code: pk for pk, one in licenseids.items()}
    customers = {one.customer.pk for one in licenseids.values()}
    rows = QuoteDraft.objects.filter(parts__licenseid__in=among(licenseids), customer__in=among(customers))
    found: dict[tuple[int, date], tuple[datetime, str]] = {}
    for saved_at, key, asked in rows.distinct().order_by("saved_at", "pk").values_list("saved_at", "key", "asked"):
        for part in from_json(asked).parts:
            for row in part.holdings:
                if part.license_id in numbers and not row.is_left_out:
                    found[numbers[part.license_id], row.support_expires_on] = saved_at, str(key)
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """The last confirmation of a license ID that is not closed by a quote."""

    asked_at: datetime
    until: date
    answered_at: datetime | None


def _asked(licenseids: Collection[int]) -> dict[int, _Asked]:
    parts = ConfirmationPart.objects.filter(licenseid__in=among(licenseids), confirmation__withdrawn_at=None)
    if not parts.order_by().exists():  # to plan what follows takes longer than to look
        return {}
    parts = parts.exclude(Exists(QUOTED)).exclude(ELSEWHERE).annotate(answered_at=Max("confirmation__answers__at"))
    rows = parts.order_by("confirmation__asked_at", "pk").values_list(
        "licenseid", "confirmation__asked_at", "confirmation__open_until", "answered_at"
    )
    return {number: _Asked(*values) for number, *values in rows}


def _asked_for(asked: _Asked | None, days: Collection[date]) -> date | None:
    """Which expiry was asked about: the first after the day of asking; none where that is more than a year later."""
    if asked is None:
        return None
    since = day_of(asked.asked_at)
    first = min((day for day in days if day >= since), default=None)
    return first if first and first <= since + KEPT_DAYS * _DAY else None


class _Words:
    """What a search finds a row by: license ID, customer with former names and contacts, products."""

    def __init__(self, licenseids: Iterable[Licensed], held: Mapping[int, Iterable[Held]]) -> None:
        customers = {one.customer.pk: one.customer for one in licenseids}
        self._of_customer: dict[int, list[str]] = defaultdict(list)
        for one in customers.values():
            self._of_customer[one.pk] += [one.search_key, one.contact_key]
        own = among(customers)
        merged = Customer.objects.filter(merged_into__in=own).values_list("merged_into", "search_key")
        contacts = Contact.objects.filter(customer__in=own, is_gone=False).values_list("customer", "search_key")
        users = User.objects.filter(customer__in=own, is_active=True).values_list("customer", "search_key")
        for number, key in [*merged, *contacts, *users]:
            self._of_customer[number or 0].append(key)
        products = {row.product.pk for some in held.values() for row in some}
        self._of_product: dict[int, list[str]] = defaultdict(list)
        for product in Product.objects.filter(pk__in=among(products)).prefetch_related("former_codes"):
            self._of_product[product.pk] = [product.search_key, *(one.search_key for one in product.former_codes.all())]
        self._held = held

    def of(self, licenseid: Licensed) -> str:
        words = [licenseid.search_key, *self._of_customer[licenseid.customer.pk]]
        for product in dict.fromkeys(row.product.pk for row in self._held.get(licenseid.pk, ())):
            words += self._of_product[product]
        return " ".join(dict.fromkeys(word for word in words if word))
