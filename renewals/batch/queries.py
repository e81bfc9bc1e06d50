"""Which runs a user may see, and what their rows add up to."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from foundation.jobs.models import Batch
from licensing.models import Customer, User
from pricing.engine.rulebook import WARNING_RULES
from quotes.models import Quote, QuoteMargin
from quotes.models import State as QuoteState
from quotes.record.margins import Figures, visible_margins

from ..models import ApprovalRequest, QuoteDraft, QuoteRun, QuoteRunRow, QuoteRunWork
from .telling import CHANGED, NOT_RENEWED

State = QuoteRunRow.State
LEFT_OUT = "out"
"""A filter of the review, beside the states."""
READ_CODES = (*WARNING_RULES, NOT_RENEWED, CHANGED)
PAUSED = (Batch.State.CANCELLED, Batch.State.FAILED)


def visible_runs(user: User) -> QuerySet[QuoteRun]:
    """A reseller's own; nobody else makes quotes."""
    runs = QuoteRun.objects.select_related("created_by")
    return runs.filter(reseller=user.reseller_id) if user.is_active and user.is_reseller_staff else runs.none()


def counted_runs(user: User) -> QuerySet[Any]:
    """The same with how many rows each has, `row_count`, and how many of them were issued, `issued_count`."""
    rows = QuoteRunRow.objects.filter(run=OuterRef("pk")).order_by().values("run")
    count = rows.annotate(count=Count("pk")).values("count")
    issued = rows.filter(state=State.ISSUED).annotate(count=Count("pk")).values("count")
    return visible_runs(user).annotate(row_count=Subquery(count), issued_count=Coalesce(Subquery(issued), 0))


@dataclass(frozen=True)
class Sums:
    """How many rows there are of each kind, and what they come to."""

    count: int
    by_state: dict[str, int]
    """Left out ones not among them; they stand under LEFT_OUT."""
    ready_total: int
    """Yen with tax of those that would be issued."""
    issued_total: int
    unread: dict[str, int]
    """By code: rows in which it is still to be read."""

    @property
    def ready(self) -> int:
        return self.by_state[State.READY]

    @property
    def has_calculated(self) -> bool:
        """Whether there are rows with an amount that are not issued."""
        return bool(self.by_state[State.READY] or self.by_state[State.LOOK] or self.by_state[State.APPROVAL])


def sums_of(run: QuoteRun) -> Sums:
    """One query."""
    is_in = Q(is_left_out=False)
    counted: dict[str, Any] = {state: Count("pk", filter=is_in & Q(state=state)) for state in State.values}
    counted[State.ISSUED] = Count("pk", filter=Q(state=State.ISSUED))
    counted[LEFT_OUT] = Count("pk", filter=Q(is_left_out=True) & ~Q(state=State.ISSUED))
    codes = {
        f"code_{at}": Count("pk", filter=is_in & Q(state=State.LOOK, unread__contains=f" {code} "))
        for at, code in enumerate(READ_CODES)
    }
    found = run.rows.order_by().aggregate(
        all=Count("pk"),
        ready_total=Sum("total", filter=is_in & Q(state=State.READY)),
        issued_total=Sum("total", filter=Q(state=State.ISSUED)),
        **{f"state_{name}": one for name, one in counted.items()},
        **codes,
    )
    return Sums(
        count=found["all"],
        by_state={name: found[f"state_{name}"] for name in counted},
        ready_total=found["ready_total"] or 0,
        issued_total=found["issued_total"] or 0,
        unread={code: found[f"code_{at}"] for at, code in enumerate(READ_CODES) if found[f"code_{at}"]},
    )


def margin_sums(run: QuoteRun, user: User) -> list[tuple[str, Figures]]:
    """What is left of the rows that count, by state, in words and sums, for those who see margins; nothing for others.
    Two queries. Of what was issued as it was kept then, of all else with the costs of the day when it was priced.
    """
    if not user.sees_margins:
        return []
    names = ("subtotal", "covered", "cost", "uncovered_lines")
    sums = [Sum(name) for name in names]
    open_rows = run.rows.filter(is_left_out=False, subtotal__isnull=False).exclude(state=State.ISSUED)
    found = {state: Figures(*its) for state, *its in open_rows.order_by().values_list("state").annotate(*sums)}
    issued = run.rows.filter(state=State.ISSUED).order_by().values("key")
    kept = visible_margins(user).filter(stage=QuoteMargin.Stage.QUOTED, quote__key__in=issued).order_by()
    its = kept.aggregate(**{name: Sum(name) for name in names})
    if its["subtotal"] is not None:
        found[State.ISSUED] = Figures(*(its[name] for name in names))
    return [(str(State(state).label), found[state]) for state in State.values if state in found]


