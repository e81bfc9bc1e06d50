"""Issue a quote: what is wanted is priced and put on paper, and becomes an offer that is kept."""

import logging
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import UUIDField
from django.utils import timezone

from foundation.kept_query import KeptQuery, Later
from foundation.transactions import one_transaction
from licensing.models import Contact, Customer, LicenseID, Product, User
from licensing.operations.turns import wait_and_look
from licensing.queries import find_contact, products_by_code
from pricing.engine.quote import PartProblem
from pricing.engine.rules.r02_support_period import last_day, term_after
from pricing.engine.values import RenewalRequest
from quotes.models import Alternative, Quote
from quotes.paper import Document, draw
from quotes.record.clock import refuse_earlier_day
from quotes.record.keep import keep, refuse_issued
from quotes.record.offers import Offer, OfferedHolding, OfferedPart
from quotes.record.refusals import CustomerMoved

from ..asked import Asked, product_codes, to_json
from ..calculation.calculate import Calculation, calculate
from ..drafts.operations import refuse_foreign
from ..models import QuoteDraft
from ..refusals import ContactGone, DraftChanged, NotAcknowledged, PriceChanged, QuoteRefused
from .approved import Requests, approval_for
from .document import build_document, calculation_parts
from .printing import find_unprintable, refuse_unprintable, typed_texts
from .thresholds import Rates

logger = logging.getLogger(__name__)

Read = tuple[str, str]
"""A warning that was read: the code of its license ID, and its own (R17, R18)."""


NOBODY_ELSE: Mapping[Read, "ReadBy"] = {}


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who ticked a warning as read before it came to the issue, and when."""

    number: int
    """Of the user."""
    name: str
    at: str
    """ISO, in Japan."""
    mark: str
    """Of the sentences that stood beside it, see `calculation.sentences`."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What an offer is made of: what is wanted, and what it costs."""

    key: uuid.UUID
    licenseids: Sequence[LicenseID]
    """Those of the parts of `asked`, in their order, all of one customer."""
    asked: Asked
    products: Mapping[str, Product]
    """All that are asked of, by code."""
    calculation: Calculation
    revises: Quote | None
    alternative: Alternative | None = None


def issue(
    *,
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    asked: Asked,
    acknowledged: Collection[Read],
    seen_total: int | None,
    issued_by: User,
    now: datetime,
    seen_version: int | None = None,
    again: bool = True,
) -> Quote:
    """Issue one quote with its number, lines, trace and PDF, all or nothing.

    `licenseids` are those of the parts of `asked`, in their order, all of one customer, which is loaded with its
    reseller; `asked` is priced on the day of issue. `acknowledged` are the warnings that were read, per license ID.
    `seen_total` is the total that was on screen, in yen with tax; None where nobody saw one (a command).
    `seen_version` is that of the draft which was opened; None where none was. Without `again` no second quote of the
    same content is issued on one day: a page that was gone back to sends it unmeant, with a new key.
    A draft that revises a quote becomes the next revision of its number, and that quote is superseded.

    Raises QuoteRefused, NotAcknowledged (R17), PriceChanged, CannotBePrinted where a text has characters without a
    glyph, ContactGone, NeedsApproval (R20), AlreadyIssued, IssuedAlike, DraftChanged, FormKeyTaken, WrongState where
    the quote to revise can no longer be superseded, CustomerMoved where its license ID or customer changed hands
    since, ClockBehind where the log holds entries of a later day, ChangedHands where somebody moved a license ID
    meanwhile, and DrawingFailed where the PDF cannot be drawn; then nothing was written.
    """
    _refuse_moved(key, licenseids)
    customer = customer_of(licenseids, asked)
    try:
        quote = _issue_in_one_transaction(
            key, licenseids, customer, asked, acknowledged, seen_total, issued_by, now, seen_version, again
        )
    except IntegrityError:
        refuse_issued(key, licenseids)  # the same key, at the same moment, in another month's numbers
        raise
    logger.info("quote issued: %s reseller=%s", quote.number, quote.reseller_id)
    return quote


def _price(
    key: uuid.UUID,
    customer: Customer,
    asked: Asked,
    products: Iterable[Product],
    acknowledged: Collection[Read],
    seen_total: int | None,
    now: datetime,
) -> Calculation:
    """What it costs on the day of issue, as it was seen, and with every warning read."""
    on = now.astimezone(timezone.get_default_timezone()).date()
    calculation = calculate(asked=asked, customer=customer, on=on, key=key, products=products)
    refuse_unseen(calculation, seen_total=seen_total, read=acknowledged)
    return calculation


