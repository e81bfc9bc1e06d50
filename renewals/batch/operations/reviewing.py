"""What people do with the rows of a run before anything is issued."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.transactions import one_transaction
from licensing.models import LicenseID, User

from ...asked import from_json
from ...drafts.operations import save_draft
from ...models import QuoteDraft, QuoteRun, QuoteRunRow
from ..basis import license_ids_of, read_basis
from ..queries import answered_keys, outdated_rows, works_open
from ..rows import price_row, settle, write_rows
from ..telling import CHANGED, both
from .starting import RunRefused, lock

State = QuoteRunRow.State
FOLLOWED_AT_ONCE = 200


@one_transaction
def leave_out(*, run: QuoteRun, keys: Collection[uuid.UUID], is_left_out: bool) -> int:
    """Leave rows out of the issue, or take them in again; how many."""
    locked = lock(run)
    rows = run.rows.filter(key__in=keys).exclude(state=State.ISSUED).exclude(is_left_out=is_left_out)
    count = rows.update(is_left_out=is_left_out)
    if count and not is_left_out:  # a tick is for the rows that were on screen
        locked.version += 1
        locked.save(update_fields=["version"])
    return count


@one_transaction
def acknowledge(*, run: QuoteRun, code: str, seen_version: int, by: User, now: datetime) -> int:
    """Tick a warning as read for all rows in which it is said and that are not left out (R17); how many.

    Whoever ticks has seen what the rows say: `seen_version` is the run's. Raises RunRefused where it is another now.
    """
    locked = lock(run)
    if locked.version != seen_version:
        raise RunRefused(_("The rows changed since this page was opened. Look at them, then tick again."))
    if works_open(locked):
        raise RunRefused(_("The background is at this batch. Tick again when it has ended."))
    at = now.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
    rows = list(run.rows.filter(state=State.LOOK, is_left_out=False, unread__contains=f" {code} "))
    for row in rows:
        told = {(one["license_id"], one["mark"]) for one in row.problems if one["code"] == code}
        ticked = code
        if code == CHANGED:
            ticked, told = row.changed.get("code", ""), {("", "")}
            row.changed = {}
        if ticked:
            row.read = [
                *(one for one in row.read if one["code"] != ticked),
                *(
                    {"license_id": license_id, "code": ticked, "mark": mark, "by": by.pk, "by_name": by.name, "at": at}
                    for license_id, mark in sorted(told)
                ),
            ]
        settle(row)
    write_rows(rows)
    return len(rows)


@one_transaction
def open_row(*, row: QuoteRunRow, by: User, now: datetime) -> uuid.UUID:
    """The row as a draft in the form: made where there is none yet. Its key is the row's.

    Raises RunRefused where there is nothing to open: it was issued, or its license IDs are gone.
    """
    if row.state == State.ISSUED:
        raise RunRefused(_("This row was issued already."))
    if QuoteDraft.objects.filter(key=row.key).exists():
        return row.key
    found = {one.pk: one for one in license_ids_of(set(row.license_ids), user=by)}
    licenseids: list[LicenseID] = [found[pk] for pk in row.license_ids if pk in found]
    if row.asked is None or len(licenseids) < len(row.license_ids):
        raise RunRefused(_("A license ID of this row is not this customer’s any more: there is nothing to open."))
    if len({one.customer_id for one in licenseids}) > 1:
        raise RunRefused(_("A license ID of this row is not this customer’s any more: there is nothing to open."))
    asked = from_json(row.asked)
    save_draft(key=row.key, licenseids=licenseids, asked=asked, as_typed={}, pricing=None, saved_by=by, now=now)
    return row.key


def follow(*, run: QuoteRun, by: User, now: datetime) -> int:
    """Bring rows to what their drafts say by now, or that they were issued by their form; how many."""
    keys = {*outdated_rows(run).values_list("key", flat=True)[:FOLLOWED_AT_ONCE], *answered_keys(run)}
    return _price_again(run, keys, by, now) if keys else 0


def price_again(*, run: QuoteRun, keys: Collection[uuid.UUID], by: User, now: datetime) -> int:
    """Price rows with what is held and in force now, for instance once what refused them was put right; how many."""
    return _price_again(run, keys, by, now)


@one_transaction
def _price_again(run: QuoteRun, keys: Collection[uuid.UUID], by: User, now: datetime) -> int:
    locked = lock(run)
    numbers = list(
        run.rows.filter(key__in=keys)
        .exclude(state__in=[State.ISSUED, State.WAITING])
        .values_list("pk", flat=True)[:FOLLOWED_AT_ONCE]
    )
    ours = run.rows.filter(pk__in=numbers).exclude(state__in=[State.ISSUED, State.WAITING])  # not issued meanwhile
    rows = list(ours.select_for_update(no_key=True).order_by("pk"))
    if not rows:
        return 0
    is_begun = works_open(locked)
    basis = read_basis(rows, user=by, now=now)
    for row in rows:
        if row.key in basis.issued:
            row.state, row.unread, row.total = State.ISSUED, "", basis.issued[row.key]
        else:
            # What was to be issued at another total is looked at before the issue goes on.
            is_pressed = is_begun and row.work_id is not None
            row.changed = both(lambda: _("It was changed since its issue was begun.")) if is_pressed else {}
            price_row(row, run, basis)
    write_rows(rows)
    locked.version += 1
    locked.save(update_fields=["version"])
    return len(rows)
