"""What is pressed on the review of a run: each leads back to it, and says what came of it."""

import re
import uuid
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from licensing.models import User
from licensing.operations.turns import ChangedHands
from licensing.views import for_makers
from quotes.record.refusals import AlreadyIssued, FormKeyTaken

from ...approval.forms import MessageForm
from ...models import QuoteRun, QuoteRunWork
from ..operations import (
    RunRefused,
    acknowledge,
    ask_rows,
    leave_out,
    open_row,
    pause,
    price_again,
    resume,
    start_files,
    start_issue,
)
from ..operations.files import PRINT, ZIP
from ..queries import READ_CODES, visible_runs
from ..review import NAMES
from ..tasks import issue_run, put_together

MOST_ROWS = 1_000
"""Of one press: a page has fewer."""


@require_POST
@for_makers
def rows(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Leave the ticked rows out, take them in again, or price them again."""
    run, user = _find(request, key)
    keys = [found for text in request.POST.getlist("row")[:MOST_ROWS] if (found := _read_key(text))]
    act = request.POST.get("act", "")
    if not keys:
        messages.error(request, _("Tick the rows first."))
    elif act == "price":
        count = price_again(run=run, keys=keys, by=user, now=timezone.now())
        messages.success(request, _counted(count, _("%(count)s rows were priced again.")))
    elif act in ("out", "in"):
        count = leave_out(run=run, keys=keys, is_left_out=act == "out")
        said = _("%(count)s rows are left out.") if act == "out" else _("%(count)s rows are taken in again.")
        messages.success(request, _counted(count, said))
    return _back(request, run)


@require_POST
@for_makers
def read(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Tick one warning as read for all rows that have it."""
    run, user = _find(request, key)
    code = request.POST.get("code", "")
    if code not in READ_CODES:
        messages.error(request, _("There is no such warning."))
        return _back(request, run)
    try:
        count = acknowledge(run=run, code=code, seen_version=_number(request, "version"), by=user, now=timezone.now())
    except RunRefused as refused:
        messages.error(request, str(refused))
    else:
        said = _("%(name)s: read for %(count)s rows.") % {"name": NAMES[code], "count": f"{count:,}"}
        messages.success(request, said)
    return _back(request, run, without_code=True)


@require_POST
@for_makers
def ask(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for approval of all rows that need one."""
    run, user = _find(request, key)
    form = MessageForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["message"])))
        return _back(request, run)
    try:
        count = ask_rows(run=run, message=form.cleaned_data["message"], by=user, now=timezone.now())
    except RunRefused as refused:
        messages.error(request, str(refused))
    else:
        said = ngettext(
            "Approval is asked for of %(count)s quote.", "Approval is asked for of %(count)s quotes.", count
        )
        messages.success(request, said % {"count": f"{count:,}"})
    return _back(request, run)


@require_POST
@for_makers
def open_in_form(request: HttpRequest, key: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    """The row as a draft in the form."""
    run, user = _find(request, key)
    found = get_object_or_404(run.rows, key=row)
    try:
        return redirect("renewals:draft", key=open_row(row=found, by=user, now=timezone.now()))
    except RunRefused as refused:
        messages.error(request, str(refused))
    except (AlreadyIssued, FormKeyTaken):
        messages.error(request, _("This row was issued already."))
    except ChangedHands:
        messages.error(request, _("A license ID has come to another customer meanwhile. Price the row again."))
    return _back(request, run)


@require_POST
@for_makers
def issue(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Issue what is ready, as many and as much as the button said."""
    run, user = _find(request, key)
    try:
        count = start_issue(
            run=run,
            seen_count=_number(request, "count"),
            seen_total=_number(request, "total"),
            task=issue_run,
            by=user,
            now=timezone.now(),
        )
    except RunRefused as refused:
        messages.error(request, str(refused))
    else:
        said = ngettext("%(count)s quote is being issued.", "%(count)s quotes are being issued.", count)
        messages.success(request, said % {"count": f"{count:,}"})
    return redirect("renewals:batch", key=run.key)


@require_POST
@for_makers
def steer(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Pause what the background does for the run, or go on with it."""
    run, user = _find(request, key)
    kind = request.POST.get("kind", "")
    if kind in QuoteRunWork.Kind.values:
        deed = resume if request.POST.get("act") == "resume" else pause
        deed(run=run, kind=kind, by=user, now=timezone.now())
    return _back(request, run)


@require_POST
@for_makers
def files(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Put the PDFs together: an archive, or one file to print."""
    run, user = _find(request, key)
    form = PRINT if request.POST.get("form") == PRINT else ZIP
    try:
        start_files(run=run, form=form, task=put_together, by=user, now=timezone.now())
    except RunRefused as refused:
        messages.error(request, str(refused))
    return redirect("renewals:batch", key=run.key)


@never_cache
@require_safe
@for_makers
def file(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The file that was made last; back to the run where its time is over."""
    run, _user = _find(request, key)
    work = run.works.filter(kind=QuoteRunWork.Kind.FILES).exclude(file_name="").order_by("-pk").first()
    path = Path(settings.EXPORT_ROOT, work.file_name) if work else None
    if path is None or not path.is_file():
        messages.error(request, _("The file is not there any more. Have it made again."))
        return redirect("renewals:batch", key=run.key)
    day = date_format(timezone.localdate(run.created_at), "Ymd")
    name = f"{day}_{_('Batch of quotes')}{path.suffix}"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return cast(HttpResponse, response)


def _find(request: HttpRequest, key: uuid.UUID) -> tuple[QuoteRun, User]:
    user = cast(User, request.user)
    return get_object_or_404(visible_runs(user), key=key), user


def _back(request: HttpRequest, run: QuoteRun, *, without_code: bool = False) -> HttpResponse:
    """To the rows that were shown."""
    address = reverse("renewals:batch", args=[run.key])
    names = ("show", "page") if without_code else ("show", "code", "page")
    query = "&".join(
        f"{name}={text}"
        for name in names
        if re.fullmatch(r"[a-z0-9-]{1,30}", text := request.POST.get(f"back_{name}", ""), re.ASCII)
    )
    return redirect(f"{address}?{query}" if query else address)


def _counted(count: int, said: str) -> str:
    return said % {"count": f"{count:,}"}


def _number(request: HttpRequest, name: str) -> int:
    """As the page sent it; -1, which nothing is, for anything else."""
    text = request.POST.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text, re.ASCII) else -1


def _read_key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
