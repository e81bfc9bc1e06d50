"""Quotes that are made from quotes: revise one, copy one."""

import uuid
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from licensing.models import User
from licensing.views import for_makers
from quotes.models import Quote
from quotes.outcome.views import get_quote, say_moment, standing_of
from quotes.record.refusals import AlreadyIssued, CustomerMoved, FormKeyTaken, WrongState

from . import operations
from .operations import begin_revision


@require_POST
@for_makers
def revise(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Open the draft of the quote's next revision; where there is one already, that one."""
    quote = get_quote(request, key)
    try:
        draft, is_new = begin_revision(quote=quote, by=cast(User, request.user), now=timezone.now())
    except WrongState as wrong:
        messages.error(request, not_to_be_revised(wrong.quote))
        return redirect("quotes:detail", key=key)
    except CustomerMoved as moved:
        messages.error(request, moved_words(moved.quote))
        return redirect("quotes:detail", key=key)
    if not is_new:
        told = {"name": draft.saved_by.name, "time": say_moment(draft.saved_at)}
        messages.info(
            request,
            _("There is a draft of this revision already, last saved by %(name)s (%(time)s). Go on here.") % told,
        )
    return redirect("renewals:draft", key=draft.key)


@require_POST
@for_makers
def duplicate(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Open a draft of a new quote that asks for the same."""
    quote = get_quote(request, key)
    try:
        new_key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        new_key = uuid.uuid4()
    try:
        draft = operations.duplicate(quote=quote, key=new_key, by=cast(User, request.user), now=timezone.now())
    except CustomerMoved as moved:
        messages.error(request, moved_words(moved.quote))
        return redirect("quotes:detail", key=key)
    except (AlreadyIssued, FormKeyTaken):
        messages.error(request, _("This page was used for a copy already. Copy the quote once more from here."))
        return redirect("quotes:detail", key=key)
    return redirect("renewals:draft", key=draft.key)


def not_to_be_revised(quote: Quote) -> str:
    """How the quote stands, and that it cannot be revised so. Asks the database."""
    return " ".join([standing_of(quote), _("It cannot be revised.")])


def moved_words(quote: Quote) -> str:
    """Why a quote cannot go on under its number, or at all, since its license ID or customer changed hands."""
    owner = (quote.customer.present_id, quote.reseller_id)
    parts = quote.parts.select_related("licenseid__customer").order_by("position")
    moved = [
        part.license_code
        for part in parts
        if (part.licenseid.customer_id, part.licenseid.customer.reseller_id) != owner
    ]
    return _(
        "Since %(number)s was issued, the license ID %(code)s or its customer has come to somebody else. Begin a new "
        "quote from the license ID, if it is still yours."
    ) % {"code": ", ".join(moved) or quote.license_code, "number": quote.number}
