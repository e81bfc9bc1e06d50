"""The customers."""

from collections.abc import Iterable
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from foundation.paging import KeysFirst
from foundation.text.search import search_words

from ..models import Customer, User
from ..operations.owners import owners_of
from ..queries import (
    Reason,
    Reasons,
    contact_rows,
    count_customers,
    customers_by_name,
    expiry_rows,
    license_ids_by_expiry,
    visible_changes,
    visible_customers,
    with_expiries,
    with_holdings,
)
from .guards import for_staff

PER_PAGE = 20
CHANGES_SHOWN = 50


@require_safe
@for_staff
def customers(request: HttpRequest) -> HttpResponse:
    """The customers that the user may see, searched by name, kana, contacts or license ID."""
    user = cast(User, request.user)
    on = timezone.localdate()
    text = request.GET.get("q", "").strip()
    found = customers_by_name(user, on=on, text=text)
    shown = with_expiries(Customer.objects.select_related(*(["reseller"] if user.is_portal_admin else [])), on=on)
    count = None if search_words(text) else count_customers(user)
    page = KeysFirst(found, PER_PAGE, shown=shown, count=count).get_page(request.GET.get("page"))
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


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page of a list that is asked for; the nearest one where there is none such."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _render_list(request: HttpRequest, whole: str, part: str, context: dict[str, object]) -> HttpResponse:
    """The whole page, or only its list where htmx asks for the search result in place."""
    response = render(request, part if request.htmx else whole, context)  # type: ignore[attr-defined]
    patch_vary_headers(response, ["HX-Request"])
    return response
