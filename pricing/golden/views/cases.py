"""Golden cases: entered and confirmed on one page, with what is expected of them and what became of it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.administration.frame import log_page, show_page
from foundation.versions import NAME, Conflict, Difference, last_change
from licensing.models import Product

from ...models import Asked, GoldenAcceptance, GoldenCase, GoldenResult, PriceList
from ...results import Cell, compare_results, say_result
from ..forms import MOST_ROWS, CaseEntry
from ..operations import NoListInForce, calculate_case, expectations_before, keep_case

MORE_ROWS = {"holding": 4, "addition": 2}


def case_page(request: HttpRequest, case: GoldenCase | None) -> HttpResponse:
    """Enter, calculate with the list in force, confirm."""
    if request.method != "POST":
        return show_case(request, CaseEntry(case=case), case)
    action = request.POST.get("action", "")
    data = request.POST.copy()
    if action in ("more-holding", "more-addition"):
        prefix = action.removeprefix("more-")
        rows = rows_before(data.get(f"{prefix}-TOTAL_FORMS", ""))
        data[f"{prefix}-TOTAL_FORMS"] = str(min(rows + MORE_ROWS[prefix], MOST_ROWS))
        return show_case(request, CaseEntry(data, case=case), case, is_checked=False)
    differences: list[Difference] = []
    if case is not None:
        data, differences = CaseEntry(case=case).meet(data)
    entry = CaseEntry(data, case=case)
    if not entry.is_valid() or differences:
        return show_case(request, entry, case, status=422, differences=differences)
    return confirm_case(request, entry, case, action)


def confirm_case(request: HttpRequest, entry: CaseEntry, case: GoldenCase | None, action: str) -> HttpResponse:
    asked, name, today = entry.asked(), entry.form.cleaned_data["name"], timezone.localdate()
    amount = entry.form.cleaned_data["vendor_amount"]
    is_same = case is not None and asked == case.asked and amount == case.vendor_amount
    if case is not None and is_same and action == "save":
        return save_words(request, entry, case)
    try:
        price_list, result = calculate_case(asked=asked, name=name, on=today)
    except NoListInForce:
        entry.form.add_error(None, _("No price list is in force today, so nothing can be calculated."))
        return show_case(request, entry, case, status=422)
    mark = fingerprint(asked, result)
    if action != "keep" or entry.form.cleaned_data["seen"] != mark:
        return show_case(request, entry, case, result=result, price_list=price_list, mark=mark)
    now_expected = expected_today(case)[0] if case is not None else None
    if case is not None and is_same and result == now_expected:
        return save_words(request, entry, case)
    user: Any = request.user
    kept = keep_case(
        case=write_words(entry, case or GoldenCase()),
        asked=asked,
        expected=result,
        expected_from=price_list,
        by=user,
        now=timezone.now(),
    )
    if case is None:
        log_page(request, kept, _("Kept."), is_new=True)
    else:
        log_page(request, kept, _("Confirmed anew."))
    messages.success(request, _("The golden case %(name)s is kept.") % {"name": kept})
    return redirect("admin:pricing_goldencase_changelist")


def save_words(request: HttpRequest, entry: CaseEntry, case: GoldenCase) -> HttpResponse:
    """Name, note and whether it is active. What is expected stays as it is."""
    write_words(entry, case).save(update_fields=["name", "note", "is_active"])
    log_page(request, case, _("Changed."))
    messages.success(request, _("The golden case %(name)s is saved.") % {"name": case})
    return redirect("admin:pricing_goldencase_changelist")


def show_case(
    request: HttpRequest,
    entry: CaseEntry,
    case: GoldenCase | None,
    *,
    result: GoldenResult | None = None,
    price_list: PriceList | None = None,
    mark: str = "",
    differences: Sequence[Difference] = (),
    is_checked: bool = True,
    status: int = 200,
) -> HttpResponse:
    """The page of one case. `is_checked`: whether errors are shown; not while rows are still being added."""
    if not is_checked:
        entry.forgive()
    for old, code in entry.renamed.items():
        said = _("“%(old)s” is a former code. The product’s code is %(code)s now.")
        messages.info(request, said % {"old": old, "code": code})
    expected, expected_from = expected_today(case) if case else (None, "")
    changed = result if result is not None and expected is not None and result != expected else None
    context = {
        "original": case,
        "entry": entry,
        "version": _version(request, case, is_compared=is_checked),
        "conflict": Conflict(differences, *last_change(case)) if case and differences else None,
        "mark": mark,
        "vendor": vendor_cell(entry, result),
        "products": Product.objects.order_by("code").only("code", "name"),
        "result": compare_results(result, result) if result else None,
        "compared": compare_results(expected, changed) if expected and changed else None,
        "price_list": price_list,
        "expected": compare_results(expected, expected) if expected else None,
        "expected_from": expected_from,
        "history": history_of(case) if case else [],
        "may_delete": request.user.has_perm("pricing.delete_goldencase"),
    }
    title = case.name if case else _("Add a golden case")
    return show_page(request, GoldenCase, "admin/pricing/goldencase/form.html", title, status=status, **context)


def fingerprint(asked: Asked, result: GoldenResult) -> str:
    """Names what was on screen when somebody confirms it."""
    return hashlib.sha256(json.dumps([asked, result], sort_keys=True).encode()).hexdigest()[:20]


def vendor_cell(entry: CaseEntry, result: GoldenResult | None) -> Cell | None:
    """The vendor's amount as typed beside the subtotal that was calculated; None where there are not both."""
    amount = entry.form.cleaned_data.get("vendor_amount") if result is not None else None
    if result is None or amount is None:
        return None
    return Cell(amount, None if result["refusals"] else result["subtotal"])


def _version(request: HttpRequest, case: GoldenCase | None, *, is_compared: bool) -> str:
    """The version that the page carries: of the case as it is now, if it was compared with that; else as it was."""
    if case is None:
        return ""
    return str(CaseEntry(case=case).version) if is_compared else request.POST.get(NAME, "")


def rows_before(text: str) -> int:
    """How many rows a formset had, as far as that is a number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def write_words(entry: CaseEntry, case: GoldenCase) -> GoldenCase:
    cleaned = entry.form.cleaned_data
    case.name, case.note, case.is_active = cleaned["name"], cleaned["note"], cleaned["is_active"]
    case.vendor_amount = cleaned["vendor_amount"]
    return case


def expected_today(case: GoldenCase) -> tuple[GoldenResult, str]:
    """What a case is expected to give today, and the name of the list that it stands for."""
    changes = expectations_before(timezone.localdate() + timedelta(days=1), [case])
    change = changes.get(case.pk)
    return (change.found, change.price_list_name) if change else (case.expected, case.expected_from)


def history_of(case: GoldenCase) -> list[dict[str, Any]]:
    """What was accepted for the case, the latest first, and what became of it."""
    rows = GoldenAcceptance.objects.filter(case=case).prefetch_related("changes").order_by("-at", "-pk")
    published = dict(
        PriceList.objects.filter(pk__in=[row.price_list_id for row in rows]).values_list("pk", "published_at")
    )
    return [
        {
            "acceptance": row,
            "expected": say_result(row.expected),
            "found": say_result(row.found),
            "is_out": any(change.published_at == published.get(row.price_list_id) for change in row.changes.all()),
        }
        for row in rows
    ]
