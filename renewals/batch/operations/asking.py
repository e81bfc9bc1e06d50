"""Ask for approval of the rows of a run that need one (R20), in one go: one request for each quote, one e-mail."""

from datetime import datetime

from django.utils.translation import gettext as _

from foundation.transactions import one_transaction
from licensing.models import LicenseID, User
from licensing.operations.turns import wait_for_turn
from pricing.costs.queries import rates_on

from ...approval.notices import tell_asked
from ...approval.operations import NobodyApproves, NotNeeded, Wanted, write_request
from ...issue.thresholds import Rates
from ...models import ApprovalRequest, QuoteRun, QuoteRunRow
from ..basis import Basis, read_basis
from ..queries import rows_to_ask, works_open
from ..rows import RowRefused, offer_of, price_row, row_now, write_rows
from .starting import RunRefused, lock

State, Answer = QuoteRunRow.State, ApprovalRequest.State
ASKED_AT_ONCE = 200


@one_transaction
def ask_rows(*, run: QuoteRun, message: str, by: User, now: datetime) -> int:
    """Ask for approval of every row that needs one and does not wait for it; how many, ASKED_AT_ONCE at most.

    A row that is not any more what its page showed says so, and is not asked for. Raises RunRefused where nothing is to
    be asked, nobody may approve, or the background is at the run; then nothing was written.
    """
    rows = list(rows_to_ask(run).order_by("position")[:ASKED_AT_ONCE])
    numbers = {pk for row in rows for pk in row.license_ids}
    wait_for_turn(LicenseID.objects.filter(pk__in=numbers).only("pk"))
    locked = lock(run)
    if works_open(locked):
        raise RunRefused(_("The background is at this batch. Ask when it has ended."))
    chosen = rows_to_ask(run).filter(pk__in=[row.pk for row in rows]).select_for_update(no_key=True)
    rows = list(chosen.order_by("pk"))
    if not rows:
        raise RunRefused(_("No row needs approval that was not asked for."))
    basis = read_basis(rows, user=by, now=now)
    rates = rates_on(reseller=run.reseller_id, codes=set(basis.common.products), on=basis.common.on)
    asked = []
    try:
        for row in rows:
            if (request := _ask(row, run, basis, rates, message, by, now)) is not None:
                asked.append(request)
    except NobodyApproves:
        text = _("Nobody else of your company may approve all of them. Ask a manager to give somebody the right.")
        raise RunRefused(text) from None
    write_rows(rows)
    locked.version += 1
    locked.save(update_fields=["version"])
    if asked:
        tell_asked(asked, now=now)
    return len(asked)


def _ask(
    row: QuoteRunRow, run: QuoteRun, basis: Basis, rates: Rates, message: str, by: User, now: datetime
) -> ApprovalRequest | None:
    """None where the row is something else by now: its state says what."""
    before = (row.total, row.asked)
    price_row(row, run, basis)
    if row.state != State.APPROVAL or (row.total, row.asked) != before:
        return None
    try:
        wanted = row_now(row, run, basis)
    except RowRefused:
        return None
    calculation = basis.common.calculate(wanted.asked, wanted.licenseids)
    draft = basis.drafts.get(row.key)
    offer = offer_of(row, wanted, calculation, basis, by=by)
    made = Wanted(
        offer,
        calculation.pricing,
        draft.version if draft else None,
        draft.created_by_id if draft else run.created_by_id,
        draft.saved_by_id if draft else None,
        rates,
    )
    try:
        request, is_new = write_request(made, by=by, now=now, message=message)
    except NotNeeded:
        return None
    row.approval = {**row.approval, "standing": request.state, "request": request.pk, "state": request.state}
    return request if is_new else None
