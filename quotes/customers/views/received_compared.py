"""Comparisons that a customer contact's company was given: found, looked at, one alternative chosen."""

import uuid
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from licensing.models import User

from ...models import Comparison
from ..queries import received_comparisons, received_quotes
from .compared import Sent, are_prices_shown, comparison_context, take_choice
from .page import hand_out, note_view, visitor_of
from .received import PER_PAGE, for_contacts


@require_safe
@for_contacts
def comparisons(request: HttpRequest) -> HttpResponse:
    """The company's comparisons: those of which an alternative can be chosen first."""
    user, on = cast(User, request.user), timezone.localdate()
    page = Paginator(received_comparisons(user, on=on), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "quotes/customers/received_comparisons.html", {"page": page, "on": on, "company": user.customer}
    )


@require_safe
@for_contacts
def comparison(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The alternatives side by side, with what was chosen."""
    user = cast(User, request.user)
    found = _get(user, key)
    note_view(request, quote=found, visitor=visitor_of(request, user=user))
    return _page(request, found, Sent())


@require_GET
@for_contacts
def comparison_pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The PDF, byte for byte as it was made, while its prices hold."""
    user = cast(User, request.user)
    found = _get(user, key)
    page = reverse("quotes:received-comparison", args=[key])
    if not are_prices_shown(found):
        return redirect(page)
    return hand_out(request, quote=found, visitor=visitor_of(request, user=user), page=page)


@require_POST
@for_contacts
def choice(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The company chooses an alternative. That is no order."""
    user = cast(User, request.user)
    found = _get(user, key)
    refused = take_choice(request, comparison=found, visitor=visitor_of(request, user=user))
    if refused is None:
        return redirect("quotes:received-comparison", key=key)
    return _page(request, refused.now or found, refused)


def _get(user: User, key: uuid.UUID) -> Comparison:
    """One that the company was given."""
    rows = received_comparisons(user, on=timezone.localdate()).select_related("customer")
    return get_object_or_404(rows.defer(None).defer("content"), key=key)


def _page(request: HttpRequest, found: Comparison, sent: Sent) -> HttpResponse:
    user = cast(User, request.user)
    context = comparison_context(found, with_name=False, sent=sent.sent, letter=sent.letter)
    given = received_quotes(user, on=timezone.localdate()).filter(origin__alternative__comparison=found)
    context |= {
        "problem": sent.problem,
        "received_quotes": list(given) if context["state"] == "quoted" else [],
    }
    return render(request, "quotes/customers/received_comparison.html", context, status=sent.status)
