"""Quotes from alternatives: issued as they were compared where nothing has changed since, else opened in the form."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from foundation.transactions import one_transaction
from licensing.models import Holding, LicenseID, User
from licensing.operations.turns import ChangedHands, wait_for_turn
from licensing.queries import present_codes
from quotes.models import SUPERSEDE, Alternative, Comparison, Quote, QuotePart, State
from quotes.paper import DrawingFailed
from quotes.record.comparisons import comparison_has_left, lock_comparison
from quotes.record.refusals import AlreadyIssued, ClockBehind, CustomerMoved, FormKeyTaken, IssuedAlike, WrongState
from quotes.record.transitions import lock_status

from ..asked import Asked, AskedPart, fit, from_json, held_of, product_codes, to_json, with_codes
from ..calculation.calculate import Calculation, calculate
from ..drafts.operations import write_parts
from ..issue.operations import issue
from ..models import QuoteDraft
from ..refusals import (
    CannotBePrinted,
    ContactGone,
    DraftChanged,
    NeedsApproval,
    NotAcknowledged,
    PriceChanged,
    QuoteRefused,
)

MOST_LOOKED_AT = 20
"""Open quotes among which the one to revise is looked for."""
NOT_NOW = (
    QuoteRefused,
    NotAcknowledged,
    PriceChanged,
    CannotBePrinted,
    ContactGone,
    DraftChanged,
    IssuedAlike,
    WrongState,
    CustomerMoved,
    ClockBehind,
    ChangedHands,
    DrawingFailed,
)
"""Why it is not issued at once; the form says it in its own words."""


class NoLongerTheirs(Exception):
    """A license ID of the comparison has come to another customer or reseller since."""


class Withdrawn(Exception):
    """The comparison was withdrawn: no quote is made from it."""


class RevisionBegun(Exception):
    """A colleague revises that quote already; `draft` is theirs."""

    def __init__(self, draft: QuoteDraft) -> None:
        super().__init__(str(draft.key))
        self.draft = draft


@dataclass(frozen=True)
class Outcome:
    """What came of the one click: a quote, or a draft that is opened in the form, and what has changed since."""

    draft: QuoteDraft | None
    quote: Quote | None = None
    has_other_holdings: bool = False
    total: int | None = None
    """Yen with tax, as it is today; None where it is refused."""
    is_refused: bool = False
    warnings: int = 0
    """How many are to be read."""
    needs_approval: bool = False
    """By a colleague, above the reseller's thresholds (R20)."""


def issue_alternative(
    *, alternative: Alternative, key: uuid.UUID, revises: Quote | None = None, by: User, now: datetime
) -> Outcome:
    """Issue the quote of an alternative at today's prices, where they and what is held are those that were compared and
    nothing is to be read; else only its draft is made. `revises`: the quote whose next revision it becomes.

    The same key makes one draft and one quote. Raises Withdrawn, NoLongerTheirs, RevisionBegun, WrongState where that
    quote cannot be superseded, AlreadyIssued, FormKeyTaken.
    """
    draft, licenseids, asked = _open_draft(alternative, key, revises, by, now)
    calculation = _price(asked, licenseids, key, now)
    pricing = calculation.pricing
    has_other_holdings = to_json(asked) != alternative.asked
    outcome = Outcome(
        draft=draft,
        has_other_holdings=has_other_holdings,
        total=None if pricing.is_refused else pricing.total,
        is_refused=pricing.is_refused,
        warnings=len(pricing.warnings),
    )
    if has_other_holdings or pricing.is_refused or pricing.warnings or pricing.total != alternative.total:
        return outcome
    try:
        quote = issue(
            key=key,
            licenseids=licenseids,
            asked=asked,
            acknowledged=(),
            seen_total=alternative.total,
            issued_by=by,
            now=now,
            seen_version=draft.version,
            again=False,
        )
    except NeedsApproval:
        return replace(outcome, needs_approval=True)
    except NOT_NOW:
        return outcome
    return replace(outcome, quote=quote, draft=None)


