"""The start page and the customers."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..models import Customer, User
from ..operations.owners import owners_of
from ..queries import (
    ExpiryRow,
    Reason,
    Reasons,
    contact_rows,
    customers_by_name,
    customers_without_license_ids,
    expired_license_ids,
    expiring_license_ids,
    expiry_rows,
    license_ids_by_expiry,
    visible_changes,
    visible_customers,
    visible_license_ids,
    with_holdings,
    with_reasons,
)
from ..templatetags.portal import named
from .guards import for_staff

PER_PAGE = 20
EXPIRED_DAYS = 60
EXPIRED_SHOWN = 5
LONE_SHOWN = 5
"""Customers without license IDs that a search shows beside its license IDs."""
CHANGES_SHOWN = 50
WINDOWS = {"30": 30, "60": 60, "90": 90}
"""The start page's choices of days, beside `all` and `past`."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """License IDs by expiry with one search box; for a price admin a page of their own; for customers, their quotes."""
    user = cast(User, request.user)
    if user.role == User.Role.CUSTOMER:
        return redirect("quotes:received")
    if user.is_price_admin:
        return render(request, "licensing/start_prices.html")
    on = timezone.localdate()
    text = request.GET.get("q", "").strip()
    window = request.GET.get("within", "")
    if window not in {*WINDOWS, "all", "past"}:
        window = "all" if text else "90"

    if window == "past":
        found = expired_license_ids(user, on=on, days=EXPIRED_DAYS, text=text)
    elif window == "all":
        found = license_ids_by_expiry(user, on=on, text=text)
    else:
        found = expiring_license_ids(user, on=on, days=WINDOWS[window], text=text)
    page = page_of(request, with_holdings(found))
    context: dict[str, Any] = {
        "on": on,
        "text": text,
        "window": window,
        "windows": _windows(),
        "page": page,
        "rows": with_reasons(
            expiry_rows(page.object_list, on=on, is_past=window == "past"), text=text, user=user, name_of=named
        ),
        "expired_days": EXPIRED_DAYS,
    }
    context["several"] = _several(context["rows"])
    context["holds_none"] = not context["rows"] and not text and not visible_license_ids(user).exists()
    if window in WINDOWS and page.number == 1:
        expired = expired_license_ids(user, on=on, days=EXPIRED_DAYS, text=text)
        context["expired_count"] = expired.count()
        rows = expiry_rows(with_holdings(expired)[:EXPIRED_SHOWN], on=on, is_past=True)
        context["expired_rows"] = with_reasons(rows, text=text, user=user, name_of=named)
        context["expired_several"] = _several(rows)
    if window == "all" and page.number == 1:
        lone = list(customers_without_license_ids(user, text=text).select_related("reseller")[: LONE_SHOWN + 1])
        context["lone_customers"] = explained(lone[:LONE_SHOWN], user, text)
        context["are_more_lone"] = len(lone) > LONE_SHOWN
    return _render_list(request, "licensing/start.html", "licensing/_expiries.html", context)


@require_safe
@for_staff
def customers(request: HttpRequest) -> HttpResponse:
    """The customers that the user may see, searched by name, kana, contacts or license ID."""
    user = cast(User, request.user)
    on = timezone.localdate()
    text = request.GET.get("q", "").strip()
    page = page_of(request, customers_by_name(user, on=on, text=text).select_related("reseller"))
    rows = explained(page.object_list, user, text)
    context = {"on": on, "text": text, "page": page, "rows": rows}
    return _render_list(request, "licensing/customers.html", "licensing/_customers.html", context)


@require_safe
@for_staff
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: who they are, and what their license IDs hold until when. A merged one leads to what it is now."""
    user = cast(User, request.user)
    on = timezone.localdate()
    found = visible_customers(user).select_related("reseller", "owner").filter(pk=pk).first()
    if found is None:
        merged = get_object_or_404(Customer, pk=pk, merged_into__in=visible_customers(user))
        return redirect("customer", pk=merged.present_id)
    license_ids = with_holdings(license_ids_by_expiry(user, on=on).filter(customer=found))
    context = {
        "on": on,
        "customer": found,
        "former_names": found.merged.order_by("pk").values_list("name", flat=True),
        "rows": expiry_rows(license_ids, on=on),
        "contacts": contact_rows(found),
        "owners": owners_of(user.reseller) if user.is_reseller_staff else (),
        "changes": visible_changes(user, found, most=CHANGES_SHOWN),
    }
    return render(request, "licensing/customer.html", context)


def explained(customers: Iterable[Customer], user: User, text: str) -> list[tuple[Customer, list[Reason]]]:
    """The customers of a page, each with why it was found beside what the list shows: name and kana."""
    shown = list(customers)
    reasons = Reasons(text=text, user=user, customers=shown, with_license_ids=True)
    return [(customer, reasons.find(customer, shown=[customer.name, customer.kana])) for customer in shown]


def _several(rows: Iterable[ExpiryRow]) -> set[int]:
    """The customers with more than one license ID in the list, who can be quoted together."""
    counts = Counter(row.licenseid.customer_id for row in rows)
    return {customer for customer, count in counts.items() if count > 1}


def _windows() -> list[tuple[str, str]]:
    return [
        *((value, _("%(days)s days") % {"days": days}) for value, days in WINDOWS.items()),
        ("all", _("All")),
        ("past", _("Expired")),
    ]


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page of a list that is asked for; the nearest one where there is none such."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _render_list(request: HttpRequest, whole: str, part: str, context: dict[str, object]) -> HttpResponse:
    """The whole page, or only its list where htmx asks for the search result in place."""
    response = render(request, part if request.htmx else whole, context)  # type: ignore[attr-defined]
    patch_vary_headers(response, ["HX-Request"])
    return response