def refuse_unseen(calculation: Calculation, *, seen_total: int | None, read: Collection[Read]) -> None:
    """Raises QuoteRefused, PriceChanged where it is not what was seen, NotAcknowledged (R17)."""
    pricing = calculation.pricing
    if pricing.is_refused:
        raise QuoteRefused(calculation)
    if seen_total is not None and seen_total != pricing.total:
        raise PriceChanged(calculation)
    unread = tuple(one for one in pricing.warnings if (one.license_id, one.problem.code) not in read)
    if unread:
        raise NotAcknowledged(unread)


@one_transaction
def _issue_in_one_transaction(
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    customer: Customer,
    asked: Asked,
    acknowledged: Collection[Read],
    seen_total: int | None,
    issued_by: User,
    now: datetime,
    seen_version: int | None,
    again: bool,
) -> Quote:
    """Each thing is asked once, when nobody else can issue for these license IDs any more: whether the key is taken,
    what is quoted elsewhere (R22), what it costs.
    """
    priced, draft = price_in_turn(key, licenseids, customer, asked, acknowledged, seen_total, now, seen_version)
    offer = make_offer(priced, by=issued_by, now=now)
    if draft:
        draft.delete()  # before anything of quotes is locked: the log comes last
    return keep(offer=offer, by=issued_by, now=now, again=again)


def price_in_turn(
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    customer: Customer,
    asked: Asked,
    acknowledged: Collection[Read],
    seen_total: int | None,
    now: datetime,
    seen_version: int | None,
) -> tuple[Priced, QuoteDraft | None]:
    """Wait for the turn, then price: what an offer is made of, and the draft that goes when it is issued. In the
    transaction of the caller. Raises what `issue` does.
    """
    wait_and_look(licenseids)
    refuse_issued(key, licenseids)
    refuse_earlier_day(reseller=customer.reseller, now=now)
    products = {row.code: row for row in products_by_code(product_codes(asked)).values()}
    calculation = _price(key, customer, asked, products.values(), acknowledged, seen_total, now)
    draft = _draft_of(key)
    if draft:
        refuse_foreign(draft, licenseids)
        if seen_version is not None and draft.version != seen_version:
            raise DraftChanged(draft)
    revised = draft.basis if draft and draft.is_revision else None
    alternative = draft.alternative if draft else None
    if alternative and alternative.comparison.customer.present_id != customer.pk:
        alternative = None  # its license ID has come to somebody else, who was shown no comparison
    return Priced(key, licenseids, asked, products, calculation, revised, alternative), draft


def _draft_of(key: uuid.UUID) -> QuoteDraft | None:
    """With all that the issue asks of it. Whole rows are asked for only where there is one."""
    if not _DRAFTS.rows(key=key):
        return None
    places = ("saved_by", "customer", "basis", "alternative__comparison__customer")
    return QuoteDraft.objects.select_related(*places).get(key=key)


_DRAFTS = KeptQuery(lambda: QuoteDraft.objects.filter(key=Later("key", UUIDField())).order_by().values_list("pk"))


def make_offer(
    priced: Priced,
    *,
    by: User,
    now: datetime,
    read: Mapping[Read, ReadBy] = NOBODY_ELSE,
    requests: Requests | None = None,
    rates: Rates | None = None,
) -> Offer:
    """What was calculated, as the value that crosses to the records. Warnings that are not in `read` were read by
    whoever issues, now. `requests` for approval and cost `rates`: those that are loaded. Whatever is issued comes
    through here: nothing is that needed an approval and has none.

    Raises CannotBePrinted where a text has characters without a glyph, ContactGone, NeedsApproval.
    """
    offer = build_offer(priced, by=by, now=now, read=read)
    return replace(offer, approval=approval_for(offer, priced.calculation.pricing, requests=requests, rates=rates))


