"""Orders for other programs: chosen, looked at, fetched as a file; and which fields a reseller wants."""

import uuid
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.text.keys import read_key
from foundation.versioned_forms import Look, fill_and_save
from licensing.models import Reseller, User
from licensing.views import for_managers, for_staff

from ..models import FieldOrder, Quote
from ..record.downloads import file_answer
from ..record.queries import visible_quotes
from .fields import FIELDS, Row, read_order, read_orders
from .forms import ColumnsForm, DaysForm
from .layouts import Layout, layouts, plain
from .operations import save_columns
from .queries import chosen_orders, columns_of, orders_between
from .writing import unknown_characters, write_orders

PER_PAGE = 100
MOST = 1000
"""Orders in one file."""
SHEET = Layout("entry", "", "", day="%Y/%m/%d")
MOST_NAMED = 100
"""Characters that cannot be written, named on a page."""
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain",
}


@require_safe
@for_staff
def handover(request: HttpRequest) -> HttpResponse:
    """Ordered quotes by the day of the order, to be ticked, and the files that can be made of them."""
    return _page(request, DaysForm(request.GET), ticked=None)


@require_POST
@for_staff
def handover_file(request: HttpRequest) -> HttpResponse:
    """The file of the ticked orders, or of all that the days find. What its encoding lacks is named before."""
    user = cast(User, request.user)
    form = DaysForm(request.POST)
    layout = layouts(columns_of(user.reseller, FieldOrder.Purpose.TABLE)).get(request.POST.get("form", ""))
    keys = [key for text in request.POST.getlist("quote") if (key := read_key(text))]
    if not form.is_valid():
        return _page(request, form, ticked=keys)
    if request.POST.get("which") == "all":
        days = form.cleaned_data
        found = orders_between(user, days["first_day"], days["last_day"])
        keys = list(found.values_list("key", flat=True)[: MOST + 1])
    if layout is None:
        return _page(request, form, ticked=keys, trouble=_("Choose a format."))
    if len(keys) > MOST:
        text = _("More than %(most)s orders are too many for one file. Take fewer days at a time.")
        return _page(request, form, ticked=None, trouble=text % {"most": f"{MOST:,}"})
    quotes = chosen_orders(user, keys)
    if not quotes or len(quotes) < len(set(keys)):
        text = (
            _("Tick the orders.") if not keys else _("Some of these are not ordered any more. Tick the orders again.")
        )
        return _page(request, form, ticked=[quote.key for quote in quotes], trouble=text)
    rows = read_orders(quotes)
    unknown = unknown_characters(rows, layout)
    if unknown and request.POST.get("replace") != "on":
        return _page(request, form, ticked=[quote.key for quote in quotes], unknown=unknown)
    day = timezone.localdate().strftime("%Y%m%d")
    name = f"{day}_{layout.name}_{quotes[0].number if len(quotes) == 1 else len(quotes)}.{layout.ending}"
    charset = "" if layout.ending == "xlsx" else f"; charset={'Shift_JIS' if layout.encoding == 'cp932' else 'utf-8'}"
    return file_answer(
        write_orders(rows, layout), (name, name), content_type=f"{CONTENT_TYPES[layout.ending]}{charset}"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def field_order(request: HttpRequest, purpose: str) -> HttpResponse:
    """Which fields the manager's reseller wants in its own table, or on the entry sheet."""
    reseller = cast(Reseller, cast(User, request.user).reseller)

    def fill(row: Reseller, data: object = None) -> ColumnsForm:
        return ColumnsForm(data, columns=columns_of(row, purpose), row=row)

    def save(form: ColumnsForm, look: Look) -> None:
        save_columns(reseller=reseller, purpose=purpose, columns=form.columns(), look=look)

    form, is_saved = fill_and_save(request, row=reseller, fill=fill, save=save)
    if is_saved:
        messages.success(request, _("Saved."))
        return redirect(request.path)
    context = {"form": form, "is_entry": purpose == FieldOrder.Purpose.ENTRY}
    return render(request, "quotes/handover/columns.html", context, status=422 if form.errors else 200)


@require_safe
@for_staff
def entry_sheet(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The fields of one order, to be copied one by one into the vendor's pages. Nothing that is ticked is kept."""
    user = cast(User, request.user)
    found = chosen_orders(user, [key])
    if not found:
        quote = get_object_or_404(visible_quotes(user), key=key)
        messages.error(request, _("%(number)s is not ordered: there is nothing to enter.") % {"number": quote.number})
        return redirect("quotes:detail", key=key)
    [quote] = found
    rows, columns = read_order(quote), columns_of(quote.reseller, FieldOrder.Purpose.ENTRY)
    of_order = [(name, head) for name, head in columns if not FIELDS[name].of_line]
    of_line = [(name, head) for name, head in columns if FIELDS[name].of_line]
    sections = [Section("", _written(rows[0], of_order, "order"))] if of_order else []
    if of_line:
        sections += [
            Section(
                f"{row['line_number']}. {row['license_id']} {row['product_name']}",
                _written(row, of_line, f"line-{row['line_number']}"),
            )
            for row in rows
            if row["license_id"]  # the reseller's own lines are nothing to the vendor
        ]
    context = {"quote": quote, "sections": sections}
    return render(request, "quotes/handover/entry.html", context)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the entry sheet: the order (without a title) or one line."""

    title: str
    fields: list[tuple[str, str, str, bool]]
    """ID, name and value of each, and whether it has several lines."""


def _written(row: Row, columns: list[tuple[str, str]], prefix: str) -> list[tuple[str, str, str, bool]]:
    """Values as they are typed elsewhere: digits without commas, days as 2027/04/01."""
    texts = [(name, head, plain(row[name], SHEET)) for name, head in columns]
    return [(f"{prefix}-{name}", head, text, "\n" in text) for name, head, text in texts]


def _page(
    request: HttpRequest,
    form: DaysForm,
    *,
    ticked: list[uuid.UUID] | None,
    unknown: Any = (),
    trouble: str = "",
) -> HttpResponse:
    """`ticked`: None where nobody has ticked yet; then the quote that the address names."""
    user = cast(User, request.user)
    asked = read_key(request.GET.get("quote", ""))
    if ticked is None:
        ticked = [asked] if asked else []
    days = form.cleaned_data if form.is_valid() else {}
    found = orders_between(user, days.get("first_day"), days.get("last_day"))
    if asked or (ticked and request.POST.get("which") != "all"):
        found = found.filter(key__in=ticked)  # those alone, on whichever page they would stand
    paginator: Paginator[Quote] = Paginator(found, PER_PAGE)
    context = {
        "form": form,
        "page": paginator.get_page(request.GET.get("page")),
        "ticked": set(ticked),
        "formats": [(layout.name, layout.words) for layout in layouts(()).values()],
        "chosen": request.POST.get("form", ""),
        "is_all": request.POST.get("which") == "all",
        "unknown": unknown[:MOST_NAMED],
        "more_unknown": max(len(unknown) - MOST_NAMED, 0),
        "trouble": trouble,
    }
    return render(request, "quotes/handover/handover.html", context, status=422 if request.method == "POST" else 200)
