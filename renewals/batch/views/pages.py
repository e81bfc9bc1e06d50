"""Many quotes in one go: how they are made, the review of their rows, the runs before."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from foundation.held import sent
from licensing.models import User
from licensing.views import for_makers
from licensing.views.pages import page_of

from ...approval.forms import MessageForm
from ...models import QuoteRun, QuoteRunRow, QuoteRunWork
from ..chosen import read_chosen
from ..forms import SettingsForm
from ..operations import RunRefused, follow, start_run
from ..operations.issuing import words_of_button
from ..queries import (
    LEFT_OUT,
    READ_CODES,
    Progress,
    counted_runs,
    margin_sums,
    progress_of,
    rows_of,
    rows_to_ask,
    sums_of,
    unsent_count,
    visible_runs,
)
from ..review import NAMES, lay_out, to_read
from ..tasks import price_run

State, Kind = QuoteRunRow.State, QuoteRunWork.Kind
LATE_AFTER = 15
"""Seconds after which work that nobody has begun is told of."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def new(request: HttpRequest) -> HttpResponse:
    """What is chosen, and how its quotes are made; then the run begins. A list sends what is chosen, without more."""
    user = cast(User, request.user)
    typed = sent(request, chosen=("licenseid", "license_id", "filter"))
    is_typed = typed is not None and typed.get("act") == "start"
    is_sent = is_typed and request.method == "POST"
    form = SettingsForm(typed if is_typed else None)
    try:
        chosen = read_chosen(request.GET if typed is None else typed, user=user, on=timezone.localdate())
        if is_sent and form.is_valid():
            run = start_run(license_ids=chosen, settings=form.settings(), task=price_run, by=user, now=timezone.now())
            return redirect("renewals:batch", key=run.key)
        if not chosen:
            raise RunRefused(_("Choose at least one license ID."))
    except RunRefused as refused:
        messages.error(request, str(refused))
        return redirect("renewals:batches")
    context = {"form": form, "count": len(chosen), "chosen": " ".join(map(str, chosen))}
    return render(request, "renewals/batch/new.html", context, status=422 if form.errors else 200)


@require_safe
@for_makers
def runs(request: HttpRequest) -> HttpResponse:
    """The reseller's runs, the last one first."""
    page = page_of(request, counted_runs(cast(User, request.user)))
    return render(request, "renewals/batch/list.html", {"page": page})


@never_cache
@require_safe
@for_makers
def review(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The rows of a run: ready, to be looked at, refused; what is to be ticked, and the button that issues."""
    user = cast(User, request.user)
    run = get_object_or_404(visible_runs(user), key=key)
    pricing = progress_of(run, Kind.PRICE)
    if pricing is None or not pricing.is_open:
        follow(run=run, by=user, now=timezone.now())
        run.refresh_from_db(fields=["version"])
    issuing = progress_of(run, Kind.ISSUE)
    sums = sums_of(run)
    shown, code = request.GET.get("show", ""), request.GET.get("code", "")
    code = code if code in READ_CODES else ""
    page = page_of(request, rows_of(run, shown=shown, code=code).order_by("position"))
    works = {Kind.PRICE: pricing, Kind.ISSUE: issuing}
    if sums.by_state[State.ISSUED]:
        works |= {kind: progress_of(run, kind) for kind in (Kind.SEND, Kind.FILES)}
    open_works = [(kind, found, is_late(found)) for kind, found in works.items() if found and found.is_open]
    rows = lay_out(page.object_list, user=user)
    context: dict[str, Any] = {
        "run": run,
        "sums": sums,
        "filters": filters_of(sums.by_state, sums.count, shown),
        "shown": shown,
        "code": code,
        "code_name": NAMES.get(code, ""),
        "page": page,
        "rows": rows,
        "has_open": any(one.is_open for one in rows),
        "margins": margin_sums(run, user),
        "to_read": to_read(sums),
        "button": words_of_button(sums.ready, sums.ready_total),
        "open_works": open_works,
        "is_blocked": any(found.is_running or kind in (Kind.PRICE, Kind.ISSUE) for kind, found, _late in open_works),
        "is_sending": any(kind == Kind.SEND for kind, _found, _late in open_works),
        "to_ask": rows_to_ask(run).count() if sums.by_state[State.APPROVAL] else 0,
        "message_form": MessageForm(),
        "unsent": unsent_count(run) if sums.by_state[State.ISSUED] else 0,
        "has_file": run.works.filter(kind=Kind.FILES).exclude(file_name="").exists(),
    }
    return render(request, "renewals/batch/review.html", context)


def filters_of(by_state: dict[str, int], count: int, shown: str) -> list[tuple[str, Any, int, bool]]:
    """Name in the address, words, how many, whether it is shown. Only those that have rows, and the chosen one."""
    words: dict[str, Any] = {
        "": _("All"),
        State.WAITING: State.WAITING.label,
        State.READY: State.READY.label,
        State.LOOK: State.LOOK.label,
        State.APPROVAL: State.APPROVAL.label,
        State.REFUSED: _("cannot be issued"),
        LEFT_OUT: _("left out"),
        State.ISSUED: State.ISSUED.label,
    }
    counts = {"": count, **by_state}
    return [
        (name, word, counts[name], name == shown)
        for name, word in words.items()
        if name == shown or counts[name] or name in ("", State.READY, State.LOOK, State.REFUSED)
    ]


def is_late(progress: Progress | None) -> bool:
    """Whether nobody has begun for a while: no worker may be there."""
    if progress is None or not progress.is_running or progress.done:
        return False
    waiting = [batch for batch in progress.batches if batch.state == batch.State.WAITING]
    return any((timezone.now() - batch.enqueued_at).total_seconds() > LATE_AFTER for batch in waiting)


@never_cache
@require_safe
@for_makers
def progress(request: HttpRequest, key: uuid.UUID, kind: str) -> HttpResponse:
    """What htmx puts into the page every second; the whole page again when there is more to see."""
    run: QuoteRun = get_object_or_404(visible_runs(cast(User, request.user)), key=key)
    found = progress_of(run, kind)
    if found is None or not found.is_running:
        return HttpResponseClientRefresh()
    context = {"run": run, "progress": found, "kind": kind, "is_late": is_late(found)}
    return render(request, "renewals/batch/_progress.html", context)
