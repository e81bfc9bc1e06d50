"""License IDs: what one holds, what was offered for it and done to it; several that are quoted together."""

import re
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licensing.models import User
from licensing.queries import expiry_rows, license_ids_by_expiry, visible_changes, visible_license_ids, with_holdings
from licensing.views import for_makers, for_staff
from quotes.record.holdings import settled_beside
from quotes.record.queries import visible_quotes

from ...drafts.queries import visible_drafts
from .opened import MOST_PARTS, with_query

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
        "beside_rows": settled_beside(user, [found], on=on),
        "quotes": quotes[:QUOTES_SHOWN],
        "quote_count": quotes.count(),
        "drafts": drafts[:QUOTES_SHOWN],
        "changes": visible_changes(user, found, most=CHANGES_SHOWN),
    }
    return render(request, "renewals/form/license_id.html", context)


@require_safe
@for_makers
def together(request: HttpRequest) -> HttpResponse:
    """License IDs that were ticked on a list, to be quoted in one: leads to their form, or says why there is none."""
    codes = [code.replace("\x00", "") for code in dict.fromkeys(request.GET.getlist("license_id"))]
    rows = visible_license_ids(cast(User, request.user)).filter(code__in=codes[:MOST_PARTS])
    found = {row.code: row.customer_id for row in rows}
    if len(found) < len(codes):
        raise Http404
    customers = {*found.values()}
    if len(customers) == 1:
        return redirect(with_query(reverse("renewals:new", args=[codes[0]]), {"with": codes[1:]}))
    if customers:
        messages.error(request, _("A quote is for one customer. Tick license IDs of one customer only."))
    else:
        messages.error(request, _("Tick the license IDs that the quote is for."))
    back = request.GET.get("customer", "")
    if re.fullmatch(r"\d{1,9}", back, re.ASCII):
        return redirect("customer", pk=int(back))
    return redirect("start")
