"""One license ID: what it holds, what was offered for it, and what was done to it."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing.models import User
from licensing.queries import expiry_rows, license_ids_by_expiry, visible_changes, with_holdings
from licensing.views import for_staff

from ..queries import visible_drafts, visible_quotes

QUOTES_SHOWN = 20
CHANGES_SHOWN = 50


@require_safe
@for_staff
def license_id(request: HttpRequest, code: str) -> HttpResponse:
    """Holdings, quotes, drafts and history of a license ID."""
    user = cast(User, request.user)
    on = timezone.localdate()
    found = get_object_or_404(with_holdings(license_ids_by_expiry(user, on=on)), code=code)
    [row] = expiry_rows([found], on=on)
    quotes = visible_quotes(user).filter(parts__licenseid=found).order_by("-issued_at", "-pk")
    drafts = visible_drafts(user).filter(license_ids=found).select_related("saved_by")
    context = {
        "on": on,
        "licenseid": found,
        "customer": found.customer,
        "row": row,
        "quotes": quotes[:QUOTES_SHOWN],
        "quote_count": quotes.count(),
        "drafts": drafts[:QUOTES_SHOWN],
        "changes": visible_changes(user, found, most=CHANGES_SHOWN),
    }
    return render(request, "quotes/license_id.html", context)
