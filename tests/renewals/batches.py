"""Runs of many quotes, worked off without a worker."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from licensing.models import LicenseID, User
from quotes.letters.templates import SEVERAL
from quotes.letters.words import Letter
from renewals.batch.operations import (
    FilesWork,
    IssueWork,
    PriceWork,
    SendWork,
    Settings,
    acknowledge,
    ask_rows,
    follow,
    leave_out,
    open_row,
    pause,
    price_again,
    resume,
    start_files,
    start_issue,
    start_run,
    start_sending,
)
from renewals.batch.queries import sums_of
from renewals.batch.tasks import issue_run, price_run, put_together, send_run
from renewals.confirmations.recipients import Addressed
from renewals.desk.operations import enter
from renewals.models import QuoteRun, QuoteRunRow
from tests.cast import EXPIRY, NOW, Cast, make_license_id
from tests.renewals.approving import let, limit


def begin(licenseids: Sequence[LicenseID], by: User, *, now: datetime = NOW, **how: Any) -> QuoteRun:
    """A run that waits to be priced."""
    return start_run(
        license_ids=[one.pk for one in licenseids], settings=Settings(**how), task=price_run, by=by, now=now
    )


def price(run: QuoteRun, *, now: datetime = NOW) -> QuoteRun:
    """Priced, as a worker would."""
    work_price(run, PriceWork(lambda: now))
    run.refresh_from_db()
    return run


def work_price(run: QuoteRun, how: PriceWork) -> None:
    """What the worker does then."""
    for work in run.works.filter(kind="price"):
        work_off(batch_pk=work.batch_id, work=how, clock=how.now)
    assert_done(run)


def reviewed(licenseids: Sequence[LicenseID], by: User, **how: Any) -> QuoteRun:
    return price(begin(licenseids, by, **how))


def press(run: QuoteRun, by: User, *, now: datetime = NOW) -> int:
    """The button that issues what is ready."""
    sums = sums_of(run)
    return start_issue(run=run, seen_count=sums.ready, seen_total=sums.ready_total, task=issue_run, by=by, now=now)


def work_issue(run: QuoteRun, *, now: datetime = NOW) -> None:
    """What the workers do then."""
    for work in run.works.filter(kind="issue").exclude(batch__state="done"):
        work_off(batch_pk=work.batch_id, work=IssueWork(lambda: now), clock=lambda: now)


def issue_all(run: QuoteRun, by: User, *, now: datetime = NOW) -> None:
    press(run, by, now=now)
    work_issue(run, now=now)
    assert_done(run)


def decline(licenseid: LicenseID, reason: str, *, by: User, now: datetime = NOW) -> None:
    """Somebody enters in the list of renewals why it is not renewed; without a reason it is taken back."""
    said: dict[str, Any] = {"follow_up_on": None, "note": "", "declined_reason": reason}
    enter(licenseid=licenseid, expires_on=EXPIRY, **said, by=by, now=now)


def assert_done(run: QuoteRun) -> None:
    batches = Batch.objects.filter(pk__in=run.works.values("batch")).order_by("pk")
    assert [(one.state, one.message) for one in batches] == [("done", "")] * len(batches)


def row_of(run: QuoteRun, code: str) -> QuoteRunRow:
    return run.rows.get(license_codes=code)


def stands(run: QuoteRun) -> list[tuple[str, str, int | None, str]]:
    """License IDs, state, total and what is unread of each row."""
    return [(row.license_codes, row.state, row.total, row.unread.strip()) for row in run.rows.order_by("position")]


def deeds_of_a_batch(cast: Cast) -> list[Callable[[], Any]]:
    """What locks while many quotes are made at once."""
    rows = [make_license_id(cast.customer, f"LIC-B{at:02}", ("SMP-BS", 45)) for at in range(2)]

    def review_and_issue() -> None:
        by: dict[str, Any] = {"by": cast.staff, "now": NOW}
        run = reviewed(rows, cast.staff)
        first, second = run.rows.order_by("position")
        acknowledge(run=run, code="support-expired", seen_version=run.version, **by)
        leave_out(run=run, keys=[first.key], is_left_out=True)
        leave_out(run=run, keys=[first.key], is_left_out=False)
        open_row(row=first, **by)
        follow(run=run, **by)
        price_again(run=run, keys=[second.key], **by)
        press(run, cast.staff)
        pause(run=run, kind="issue", **by)
        resume(run=run, kind="issue", **by)
        work_issue(run)
        assert {one[1] for one in stands(run)} == {"issued"}
        addressed = [Addressed(cast.customer, "a@example.jp", "宛先", "ja")]
        start_sending(
            run=run, addressed=addressed, letters={SEVERAL: {"ja": Letter("件名", "{quotes}")}}, task=send_run, **by
        )
        start_files(run=run, form="zip", task=put_together, **by)
        for kind, doing in (("send", SendWork), ("files", FilesWork)):
            work_off(batch_pk=run.works.get(kind=kind).batch_id, work=doing(lambda: NOW), clock=lambda: NOW)
        assert_done(run)

    def ask_for_approval() -> None:
        limit(cast.aoba, amount=1)
        let(cast.manager)
        run = reviewed([make_license_id(cast.customer, "LIC-B90", ("SMP-BS", 45))], cast.staff)
        assert ask_rows(run=run, message="", by=cast.staff, now=NOW) == 1
        limit(cast.aoba)

    return [review_and_issue, ask_for_approval]
