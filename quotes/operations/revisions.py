"""Quotes that are made from quotes: the next revision of one, or a copy with a number of its own."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from foundation.transactions import one_transaction
from licensing.models import Holding, LicenseID, User

from ..models import SUPERSEDE, Quote, QuoteDraft
from .drafts import wait_for_turn
from .refusals import AlreadyIssued, CustomerMoved, FormKeyTaken
from .transitions import lock_status

Entry = Mapping[str, Sequence[str]]


@one_transaction
def begin_revision(*, quote: Quote, by: User, now: datetime) -> tuple[QuoteDraft, bool]:
    """The draft of the quote's next revision, and whether it is new: a quote has one at most, so another is shared.

    Raises WrongState where the quote cannot be superseded, CustomerMoved where the license ID or its customer changed
    hands since.
    """
    wait_for_turn(quote.licenseid)
    licenseid = _license_id_of(quote)
    lock_status(quote=quote, transition=SUPERSEDE)
    if (licenseid.customer_id, licenseid.customer.reseller_id) != (quote.customer_id, quote.reseller_id):
        raise CustomerMoved(quote)  # a number stays with its reseller and its customer
    if draft := QuoteDraft.objects.select_related("saved_by").filter(basis=quote, is_revision=True).first():
        return draft, False
    return _copy(quote, licenseid, uuid.uuid4(), is_revision=True, by=by, now=now), True


@one_transaction
def duplicate(*, quote: Quote, key: uuid.UUID, by: User, now: datetime) -> QuoteDraft:
    """A draft of a new quote that asks for what the quote asked for; the same key makes it once.

    Raises CustomerMoved where the license ID is not the quote's reseller's any more, AlreadyIssued where the draft of
    this key has become a quote, FormKeyTaken where the key belongs to something else.
    """
    wait_for_turn(quote.licenseid)
    licenseid = _license_id_of(quote)
    if licenseid.customer.reseller_id != quote.reseller_id:
        raise CustomerMoved(quote)
    if issued := Quote.objects.defer("document", "trace", "entry").filter(key=key).first():
        raise AlreadyIssued(issued) if issued.licenseid_id == licenseid.pk else FormKeyTaken(key)
    if draft := QuoteDraft.objects.filter(key=key).first():
        if draft.basis_id != quote.pk:
            raise FormKeyTaken(key)
        return draft
    return _copy(quote, licenseid, key, is_revision=False, by=by, now=now)


def fit_entry(entry: Entry, *, holdings: Sequence[Holding]) -> dict[str, list[str]]:
    """What was typed for a quote, for the holdings of today.

    Fields of holdings that are gone are dropped, new holdings are there and not ticked. A quantity that was all that
    was held is all that is held now; one that was reduced stays.
    """
    before = held_in(entry)
    pks = {holding.pk for holding in holdings}
    fitted = {name: list(texts) for name, texts in entry.items() if _number_of(name) is None or _number_of(name) in pks}
    for holding in holdings:
        name = f"quantity-{holding.pk}"
        typed = "".join(fitted.get(name, ()))
        if not typed or (typed.isdecimal() and int(typed) == before.get(holding.pk)):
            fitted[name] = [str(holding.quantity)]
    fitted["held"] = [
        " ".join(f"{holding.pk}:{holding.quantity}" for holding in sorted(holdings, key=lambda row: row.pk))
    ]
    return fitted


def held_in(entry: Entry) -> dict[int, int]:
    """Held quantity by the holding's row number, as the form showed it."""
    return {int(pk): int(quantity) for pk, quantity in re.findall(r"(\d+):(\d+)", " ".join(entry.get("held", ())))}


def _number_of(name: str) -> int | None:
    """The holding that a field of the form is about."""
    match = re.fullmatch(r"(?:renew|quantity)-(\d+)", name, re.ASCII)
    return int(match[1]) if match else None


def _license_id_of(quote: Quote) -> LicenseID:
    return LicenseID.objects.select_related("customer__reseller").get(pk=quote.licenseid_id)


def _copy(
    quote: Quote, licenseid: LicenseID, key: uuid.UUID, *, is_revision: bool, by: User, now: datetime
) -> QuoteDraft:
    entry = fit_entry(quote.entry, holdings=list(licenseid.holdings.all()))
    return QuoteDraft.objects.create(
        key=key,
        licenseid=licenseid,
        created_by=by,
        saved_by=by,
        saved_at=now,
        entry={**entry, "key": [str(key)]},
        subject=quote.subject,
        basis=quote,
        is_revision=is_revision,
    )