def build_offer(priced: Priced, *, by: User, now: datetime, read: Mapping[Read, ReadBy] = NOBODY_ELSE) -> Offer:
    """The same before anybody was asked to approve it: to be looked at, never to be kept."""
    licenseids, asked, calculation = priced.licenseids, priced.asked, priced.calculation
    pricing, price_list = calculation.pricing, calculation.prices.price_list
    if price_list is None:
        raise ValueError("A quote without a price list was not refused.")
    customer = licenseids[0].customer
    contact = contact_of(asked, customer)
    document = build_document(
        calculation=calculation,
        customer=customer,
        asked=asked,
        contact=contact,
        issued_by=by,
        revises=priced.revises.number if priced.revises else "",
        now=now,
    )
    places = find_unprintable(
        licenseids=licenseids,
        products=priced.products.values(),
        price_list=price_list,
        by=by,
        contact=contact,
        typed=typed_texts(asked),
    )
    refuse_unprintable(document, places)
    return Offer(
        key=priced.key,
        parts=tuple(
            OfferedPart(
                licenseid, part.request.years, part.request.is_reduced, part.subtotal, _offered_holdings(part.request)
            )
            for licenseid, part in zip(licenseids, pricing.parts, strict=True)
        ),
        document=document,
        asked=to_json(asked),
        explain=partial(calculation_parts, pricing),
        acknowledged=[_acknowledgement(warning, by, now, read) for warning in pricing.warnings],
        price_list=price_list,
        products=priced.products,
        retain_until=last_day(pricing.on, settings.RETENTION_YEARS),
        revises=priced.revises,
        alternative=priced.alternative,
        own_costs=[line.line.unit_cost for line in pricing.free_lines],
    )


def _offered_holdings(request: RenewalRequest) -> tuple[OfferedHolding, ...]:
    """What is renewed or discontinued; what is left out is not quoted (R3, R22)."""
    terms = [
        (choice, term_after(choice.holding.support_expires_on, request.years))
        for choice in request.holdings
        if choice.renewal_quantity is not None
    ]
    return tuple(
        OfferedHolding(int(choice.holding.key), term.term_from, term.term_until if choice.renewal_quantity else None)
        for choice, term in terms
    )


def draw_draft(
    *,
    customer: Customer,
    asked: Asked,
    calculation: Calculation,
    drawn_by: User,
    now: datetime,
    revises: str = "",
) -> tuple[Document, bytes]:
    """The PDF that a quote would have, marked as a draft on every page and without a number. Writes nothing.

    `revises` is the number of the quote that it would revise. Raises QuoteRefused where it cannot be priced,
    ContactGone, DrawingFailed where it cannot be drawn.
    """
    if calculation.pricing.is_refused:
        raise QuoteRefused(calculation)
    document = build_document(
        calculation=calculation,
        customer=customer,
        asked=asked,
        contact=contact_of(asked, customer),
        issued_by=drawn_by,
        revises=revises,
        now=now,
    )
    return document, draw(document=document)


def contact_of(asked: Asked, customer: Customer) -> Contact | None:
    """The contact to whom the quote is addressed; None: none was chosen. Raises ContactGone where it is not among the
    customer's any more: nobody is addressed by guessing.
    """
    found = find_contact(customer, asked.contact)
    if found is None and asked.contact is not None:
        raise ContactGone(asked.contact)
    return found


def _refuse_moved(key: uuid.UUID, licenseids: Sequence[LicenseID]) -> None:
    """A revision of which one license ID has come to another customer since is no quote of one customer any more."""
    if len({one.customer_id for one in licenseids}) > 1:
        draft = QuoteDraft.objects.select_related("basis").filter(key=key, is_revision=True).first()
        if draft and draft.basis:
            raise CustomerMoved(draft.basis)


def customer_of(licenseids: Sequence[LicenseID], asked: Asked) -> Customer:
    """Of all license IDs the one customer."""
    if [one.code for one in licenseids] != [part.license_id for part in asked.parts]:
        raise ValueError("the license IDs are not those of what is asked")
    if len({one.customer_id for one in licenseids}) > 1:
        raise ValueError("a quote is of one customer (R18)")
    return licenseids[0].customer


def _acknowledgement(warning: PartProblem, by: User, now: datetime, read: Mapping[Read, ReadBy]) -> dict[str, Any]:
    problem = warning.problem
    at = now.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
    reader = read.get((warning.license_id, problem.code)) or ReadBy(by.pk, by.name, at, "")
    return {
        "license_id": warning.license_id,
        "code": problem.code,
        "rule": problem.rule,
        "en": problem.what("en", with_names=True),
        "ja": problem.what("ja", with_names=True),
        "by": reader.number,
        "by_name": reader.name,
        "at": reader.at,
    }
