"""The search of all issued revisions, and what was found as a file: asked for, watched and fetched."""

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from foundation.jobs.operations import BatchNotSteered, cancel_batch, retry_batch
from foundation.paging import KeysFirst
from licensing.models import User
from licensing.views import for_staff

from ...models import OrderFile, RecordExport
from ...record.queries import visible_quotes
from ..exports import ExportRefused, describe, start_export
from ..forms import ExportForm, RecordSearchForm
from ..listing import with_places
from ..search import RECORD_ORDERS, RecordSearch, count_records, find_records, visible_exports
from ..tasks import export_records

PER_PAGE = 50
RECENT = 5
"""Exports that the search page lists."""
CONTENT_TYPES = {
    RecordExport.Form.ZIP: "application/zip",
    RecordExport.Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    RecordExport.Form.CSV: "text/csv; charset=utf-8",
    RecordExport.Form.CP932: "text/csv; charset=Shift_JIS",
}


@require_safe
@for_staff
def search(request: HttpRequest) -> HttpResponse:
    """Issued revisions in all states, by day, total, customer, number, license ID and state."""
    user = cast(User, request.user)
    form = RecordSearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "on": timezone.localdate()}
    if form.is_valid():
        context |= found(user, form.search(), context["on"], request.GET.get("page"))
    context["exports"] = [
        (export, export.is_there(now=timezone.now())) for export in visible_exports(user).order_by("-pk")[:RECENT]
    ]
    return render(request, "quotes/archive/records.html", context, status=422 if form.errors else 200)


@require_POST
@for_staff
def export(request: HttpRequest) -> HttpResponse:
    """Ask for the file of what is found; a worker writes it."""
    user = cast(User, request.user)
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect("quotes:records")
    try:
        made = start_export(
            search=form.search(),
            form=form.cleaned_data["form"],
            task=export_records,
            by=user,
            on=timezone.localdate(),
            now=timezone.now(),
        )
    except ExportRefused as refused:
        messages.error(request, str(refused))
        return redirect("quotes:records")
    return redirect("quotes:export", made.key)


@require_safe
@for_staff
def export_page(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """How far an export is, and its file."""
    return render(request, "quotes/archive/export.html", progress(get_export(request, key)))


@require_safe
@for_staff
def export_progress(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What htmx puts into the page every second; the whole page again when it is finished."""
    made = get_export(request, key)
    if made.batch.is_finished:
        return HttpResponseClientRefresh()
    return render(request, "quotes/archive/_export_progress.html", progress(made))


@require_POST
@for_staff
def export_cancel(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    return steer(request, key, cancel_batch)


@require_POST
@for_staff
def export_retry(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    return steer(request, key, retry_batch)


def steer(request: HttpRequest, key: uuid.UUID, operation: Any) -> HttpResponse:
    """Stop an export or begin it again, and back to its page."""
    made = get_export(request, key)
    try:
        operation(batch=made.batch, by=cast(User, request.user), now=timezone.now())
    except BatchNotSteered as refused:
        messages.warning(request, str(refused))
    return redirect("quotes:export", made.key)


@require_safe
@for_staff
def export_file(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The file, while it is there; then the page that says that it is not."""
    made = get_export(request, key)
    path = Path(settings.EXPORT_ROOT, made.file_name)
    try:
        file = path.open("rb") if made.is_there(now=timezone.now()) else None
    except OSError:
        file = None
    if file is None:
        messages.warning(request, _("This file is not there any more. Search again and make a new one."))
        return redirect("quotes:export", made.key)
    ending = "csv" if made.form == RecordExport.Form.CP932 else made.form
    moment = timezone.localtime(made.batch.created_at).strftime("%Y%m%d-%H%M")
    name = _("quote-records")
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}_{moment}.{ending}",
        content_type=CONTENT_TYPES[RecordExport.Form(made.form)],
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return cast(HttpResponse, response)


def get_export(request: HttpRequest, key: uuid.UUID) -> RecordExport:
    return get_object_or_404(visible_exports(cast(User, request.user)), key=key)


def found(user: User, asked: RecordSearch, on: date, number: str | None) -> dict[str, Any]:
    """What of the search stands on one page."""
    quotes = find_records(user=user, search=asked, on=on)
    count, total = count_records(user=user, search=asked, on=on)
    later = OrderFile.objects.filter(quote=OuterRef("quote"), supersedes=OuterRef("position"))
    kept = OrderFile.objects.defer("content").annotate(is_superseded=Exists(later)).order_by("position")
    files = Prefetch("order_files", kept)
    shown = with_places(visible_quotes(user)).only(*SHOWN).prefetch_related(files)
    page = KeysFirst(quotes, PER_PAGE, shown=shown, count=count).get_page(number)
    return {
        "page": page,
        "count": count,
        "total": total,
        "heads": list(heads_of(asked.order)),
        "asked": describe(asked),
        "sort": asked.order,
        "formats": RecordExport.Form.choices,
    }


SHOWN = [
    "key", "number", "issued_on", "valid_until", "customer_name", "license_codes", "subject", "total",
    "reseller__name", "status__state", "status__ordered_on", "status__order_number",
    "customer__reseller_id", "customer__merged_into_id", "issued_by__name",
]  # fmt: skip


def heads_of(order: str) -> Iterator[tuple[str, str, str]]:
    """Each column by which can be sorted: its name, how it is sorted now, and the order that a click asks for."""
    for name in RECORD_ORDERS:
        if order == name:
            yield name, "ascending", f"-{name}"
        elif order == f"-{name}":
            yield name, "descending", name
        else:
            yield name, "", f"-{name}" if name in ("day", "total") else name


def progress(made: RecordExport) -> dict[str, Any]:
    batch, asked = made.batch, RecordSearch.from_json(made.criteria)
    waits = batch.state == batch.State.WAITING
    return {
        "export": made,
        "batch": batch,
        "is_there": made.is_there(now=timezone.now()),
        "asked": describe(asked),
        "query": asked.as_query(),
        "is_late": waits and (timezone.now() - batch.created_at).total_seconds() > 15,
    }
