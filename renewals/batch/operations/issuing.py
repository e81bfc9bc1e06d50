"""Issue what is ready, in the background: each row with the checks of the form, once, under the locks of an issue.

A chunk of rows is one item of the work and one transaction: a worker that dies at any moment leaves either all of it or
nothing, and numbers have no gaps. Where one of them cannot be drawn, the others are issued all the same.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks.base import Task

from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchFailed, BatchNotSteered, Beat, cancel_batch, retry_batch, start_batch
from foundation.transactions import one_transaction
from licensing.models import LicenseID, User
from licensing.operations.turns import wait_for_turn
from quotes.paper import DrawingFailed
from quotes.record.clock import refuse_earlier_day
from quotes.record.keep import keep_many
from quotes.record.offers import Offer
from quotes.record.refusals import ClockBehind, IssuedAlike

from ...issue.many import Refusal, Wish, make_offers
from ...models import QuoteDraft, QuoteRun, QuoteRunRow, QuoteRunWork
from ...refusals import NeedsApproval, PriceChanged
from ..basis import Basis, read_basis
from ..queries import progress_of, ready_rows, sums_of, works_open
from ..rows import (
    PRICED_FIELDS,
    RowRefused,
    is_declined_since,
    price_row,
    read_of,
    row_now,
    settle,
    told_amount,
    told_holdings,
    write_rows,
)
from ..telling import ALIKE, both, tell
from .starting import RunRefused, check_person, lock, work_of

logger = logging.getLogger(__name__)
CHUNK = 20
"""Quotes that are issued in one transaction. Others who issue for the reseller wait so long."""
LANES = 2
"""Works that an issue is divided into, so that two workers share it."""
State, Kind = QuoteRunRow.State, QuoteRunWork.Kind


@one_transaction
def start_issue(*, run: QuoteRun, seen_count: int, seen_total: int, task: Task, by: User, now: datetime) -> int:
    """Queue what is ready to be issued; how many. Whoever presses has seen how many there are, and their total.

    Raises RunRefused where that is not so any more, nothing is ready, or the background is at the run; then nothing was
    written.
    """
    lanes = min(LANES, -(-seen_count // CHUNK))
    batches = [start_batch(task=task, parameters={"run": str(run.key)}, by=by, now=now) for _lane in range(lanes)]
    run = lock(run)
    if works_open(run):
        raise RunRefused(_("The background is at this batch already. What is ready afterwards can be issued then."))
    sums = sums_of(run)
    if not sums.ready:
        raise RunRefused(_("No row is ready to be issued."))
    if (sums.ready, sums.ready_total) != (seen_count, seen_total):
        raise RunRefused(
            _("By now %(count)s quotes are ready, ¥%(total)s in all. Check them, then issue them.")
            % {"count": f"{sums.ready:,}", "total": f"{sums.ready_total:,}"}
        )
    numbers = list(ready_rows(run).order_by("position").values_list("pk", flat=True))
    chunks = [numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK)]
    for lane, batch in enumerate(batches):
        work = QuoteRunWork.objects.create(run=run, kind=Kind.ISSUE, batch=batch)
        own = [pk for chunk in chunks[lane::lanes] for pk in chunk]
        QuoteRunRow.objects.filter(pk__in=own).update(work=work)
    return len(numbers)


def pause(*, run: QuoteRun, kind: str, by: User, now: datetime) -> None:
    """Stop the background: what is not issued yet waits. Nothing where it has ended already."""
    for batch in _batches(run, kind):
        if not batch.is_finished:
            try:
                cancel_batch(batch=batch, by=by, now=now)
            except BatchNotSteered:
                continue  # it ended a moment ago


def resume(*, run: QuoteRun, kind: str, by: User, now: datetime) -> None:
    """Go on with what was paused, or has failed."""
    for batch in _batches(run, kind):
        if batch.state in (Batch.State.CANCELLED, Batch.State.FAILED):
            try:
                # From now on whoever goes on is who issues: whoever began may have left.
                Batch.objects.filter(pk=batch.pk, state=batch.state).update(created_by_id=by.pk)
                retry_batch(batch=batch, by=by, now=now)
            except BatchNotSteered:
                continue  # a colleague was quicker


def _batches(run: QuoteRun, kind: str) -> Sequence[Batch]:
    progress = progress_of(run, kind)
    return progress.batches if progress else ()


class IssueWork:
    """Issues the rows of one lane."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now

    def count_items(self, batch: Batch) -> int:
        return -(-work_of(batch).rows.count() // CHUNK)

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        work = work_of(batch)
        run, user = work.run, check_person(batch, work.run)
        rows = list(work.rows.order_by("position")[position * CHUNK : (position + 1) * CHUNK])

        def write() -> None:
            with translation.override("ja"):
                issue_rows(run=run, rows=rows, by=user, now=self.now())

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        """Rows may say something else by now: whoever ticks looks once more."""
        QuoteRun.objects.filter(pk=work_of(batch).run.pk).update(version=F("version") + 1)
        return {}


def issue_rows(*, run: QuoteRun, rows: Sequence[QuoteRunRow], by: User, now: datetime) -> None:
    """Issue these rows together, in the caller's transaction; those that cannot be drawn keep the others from nothing.

    Raises BatchFailed where the log holds entries of a later day.
    """
    try:
        with transaction.atomic():
            _issue(run, rows, by, now)
    except DrawingFailed:
        for row in rows:
            _issue_alone(run, row, by, now)
    except ClockBehind as behind:
        text = _(
            "By the portal’s clock today is %(today)s, but the log of your quotes already holds entries of %(latest)s. "
            "Ask whoever operates the portal to set the clock right, or to confirm it, then go on."
        )
        told = {"today": date_format(behind.today), "latest": date_format(behind.latest)}
        raise BatchFailed(text % told) from behind


def _issue_alone(run: QuoteRun, row: QuoteRunRow, by: User, now: datetime) -> None:
    try:
        with transaction.atomic():
            _issue(run, [row], by, now)
    except DrawingFailed as failure:
        logger.exception("a quote of a batch could not be drawn: %s", row.license_codes)
        reason = str(failure)
        [locked] = QuoteRunRow.objects.select_for_update(no_key=True).filter(pk=row.pk)
        locked.problems = [
            tell(
                "not-drawn",
                lambda: _("The PDF could not be drawn, so nothing was issued. %(reason)s") % {"reason": reason},
                lambda: _("Once it is put right, price the row again."),
            )
        ]
        settle(locked)
        locked.save(update_fields=PRICED_FIELDS)


def _issue(run: QuoteRun, rows: Sequence[QuoteRunRow], by: User, now: datetime) -> None:
    """License IDs are locked first, then the rows, then drafts go; the records and the log come last."""
    numbers = sorted({pk for row in rows for pk in row.license_ids})
    wait_for_turn(LicenseID.objects.filter(pk__in=numbers).only("pk"))
    locked = list(
        QuoteRunRow.objects.select_for_update(no_key=True)
        .filter(pk__in=[row.pk for row in rows], state=State.READY, is_left_out=False)
        .order_by("pk")
    )
    if not locked:
        return
    reseller = by.reseller
    if reseller is None:
        raise ValueError("Quotes are made by a reseller's people.")
    refuse_earlier_day(reseller=reseller, now=now)
    basis = read_basis(locked, user=by, now=now)
    offers = _offers(run, locked, basis, by, now)
    issued = {offer.key for offer in offers}
    QuoteRunRow.objects.filter(pk__in=[row.pk for row in locked if row.key in issued]).update(state=State.ISSUED)
    write_rows([row for row in locked if row.key not in issued])
    QuoteDraft.objects.filter(key__in=[offer.key for offer in offers]).delete()
    keep_many(offers=offers, by=by, now=now)
    for offer in offers:
        logger.info("quote issued in a batch: license IDs %s", [one.pk for one in offer.licenseids])


def _offers(run: QuoteRun, rows: Sequence[QuoteRunRow], basis: Basis, by: User, now: datetime) -> list[Offer]:
    """What is issued of the rows; the others say why they are not. Nothing is written yet."""
    wishes: dict[uuid.UUID, Wish] = {}
    for row in rows:
        if (wish := _wish(row, run, basis)) is not None:
            wishes[row.key] = wish
    offers, refused = make_offers(
        wishes=list(wishes.values()),
        common=basis.common,
        requests=basis.requests,
        rates=basis.rates,
        by=by,
        now=now,
    )
    for row in rows:
        if row.key in refused:
            _tell_refusal(row, run, basis, refused[row.key], by)
        elif row.key in wishes:
            row.state = State.ISSUED
    return offers


def _wish(row: QuoteRunRow, run: QuoteRun, basis: Basis) -> Wish | None:
    """What the row was reviewed as; None where it is something else by now, and says so."""
    if row.key in basis.issued:
        row.state, row.unread, row.total = State.ISSUED, "", basis.issued[row.key]
        return None
    draft = basis.drafts.get(row.key)
    if draft and draft.version != row.draft_version:
        row.changed = both(lambda: _("Its draft was saved since."))
        price_row(row, run, basis)
        return None
    try:
        now = row_now(row, run, basis)
    except RowRefused:
        price_row(row, run, basis)
        return None
    if now.changed:
        row.changed = told_holdings(now.changed)
        price_row(row, run, basis)
        return None
    if is_declined_since(row, now, basis):
        price_row(row, run, basis)
        return None
    again = any(one["code"] == ALIKE for one in row.read)
    return Wish(row.key, now.licenseids, now.asked, row.total or 0, read_of(row), again)


def _tell_refusal(row: QuoteRunRow, run: QuoteRun, basis: Basis, refusal: Refusal, by: User) -> None:
    """What is other than at the review. What the rules say now, pricing it again says."""
    before, lists = row.total or 0, row.price_list
    if isinstance(refusal, PriceChanged):
        now = refusal.calculation.pricing.total
        row.changed = told_amount(before, now, (lists, str(basis.common.prices.price_list or "")))
    elif isinstance(refusal, IssuedAlike):
        number = refusal.quote.number
        said = both(lambda: _("An identical quote was issued today: %(number)s.") % {"number": number})
        row.changed = {**said, "code": ALIKE}
    elif isinstance(refusal, NeedsApproval) and refusal.request and refusal.request.asked_by_id != by.pk:
        name = refusal.request.asked_by.name
        row.changed = both(lambda: _("%(name)s asked for its approval: it is issued in their name.") % {"name": name})
    price_row(row, run, basis)


def words_of_button(count: int, total: int) -> str:
    """What stands on the button that issues: how many, and which total."""
    told = {"count": f"{count:,}", "total": f"{total:,}"}
    return ngettext("Issue %(count)s quote (¥%(total)s)", "Issue %(count)s quotes (¥%(total)s)", count) % told
