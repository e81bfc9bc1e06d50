"""The page of the data checks: counts on top, the findings of one check below, each with its remedy."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing.models import Reseller, User

from .findings import Reader
from .queries import checks_for, count_findings
from .scope import scope_of

PER_PAGE = 50


@require_safe
def data_checks(request: HttpRequest) -> HttpResponse:
    """For a reseller's people their own data; for portal and price admins all, or one reseller's."""
    user = cast(User, request.user)
    checks = checks_for(user)
    if not checks:
        raise PermissionDenied
    resellers: list[Reseller] = []
    reseller = user.reseller_id
    if not user.is_reseller_staff:
        resellers = list(Reseller.objects.order_by("name").only("code", "name"))
        chosen = request.GET.get("reseller", "")
        reseller = next((one.pk for one in resellers if one.code == chosen), None)
    text = request.GET.get("q", "").strip()
    scope = scope_of(on=timezone.localdate(), reseller=reseller, text=text)
    counts = count_findings(checks, scope)
    asked = next((one for one in checks if one.code == request.GET.get("check")), None)
    check = asked or next((one for one in checks if counts[one.code]), checks[0])
    paginator: Paginator[Any] = Paginator(check.find(scope), PER_PAGE)
    paginator.count = counts[check.code]
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "on": scope.on,
        "checks": [(one, counts[one.code]) for one in checks],
        "total": sum(counts.values()),
        "check": check,
        "page": page,
        "findings": check.tell(list(page.object_list), Reader(user)),
        "text": text,
        "resellers": resellers,
        "reseller": reseller,
        "chosen": request.GET.get("check", ""),
    }
    return render(request, "renewals/checks/checks.html", context)
