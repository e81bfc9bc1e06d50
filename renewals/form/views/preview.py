"""The price beside the form as it changes, and buttons that change what stands in the form. Nothing here is written."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from licensing.models import User
from licensing.views import for_makers

from ...drafts.queries import drafts_with_basis
from ...models import QuoteDraft
from ..forms import RenewalForm
from ..free_lines import ADD_ROW
from ..free_lines import name as free_name
from .changes import lay_out_differences
from .decision import lay_out_decision
from .opened import (
    Opened,
    choices,
    open_license_ids,
    price_form,
    remedy_changes,
    removed_free_row,
    removed_row,
    standing_line_of,
    typed_form,
)
from .places import as_text, changed_places, marks_of
from .remedies import PREFIX
from .sheet import lay_out
from .taking import TAKE


@require_POST
@for_makers
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The calculation beside the form, as it changes. Presses no button, whatever is sent, and writes nothing."""
    return _preview(request, typed_form(open_license_ids(request, code)))


@require_POST
@for_makers
def change(request: HttpRequest, code: str) -> HttpResponse:
    """A button that changes what stands in the form: a row of the additions more or less, what cures a refusal, one
    term for all license IDs, or a cell of the decision sheet.

    Writes nothing.
    """
    opened = open_license_ids(request, code)
    action = request.POST.get("action", "")
    if action.endswith("add-row"):
        return _further_row(request, opened, action)
    if action == ADD_ROW:
        return _further_free_row(request, opened, action)
    form = typed_form(opened, action=action)
    changes = remedy_changes(typed_form(opened), action)
    removed = removed_row(action)
    is_cured = action.startswith((PREFIX, TAKE)) and bool(changes)
    answer = _preview(
        request,
        form,
        removed=removed,
        is_cured=is_cured,
        removed_free=removed_free_row(action),
        taken=standing_line_of(action) is not None,
    )
    if changes:
        trigger_client_event(answer, "portal:fields", changes)
    return answer


@require_POST
@for_makers
def decision(request: HttpRequest, code: str) -> HttpResponse:
    """The decision sheet of one license ID of the form, chosen by its code (`decision`). Writes nothing."""
    form = typed_form(open_license_ids(request, code))
    form.is_valid()
    chosen = form.data.get("decision", "")
    context = {
        "form": form,
        "licenseid": form.licenseid,
        "decision": lay_out_decision(form=form, calculation=price_form(form), code=chosen),
    }
    return render(request, "renewals/form/_decision_body.html", context)


def _preview(
    request: HttpRequest,
    form: RenewalForm,
    *,
    removed: tuple[str, int] | None = None,
    is_cured: bool = False,
    removed_free: int | None = None,
    taken: bool = False,
) -> HttpResponse:
    form.is_valid()
    calculation = price_form(form)
    are_rows_drawn = removed is not None or is_cured
    products = choices(form, calculation.prices) if are_rows_drawn else ()
    sheet = lay_out(form=form, calculation=calculation, user=cast(User, request.user), products=products)
    differences = None
    if draft := _draft_of(request, form):
        differences = lay_out_differences(
            draft=draft,
            form=form,
            calculation=sheet.calculation,
            is_priced=sheet.is_priced,
            user=cast(User, request.user),
        )
    marks = marks_of(sheet, differences)
    changed = changed_places(marks, form.data.get("shown"))
    context: dict[str, object] = {
        "sheet": sheet,
        "form": form,
        "licenseid": form.licenseid,
        "differences": differences,
        "shown": as_text(marks),
        "changed": changed,
        "said": [(place, errors) for place, errors in sheet.errors.items() if place in changed],
        "are_rows_drawn": are_rows_drawn,
        "are_free_rows_drawn": removed_free is not None or taken,
    }
    if removed_free is not None:
        _focus(form, free_name(min(removed_free, form.free.count - 1), "description"))
    if removed is not None:
        prefix, row = removed
        counts = {part.prefix: part.addition_count for part in form.parts}
        _focus(form, f"{prefix}addition-{min(row, counts.get(prefix, 1) - 1)}-product")
    answer = render(request, "renewals/form/_preview_answer.html", context)
    before, after = request.POST.get("subject"), form.data.get("subject")
    if before != after:
        trigger_client_event(answer, "portal:subject", {"before": before, "after": after})
    return answer


def _focus(form: RenewalForm, name: str) -> None:
    if name in form.fields:
        form.fields[name].widget.attrs["autofocus"] = True


def _draft_of(request: HttpRequest, form: RenewalForm) -> QuoteDraft | None:
    """The draft that the form is of, as far as it was made from a quote. A new form sends no version."""
    key = form.cleaned_data.get("key")
    if key is None or form.cleaned_data.get("seen_version") is None:
        return None
    drafts = drafts_with_basis(cast(User, request.user)).filter(basis__isnull=False, customer=form.licenseid.customer)
    return drafts.filter(key=key).first()


def _further_free_row(request: HttpRequest, opened: Opened, action: str) -> HttpResponse:
    """An empty free line; nothing where there are as many as a form can have."""
    form = typed_form(opened, action=action)
    form.is_valid()
    form.free.offer_categories(price_form(form).prices.tables.tax_rates)
    last = form.free.count - 1
    if free_name(last, "description") in form.data:
        return HttpResponse(status=204)
    _focus(form, free_name(last, "description"))
    context = {"row": form.free.rows()[-1], "licenseid": form.licenseid}
    return render(request, "renewals/form/_free_line.html", context)


def _further_row(request: HttpRequest, opened: Opened, action: str) -> HttpResponse:
    """An empty row for additions; nothing where there are as many as a form can have."""
    form = typed_form(opened, action=action)
    form.is_valid()
    calculation = price_form(form)
    products = choices(form, calculation.prices)
    sheet = lay_out(form=form, calculation=calculation, user=cast(User, request.user), products=products)
    block = next((one for one in sheet.blocks if f"{one.prefix}add-row" == action), None)
    if block is None or (addition := block.additions[-1]).row.product_name in form.data:
        return HttpResponse(status=204)
    _focus(form, addition.row.product_name)
    context = {"addition": addition, "licenseid": form.licenseid, "block": block}
    return render(request, "renewals/form/_addition.html", context)
