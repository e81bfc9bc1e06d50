"""Lists of what is held: brought in, looked at, confirmed, undone; and taken out."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from foundation.held import sent
from foundation.jobs.models import Batch
from foundation.spreadsheets.bounds import HEAD_ROWS
from foundation.spreadsheets.datasets import Csv, Xlsx

from ..models import HeldImport, Reseller, User
from ..queries import entered_resellers
from ..views import for_enterers
from . import reading, tasks
from .forms import ColumnsForm, ConfirmForm, ListForm, QuestionsForm
from .operations import (
    ImportRefused,
    answer_questions,
    choose_columns,
    confirm_list,
    held_dataset,
    keep_list,
    look_at_list,
    names_key,
    template_dataset,
    undo_list,
)
from .preview import preview_of
from .queries import visible_imports

UNATTENDED = timedelta(seconds=15)
DOING = {
    "": gettext_lazy("It waits for its turn."),
    "reading": gettext_lazy("The rows are read and checked."),
    "comparing": gettext_lazy("The list is compared."),
    "keeping": gettext_lazy("The result is kept."),
    "loading": gettext_lazy("The changes are put together."),
    "writing": gettext_lazy("The list is written."),
    "undoing": gettext_lazy("Everything is made as it was before."),
}
FORMATS: dict[str, tuple[Any, str]] = {
    "xlsx": (Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (Csv, "text/csv; charset=utf-8"),
}
on_forms = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@on_forms
@for_enterers
def import_list(request: HttpRequest) -> HttpResponse:
    """Asks for the list: a file, or pasted rows."""
    user = cast(User, request.user)
    resellers = entered_resellers(user) if user.is_portal_admin else None
    form = ListForm(sent(request), request.FILES or None, resellers=resellers)
    if request.method == "POST" and form.is_valid():
        upload = keep_list(
            content=form.content,
            file_name=form.file_name,
            reseller=form.cleaned_data.get("reseller") or cast(Reseller, user.reseller),
            by=user,
            now=timezone.now(),
        )
        return redirect("held_columns", upload.key)
    context = {"form": form, "uploads": visible_imports(user)[:10], "has_resellers": resellers is not None}
    return render(request, "licensing/holdings/import.html", context, status=_status(form))


@never_cache
@on_forms
@for_enterers
def columns(request: HttpRequest, key: Any) -> HttpResponse:
    """The first rows, and what each column is taken for."""
    upload = _find(request, key)
    typed = sent(request, chosen=("sheet",))
    asked = (request.GET if typed is None else typed).get("sheet", "")
    sheet = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else None
    try:
        look, fields = look_at_list(upload=upload, sheet=sheet)
    except reading.FileRefused as refused:
        return render(request, "licensing/holdings/refused.html", {"upload": upload, "why": str(refused)}, status=422)
    layout = look.layout
    form = ColumnsForm(typed, layout=layout, fields=fields, is_whole=upload.is_whole)
    if request.method == "POST" and form.is_valid():
        try:
            choose_columns(
                upload=upload,
                sheet=layout.sheet.position,
                fields=form.chosen,
                names_key=names_key(layout),
                is_whole=form.cleaned_data["is_whole"],
                task=tasks.check_held_list,
                by=cast(User, request.user),
                now=timezone.now(),
            )
        except ImportRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("held_import", upload.key)
    first = [
        (number, [cells[index] if index < len(cells) else "" for index in form.columns])
        for number, cells in layout.rows[: reading.FIRST_ROWS]
    ]
    context = {
        "upload": upload,
        "form": form,
        "rows": first,
        "sheets": look.sheets,
        "sheet": layout.sheet.position,
        "missing": reading.name_fields(reading.missing_fields(list(fields.values()))),
        "head_row": layout.last_head_row,
        "depth": HEAD_ROWS,
    }
    return render(request, "licensing/holdings/columns.html", context, status=_status(form))


@never_cache
@on_forms
@for_enterers
def imported(request: HttpRequest, key: Any) -> HttpResponse:
    """How far the work is; then what is wrong and unclear, and what the list changes; and the button to confirm."""
    upload = _find(request, key)
    if upload.check_batch is None:
        return redirect("held_columns", upload.key)
    open_ones = [each for each in upload.questions if each["key"] not in upload.answers]
    gone = upload.counts.get("holding gone", 0)
    typed = sent(request)
    answering = typed is not None and "answer" in typed
    questions = QuestionsForm(typed if answering else None, questions=open_ones)
    form = ConfirmForm(None if answering else typed, upload=upload, gone=gone)
    if request.method == "POST" and (questions if answering else form).is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            if answering:
                answer_questions(upload=upload, answers=questions.answers, task=tasks.check_held_list, by=by, now=now)
            else:
                confirm_list(
                    upload=upload,
                    removes_gone=form.cleaned_data.get("removes_gone", False),
                    leaves_wrong=form.cleaned_data.get("leaves_wrong", False),
                    task=tasks.write_held_list,
                    by=by,
                    now=now,
                )
        except ImportRefused as refused:
            if not answering:
                form.add_error(None, str(refused))
            else:
                messages.error(request, str(refused))
        else:
            return redirect("held_import", upload.key)
    batch = _batch(upload)
    context = {"upload": upload, "batch": batch, "form": form, "questions": questions if open_ones else None}
    if not batch.is_finished:
        return render(request, "licensing/holdings/progress.html", context | _progress(batch))
    if upload.check_batch.state == Batch.State.DONE:
        context |= preview_of(upload, shown=request.GET.get("show", ""), page=request.GET.get("page"))
    return render(request, "licensing/holdings/imported.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@for_enterers
def progress(request: HttpRequest, key: Any) -> HttpResponse:
    """The part of the page that tells how far the work is; the whole page anew once it is finished."""
    upload = _find(request, key)
    batch = _batch(upload)
    if batch.is_finished:
        return HttpResponseClientRefresh()
    return render(request, "licensing/holdings/_progress.html", {"batch": batch, **_progress(batch)})


@require_POST
@for_enterers
def undo(request: HttpRequest, key: Any) -> HttpResponse:
    """Have everything made as it was before the list."""
    upload = _find(request, key)
    try:
        undo_list(upload=upload, task=tasks.undo_held_list, by=cast(User, request.user), now=timezone.now())
    except ImportRefused as refused:
        messages.error(request, str(refused))
    return redirect("held_import", upload.key)


@never_cache
@require_safe
@for_enterers
def export_held(request: HttpRequest, form: str) -> HttpResponse:
    """All that the reseller's customers hold, as a file that can be imported again. Portal admins say whose."""
    resellers = entered_resellers(request.user)
    asked = request.GET.get("reseller", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        resellers = resellers.filter(pk=int(asked))
    reseller = resellers.order_by("pk").first()
    if reseller is None:
        raise Http404
    return _as_file(held_dataset(reseller=reseller), form, f"holdings-{timezone.localdate():%Y%m%d}")


@never_cache
@require_safe
@for_enterers
def template_held(request: HttpRequest, form: str) -> HttpResponse:
    """A file to fill in, with examples."""
    return _as_file(template_dataset(on=timezone.localdate()), form, "holdings-template")


def _as_file(data: Any, form: str, name: str) -> HttpResponse:
    writer, kind = FORMATS[form]
    response = HttpResponse(writer().export_data(data), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _find(request: HttpRequest, key: Any) -> HeldImport:
    return get_object_or_404(visible_imports(request.user), key=key)


def _batch(upload: HeldImport) -> Batch:
    batch = upload.undo_batch or upload.confirm_batch or upload.check_batch
    if batch is None:
        raise Http404
    return batch


def _progress(batch: Batch) -> dict[str, Any]:
    waits = batch.state == Batch.State.WAITING and timezone.now() - batch.enqueued_at > UNATTENDED
    return {"doing": DOING.get(batch.doing, ""), "is_unattended": waits}


def _status(form: Any) -> int:
    return 422 if form.errors else 200