@one_transaction
def _open_draft(
    alternative: Alternative, key: uuid.UUID, revises: Quote | None, by: User, now: datetime
) -> tuple[QuoteDraft, list[LicenseID], Asked]:
    """The draft of an alternative, for the license IDs and holdings of today."""
    comparison = alternative.comparison
    rows = [one.licenseid for one in comparison.license_ids.select_related("licenseid").order_by("position")]
    wait_for_turn(rows)
    licenseids = _load(rows)
    if issued := Quote.objects.defer("document", "trace", "asked").filter(key=key).first():
        is_of_it = issued.customer.present_id == comparison.customer.present_id
        raise AlreadyIssued(issued) if is_of_it else FormKeyTaken(key)
    if len({one.customer_id for one in licenseids}) > 1 or comparison_has_left(comparison):
        raise NoLongerTheirs
    if licenseids[0].customer_id != comparison.customer.present_id:
        raise NoLongerTheirs
    asked = from_json(alternative.asked)
    asked = with_codes(asked, present_codes(product_codes(asked)))
    fitted = tuple(
        replace(fit(part, held=held_of(one.holdings.all())), license_id=one.code)
        for part, one in zip(asked.parts, licenseids, strict=True)
    )
    asked = replace(asked, parts=_in_order(fitted, asked.parts))
    drafts = QuoteDraft.objects.filter(key=key)
    if found := drafts.first():
        if found.alternative_id != alternative.pk:
            raise FormKeyTaken(key)
        return found, licenseids, asked
    if revises and (begun := QuoteDraft.objects.filter(basis=revises, is_revision=True).first()):
        raise RevisionBegun(begun)
    draft = QuoteDraft.objects.create(
        key=key,
        customer=licenseids[0].customer,
        created_by=by,
        saved_by=by,
        saved_at=now,
        asked=to_json(asked),
        subject=asked.subject,
        basis=revises,
        is_revision=revises is not None,
        alternative=alternative,
    )
    write_parts(draft, licenseids)
    if revises:
        lock_status(quote=revises, transition=SUPERSEDE)
    if lock_comparison(comparison).withdrawn_at:
        raise Withdrawn
    return draft, licenseids, asked


def _in_order(fitted: Sequence[AskedPart], before: Sequence[AskedPart]) -> tuple[AskedPart, ...]:
    """Holdings in the order in which they were compared, new ones at the end."""
    ordered = []
    for now, then in zip(fitted, before, strict=True):
        places = {row.holding: place for place, row in enumerate(then.holdings)}
        rows = sorted(now.holdings, key=lambda row: places.get(row.holding, len(places)))
        ordered.append(replace(now, holdings=tuple(rows)))
    return tuple(ordered)


def _load(rows: Sequence[LicenseID]) -> list[LicenseID]:
    held = Prefetch("holdings", Holding.objects.select_related("product__programme"))
    found = LicenseID.objects.select_related("customer__reseller").prefetch_related(held)
    by_number = found.in_bulk([one.pk for one in rows])
    return [by_number[one.pk] for one in rows]


def _price(asked: Asked, licenseids: Sequence[LicenseID], key: uuid.UUID, now: datetime) -> Calculation:
    on = now.astimezone(timezone.get_default_timezone()).date()
    products = [holding.product for one in licenseids for holding in one.holdings.all()]
    return calculate(asked=asked, customer=licenseids[0].customer, on=on, key=key, products=products)


def revisable_quote(comparison: Comparison, *, on: date) -> Quote | None:
    """The one open quote of just these license IDs that an alternative may revise; None where there is none, or there
    are several.
    """
    wanted = set(comparison.license_ids.values_list("licenseid", flat=True))
    customer = comparison.customer.present_id
    rows = Quote.objects.filter(
        Q(customer=customer) | Q(customer__merged_into=customer),
        reseller=comparison.reseller_id,
        status__state=State.ISSUED,
        valid_until__gte=on,
        parts__licenseid__in=wanted,
    )
    quotes = list(rows.distinct().defer("document", "trace", "asked")[:MOST_LOOKED_AT])
    parts: dict[int, set[int]] = {quote.pk: set() for quote in quotes}
    for quote_id, licenseid in QuotePart.objects.filter(quote__in=parts).values_list("quote", "licenseid"):
        parts[quote_id].add(licenseid)
    found = [quote for quote in quotes if parts[quote.pk] == wanted]
    return found[0] if len(found) == 1 else None
