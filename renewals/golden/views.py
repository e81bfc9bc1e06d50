"""One click on a quote: it becomes a golden case of price lists."""

import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from licensing.models import User
from quotes.models import Quote

from .operations import NotKept, keep_as_golden_cases


@require_POST
def keep_golden(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Keep the quote as golden cases, and open them: for whoever reads quotes and adds cases in the administration."""
    user = cast(User, request.user)
    if not (user.is_staff and user.has_perms(["quotes.view_quote", "pricing.add_goldencase"])):
        raise PermissionDenied
    quote = get_object_or_404(Quote, key=key)
    try:
        cases, is_new = keep_as_golden_cases(quote=quote, by=user, now=timezone.now())
    except NotKept as error:
        messages.error(request, str(error))
        return redirect("admin:quotes_quote_change", quote.pk)
    expected = sum(case.expected["subtotal"] for case in cases)
    if not is_new:
        messages.info(request, _("The quote is kept as a golden case already."))
    elif expected == quote.subtotal:
        messages.success(request, _("The quote is kept as a golden case."))
    else:
        text = _(
            "The quote is kept as a golden case. It was issued at ¥%(quoted)s; the case is expected to give "
            "what the list in force gives today. Check it."
        ) % {"quoted": f"{quote.total:,}"}
        messages.warning(request, text)
    if len(cases) > 1:
        return redirect(f"{reverse('admin:pricing_goldencase_changelist')}?q={quote.number}")
    return redirect("admin:pricing_goldencase_change", cases[0].pk)