def rows_of(run: QuoteRun, *, shown: str = "", code: str = "") -> QuerySet[QuoteRunRow]:
    """The rows, or those of a state or LEFT_OUT; `code`: those in which that is said."""
    rows = run.rows.select_related("customer")
    if shown == LEFT_OUT:
        rows = rows.filter(is_left_out=True).exclude(state=State.ISSUED)
    elif shown == State.ISSUED:
        rows = rows.filter(state=shown)
    elif shown in State.values:
        rows = rows.filter(state=shown, is_left_out=False)
    return rows.filter(unread__contains=f" {code} ") if code else rows


def ready_rows(run: QuoteRun) -> QuerySet[QuoteRunRow]:
    """Those that would be issued."""
    return run.rows.filter(state=State.READY, is_left_out=False)


def unsent_count(run: QuoteRun) -> int:
    """How many issued rows are not sent from here yet."""
    return unsent_rows(run).count()


def unsent_rows(run: QuoteRun) -> QuerySet[Any]:
    """Issued rows that are not sent from here yet, and whose quotes can be; `present`: whose they are now."""
    counts = Quote.objects.filter(key=OuterRef("key")).exclude(
        status__state__in=[QuoteState.SUPERSEDED, QuoteState.WITHDRAWN]
    )
    rows = run.rows.annotate(present=Coalesce("customer__merged_into", "customer"))
    ours = Customer.objects.filter(pk=OuterRef("present"), reseller=run.reseller_id)
    return rows.filter(Exists(counts), Exists(ours), state=State.ISSUED, letter=None)


def outdated_rows(run: QuoteRun) -> QuerySet[QuoteRunRow]:
    """Rows whose draft is another than the one that they say, or that were issued by their form."""
    version = QuoteDraft.objects.filter(key=OuterRef("key")).order_by().values("version")[:1]
    rows = run.rows.exclude(state__in=[State.ISSUED, State.WAITING]).annotate(draft_now=Subquery(version))
    is_other = Q(draft_now__isnull=False) & (Q(draft_version=None) | ~Q(draft_version=F("draft_now")))
    is_issued = Exists(Quote.objects.filter(key=OuterRef("key")))
    return rows.filter(is_other | is_issued)


def rows_to_ask(run: QuoteRun) -> QuerySet[QuoteRunRow]:
    """Those that need approval and do not wait for it."""
    rows = run.rows.filter(state=State.APPROVAL, is_left_out=False)
    return rows.exclude(approval__standing=ApprovalRequest.State.WAITING)


def answered_keys(run: QuoteRun) -> set[uuid.UUID]:
    """Rows that need approval, of which it was asked for or answered since they were priced."""
    rows = run.rows.filter(state=State.APPROVAL)
    said = {key: (one.get("request"), one.get("state")) for key, one in rows.values_list("key", "approval")}
    if not said:
        return set()
    last = ApprovalRequest.objects.filter(key__in=said).order_by("round").values_list("key", "pk", "state")
    now = {key: (pk, state) for key, pk, state in last}
    return {key for key, found in now.items() if found != said[key]}


@dataclass(frozen=True)
class Progress:
    """How far the background is with a run: several works of one kind count as one."""

    done: int
    count: int
    is_running: bool
    is_paused: bool
    messages: tuple[str, ...]
    """Why it stands still, where somebody or something stopped it."""
    batches: tuple[Batch, ...]

    @property
    def percent(self) -> int:
        return min(99, 100 * self.done // self.count) if self.count else 0

    @property
    def is_open(self) -> bool:
        """Whether there is still something to come of it."""
        return self.is_running or self.is_paused


def progress_of(run: QuoteRun, kind: str) -> Progress | None:
    """Of the last works of a kind; None where there is none. One query."""
    works = list(run.works.filter(kind=kind).select_related("batch__created_by").order_by("-pk"))
    if not works:
        return None
    latest = [work.batch for work in works if work.batch.created_at == works[0].batch.created_at]
    return progress_of_batches(latest)


def progress_of_batches(batches: Iterable[Batch]) -> Progress:
    listed = tuple(batches)
    return Progress(
        done=sum(one.done_count for one in listed),
        count=sum(one.item_count or 0 for one in listed),
        is_running=any(not one.is_finished for one in listed),
        is_paused=any(one.state in PAUSED for one in listed),
        messages=tuple(dict.fromkeys(one.message for one in listed if one.state in PAUSED and one.message)),
        batches=listed,
    )


def works_open(run: QuoteRun) -> bool:
    """Whether the background is at the run, or was stopped and may go on."""
    kinds = (QuoteRunWork.Kind.PRICE, QuoteRunWork.Kind.ISSUE)
    waiting = QuoteRunWork.objects.filter(run=run, kind__in=kinds).exclude(
        batch__state__in=[Batch.State.DONE, Batch.State.REFUSED]
    )
    return waiting.exists()
