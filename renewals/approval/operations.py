"""Ask for approval, answer, withdraw. What is asked for is frozen; nobody answers their own."""

import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from foundation.transactions import one_transaction
from licensing.models import LicenseID, User
from pricing.costs.queries import rates_on
from pricing.engine.quote import QuotePricing
from quotes.models import CODES_BETWEEN
from quotes.record.offers import Offer

from ..asked import Asked
from ..calculation.sentences import sentence_marks
from ..issue.approved import counts, judge
from ..issue.operations import Read, build_offer, customer_of, price_in_turn
from ..issue.thresholds import Rates
from ..models import ApprovalRequest, QuoteDraft
from .notices import tell_answer, tell_asked
from .queries import approving_people, why_not

logger = logging.getLogger(__name__)
State = ApprovalRequest.State


class NotNeeded(Exception):
    """Nothing was asked: no threshold is passed, or just this was approved already. It can be issued."""


class NobodyApproves(Exception):
    """Nothing was asked: nobody but those who made it may approve a quote of this amount and reduction."""


class NotToAnswer(Exception):
    """Nothing was written: it does not wait any more, or not for this person; `why` as `queries.why_not` says."""

    def __init__(self, request: ApprovalRequest, why: str) -> None:
        super().__init__(why)
        self.request = request
        self.why = why
        """`over`: somebody was quicker."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quote to be approved, priced, and by whom it was made."""

    offer: Offer
    pricing: QuotePricing
    draft_version: int | None
    drafted_by: int | None
    changed_by: int | None
    rates: Rates
    """Cost rates of its products, frozen with it for those who see margins."""


@one_transaction
def ask_approval(
    *,
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    asked: Asked,
    acknowledged: Collection[Read],
    seen_total: int | None,
    by: User,
    now: datetime,
    seen_version: int | None = None,
    message: str = "",
) -> ApprovalRequest:
    """Ask for approval of what would be issued now by the person who asks. An earlier round that still waits ends.

    The same asked again while it waits is the same request. Raises what `issue` raises, NotNeeded, NobodyApproves.
    """
    customer = customer_of(licenseids, asked)
    priced, draft = price_in_turn(key, licenseids, customer, asked, acknowledged, seen_total, now, seen_version)
    offer = build_offer(priced, by=by, now=now)
    pricing = priced.calculation.pricing
    rates = rates_on(reseller=customer.reseller, codes={line.product.code for line in pricing.lines}, on=pricing.on)
    wanted = Wanted(offer, pricing, *_makers(draft), rates)
    request, is_new = write_request(wanted, by=by, now=now, message=message)
    if is_new:
        tell_asked([request], now=now)
    return request


def write_request(wanted: Wanted, *, by: User, now: datetime, message: str) -> tuple[ApprovalRequest, bool]:
    """Freeze one request, in the transaction of a caller that waited for its turn; whether it is new."""
    offer, pricing = wanted.offer, wanted.pricing
    judged = judge(offer, pricing, rates=wanted.rates)
    content = judged.content
    if not judged.passed:
        raise NotNeeded
    rounds = ApprovalRequest.objects.filter(key=offer.key)
    waiting = rounds.filter(state=State.WAITING).select_for_update(no_key=True, of=("self",)).first()
    if waiting and (waiting.content_hash, waiting.asked_by_id) == (content, by.pk):
        return waiting, False
    last = rounds.order_by("-round").first()
    if last and counts(last, judged):
        raise NotNeeded
    request = ApprovalRequest(
        key=offer.key,
        round=(rounds.aggregate(last=Max("round"))["last"] or 0) + 1,
        reseller=offer.customer.reseller,
        customer=offer.customer,
        customer_name=offer.customer.name,
        license_codes=CODES_BETWEEN.join(one.code for one in offer.licenseids),
        subject=offer.document["subject"],
        asked=offer.asked,
        document=offer.document,
        price_list=offer.price_list,
        revises=offer.revises.number if offer.revises else "",
        content_hash=content,
        list_subtotal=pricing.list_subtotal,
        given_away=pricing.given_away,
        subtotal=pricing.subtotal,
        tax=pricing.tax,
        total=pricing.total,
        passed=list(judged.passed),
        rates=dict(judged.rates),
        read=list(_read(pricing)),
        draft_version=wanted.draft_version,
        message=message.strip(),
        asked_by=by,
        asked_at=now,
        drafted_by_id=wanted.drafted_by,
        changed_by_id=wanted.changed_by,
    )
    if not any(not why_not(one, request) for one in approving_people(request.reseller_id)):
        raise NobodyApproves
    if waiting:
        _withdraw(waiting, by, now)
    request.save(force_insert=True)
    logger.info("approval asked: request=%s reseller=%s", request.pk, request.reseller_id)
    return request, True


@one_transaction
def answer(*, request: ApprovalRequest, is_approved: bool, words: str, by: User, now: datetime) -> ApprovalRequest:
    """Approve, or send back with words. Of two at once the second is told. Raises NotToAnswer.

    Raises ValueError where it is sent back without words.
    """
    words = words.strip()
    if not (is_approved or words):
        raise ValueError("sent back without words")
    person = User.objects.get(pk=by.pk)  # the right may have been taken away since the page was opened
    locked = _lock(request)
    if locked.state != State.WAITING:
        raise NotToAnswer(locked, "over")
    if why := why_not(person, locked):
        raise NotToAnswer(locked, why)
    locked.state = State.APPROVED if is_approved else State.SENT_BACK
    locked.decided_by, locked.decided_at, locked.words = by, now, words
    locked.save(update_fields=["state", "decided_by", "decided_at", "words"])
    tell_answer(locked, now=now)
    logger.info("approval answered: request=%s %s", locked.pk, locked.state)
    return locked


@one_transaction
def withdraw(*, request: ApprovalRequest, by: User, now: datetime) -> ApprovalRequest:
    """Whoever asked does not ask any more. Raises NotToAnswer where it was answered, or somebody else asked."""
    locked = _lock(request)
    if locked.state != State.WAITING:
        raise NotToAnswer(locked, "over")
    if locked.asked_by_id != by.pk:
        raise NotToAnswer(locked, "others")
    _withdraw(locked, by, now)
    return locked


def _withdraw(request: ApprovalRequest, by: User, now: datetime) -> None:
    request.state, request.withdrawn_by, request.withdrawn_at = State.WITHDRAWN, by, now
    request.save(update_fields=["state", "withdrawn_by", "withdrawn_at"])


def _lock(request: ApprovalRequest) -> ApprovalRequest:
    rows = ApprovalRequest.objects.select_related("asked_by", "reseller", "price_list")
    return rows.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)


def _makers(draft: QuoteDraft | None) -> tuple[int | None, int | None, int | None]:
    """Of a draft: its version, who began it, who changed it last."""
    return (draft.version, draft.created_by_id, draft.saved_by_id) if draft else (None, None, None)


def _read(pricing: QuotePricing) -> list[Mapping[str, Any]]:
    """The warnings, all of which were read, with the marks of their sentences."""
    return [
        {"license_id": part.request.license_id, "code": code, "mark": mark}
        for part in pricing.parts
        for code, mark in sentence_marks(part.warnings).items()
    ]
