"""A reseller's cost rates: for its managers alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.held import sent
from foundation.spreadsheets.datasets import Csv, Xlsx
from foundation.spreadsheets.refusals import FileRefused
from foundation.versioned_forms import ChangedMeanwhile
from licensing.holdings.operations.works import load_catalogue
from licensing.models import Product, Programme, Reseller, User
from licensing.views import for_managers

from ..models import CostRate
from .forms import NewRateForm, RateForm, RatesFileForm
from .operations import add_rate, change_rate, remove_rate, write_rates
from .queries import rates_of
from .reading import ALIASES, COLUMNS, Problem, rates_dataset, read_rates

MOST_SHOWN = 200
"""Problems of a file on its page."""
FORMATS: dict[str, tuple[Any, str]] = {
    "xlsx": (Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (Csv, "text/csv; charset=utf-8"),
}
on_forms = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Shown:
    """A rate in the list."""

    rate: CostRate
    state: str
    """`coming`, `now` or `past`."""


@on_forms
@for_managers
def cost_rates(request: HttpRequest) -> HttpResponse:
    """All rates of the manager's reseller, and a form for one more."""
    reseller, on = _reseller(request), timezone.localdate()
    form = NewRateForm(
        sent(request),
        programmes=Programme.objects.order_by("code"),
        products=Product.objects.select_related("programme").order_by("code"),
        on=on,
    )
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            add_rate(reseller=reseller, of=form.thing, percent=cleaned["percent"], effective_on=cleaned["effective_on"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The cost rate of %(thing)s is added.") % {"thing": form.thing})
            return redirect("pricing:cost-rates")
    context = {"form": form, "rates": _shown(reseller, on)}
    return render(request, "pricing/costs/list.html", context, status=_status(form))


@on_forms
@for_managers
def cost_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """One rate, to correct it."""
    found = _find(request, pk)
    form = RateForm(sent(request), rate=found)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            look = form.still(lambda row: RateForm(rate=row))
            change_rate(rate=found, percent=cleaned["percent"], effective_on=cleaned["effective_on"], look=look)
        except ValidationError as error:
            form.add_error(None, error)
        except ChangedMeanwhile as changed:
            form = RateForm(sent(request), rate=changed.row)
        except CostRate.DoesNotExist:
            messages.warning(request, _("Somebody removed this cost rate meanwhile. Nothing is saved."))
            return redirect("pricing:cost-rates")
        else:
            messages.success(request, _("The cost rate of %(thing)s is saved.") % {"thing": _thing(found)})
            return redirect("pricing:cost-rates")
    context = {"form": form, "rate": found, "thing": _thing(found)}
    return render(request, "pricing/costs/rate.html", context, status=_status(form))


@require_POST
@for_managers
def remove_cost_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one rate away."""
    found = _find(request, pk)
    thing = _thing(found)
    remove_rate(rate=found)
    messages.success(request, _("The cost rate of %(thing)s is removed.") % {"thing": thing})
    return redirect("pricing:cost-rates")


@on_forms
@for_managers
def import_cost_rates(request: HttpRequest) -> HttpResponse:
    """Many rates by a file: all of it is taken, or the page says row by row what is wrong."""
    form = RatesFileForm(request.POST, request.FILES) if request.method == "POST" else RatesFileForm()
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            read = read_rates(
                form.cleaned_data["file"], catalogue=load_catalogue(), programmes=Programme.objects.order_by("code")
            )
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            if not (problems := read.problems):
                written = write_rates(reseller=_reseller(request), rates=read.rates)
                text = _("%(added)s cost rates added, %(changed)s changed, %(same)s as they were.")
                counts = {"added": written.added, "changed": written.changed, "same": written.same}
                messages.success(request, text % counts)
                return redirect("pricing:cost-rates")
    context = {
        "form": form,
        "problems": problems[:MOST_SHOWN],
        "count": len(problems),
        "more": max(len(problems) - MOST_SHOWN, 0),
        "columns": [(words, "、".join(ALIASES[name][1:])) for name, words in COLUMNS.items()],
    }
    return render(request, "pricing/costs/import.html", context, status=422 if problems else _status(form))


@never_cache
@require_safe
@for_managers
def export_cost_rates(request: HttpRequest, form: str) -> HttpResponse:
    """All rates as a file that can be imported again."""
    writer, kind = FORMATS[form]
    response = HttpResponse(writer().export_data(rates_dataset(rates_of(_reseller(request)))), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="cost-rates-{timezone.localdate():%Y%m%d}.{form}"'
    return response


def _reseller(request: HttpRequest) -> Reseller:
    return cast(Reseller, cast(User, request.user).reseller)


def _find(request: HttpRequest, pk: int) -> CostRate:
    found: CostRate = get_object_or_404(rates_of(_reseller(request)).select_related("reseller"), pk=pk)
    return found


def _thing(rate: CostRate) -> str:
    return str(rate.product or rate.programme)


def _shown(reseller: Reseller, on: date) -> list[Shown]:
    """Rates of programmes first; of each thing the newest first, of which the first that has begun is in force."""
    rows = sorted(rates_of(reseller), key=lambda row: row.product is not None)
    found, known = [], set()
    for row in rows:
        thing = (row.programme_id, row.product_id)
        state = "coming" if row.effective_on > on else "past" if thing in known else "now"
        if state == "now":
            known.add(thing)
        found.append(Shown(row, state))
    return found


def _status(form: Any) -> int:
    return 422 if form.errors else 200
