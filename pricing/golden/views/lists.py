"""A price list against the golden cases: expected and found side by side, and the form to accept a difference."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.administration.frame import ask_permission
from foundation.administration.search import row_numbers
from licensing.models import User

from ...models import PriceList
from ...results import compare_results, say_result
from ...views import find_list, show_list_page
from ..operations import AcceptRefused, GoldenCheck, accept_differences, check_golden_cases


def golden(request: HttpRequest, pk: int) -> HttpResponse:
    """All cases under one list: expected and found side by side, and the form to accept a difference."""
    price_list: PriceList | None = find_list(request, pk)
    if price_list is None:
        return redirect("admin:pricing_pricelist_changelist")
    refused: dict[str, Any] = {}
    if request.method == "POST":
        ask_permission(request, "pricing.change_pricelist")
        reason, user = request.POST.get("reason", "")[:2000], cast(User, request.user)
        seen = dict(text.split(":", 1) for text in request.POST.getlist("seen") if text.count(":") == 1)
        try:
            accepted = accept_differences(
                price_list=price_list,
                seen={int(number): seen[number] for number in row_numbers(seen)},
                reason=reason,
                by=user,
                now=timezone.now(),
            )
        except AcceptRefused as error:
            refused = {"cases": [int(number) for number in row_numbers(seen)], "text": str(error), "reason": reason}
        else:
            names = " / ".join(row.case.name for row in accepted)
            messages.success(request, _("Accepted: %(names)s") % {"names": names})
            return redirect("admin:pricing_pricelist_golden", pk)
    summary = golden_summary(price_list)
    return show_list_page(
        request,
        "golden.html",
        _("Golden cases"),
        original=price_list,
        status=422 if refused else 200,
        golden=summary,
        refused=refused,
    )


def golden_summary(price_list: PriceList) -> dict[str, Any]:
    """The cases under a list in three heaps, each difference with its figures side by side."""
    checks = check_golden_cases(price_list=price_list)
    return {
        "count": len(checks),
        "blocking": [shown(check) for check in checks if check.blocks],
        "accepted": [shown(check) for check in checks if check.acceptance],
        "same": [{"check": check, "result": say_result(check.found)} for check in checks if not check.differs],
    }


def shown(check: GoldenCheck) -> dict[str, Any]:
    return {"check": check, "comparison": compare_results(check.expected, check.found)}
