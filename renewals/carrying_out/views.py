"""「更新を反映」: what an ordered quote does to the holdings, shown first, then done; for one quote or for many."""

import uuid
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from foundation.administration.search import row_numbers
from foundation.text.keys import read_key
from licensing.models import User
from licensing.views import for_makers
from quotes.models import Quote, State
from quotes.outcome.views import get_quote, say_moment, standing_of
from quotes.record.basis import open_on_old
from quotes.record.queries import visible_quotes
from quotes.record.refusals import CustomerMoved, NotOrdered

from ..models import CarryingOut
from ..revisions.views import moved_words
from . import operations
from .forms import CertificateForm
from .operations import AlreadyCarriedOut, ChangedSince, NotAsQuoted
from .queries import drafts_on_old, standing_of_parts

MOST_AT_ONCE = 100
"""Quotes of one press."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def carry_out(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One ordered quote, license ID by license ID, each with its tick."""
    user, now = cast(User, request.user), timezone.now()
    quote = get_quote(request, key)
    is_sent = request.method == "POST"
    form = CertificateForm(request.POST if is_sent else None, on=timezone.localdate(now))
    trouble = ""
    own = set(quote.parts.values_list("pk", flat=True))
    chosen = [pk for pk in dict.fromkeys(map(int, row_numbers(request.POST.getlist("part")))) if pk in own]
    if is_sent and not chosen:
        trouble = _("Tick the license IDs that are carried out.")
    elif is_sent and form.is_valid():
        trouble = _carry_out(quote, chosen, form, user)
        if not trouble:
            said = ngettext(
                "The holdings of %(counter)s license ID are what was ordered by %(number)s.",
                "The holdings of %(counter)s license IDs are what was ordered by %(number)s.",
                len(chosen),
            )
            messages.success(request, said % {"counter": len(chosen), "number": quote.number})
            return redirect("renewals:carry-out", key=key)
    quote.status.refresh_from_db()
    parts = standing_of_parts([quote])[quote.pk]
    is_ordered = quote.status.state == State.ORDERED
    context = {
        "quote": quote,
        "parts": parts,
        "is_ordered": is_ordered,
        "may_carry_out": is_ordered and any(one.plan and not one.plan.differences for one in parts),
        "form": form,
        "trouble": trouble,
        "chosen": chosen,
        "is_sent": is_sent,
        "on_old": open_on_old(quote, on=timezone.localdate(now)),
        "drafts_on_old": drafts_on_old(user, quote),
    }
    return render(request, "renewals/carrying_out/carry_out.html", context, status=422 if is_sent else 200)


def _carry_out(quote: Quote, parts: list[int], form: CertificateForm, by: User) -> str:
    """The one call of a valid form; why nothing was changed, or nothing."""
    try:
        operations.carry_out(quote=quote, parts=parts, **form.cleaned_data, by=by, now=timezone.now())
    except AlreadyCarriedOut as already:
        return already_words(already.done)
    except NotAsQuoted as wrong:
        codes = ", ".join(plan.part.license_code for plan in wrong.plans)
        return _("The holdings of %(codes)s are no longer those that were quoted.") % {"codes": codes}
    except NotOrdered as not_ordered:
        return standing_of(not_ordered.quote)
    except CustomerMoved as moved:
        return moved_words(moved.quote)
    return ""


def already_words(done: CarryingOut) -> str:
    """Who brought the holdings to what was ordered, and when."""
    told = {"code": done.part.license_code, "name": done.by.name, "time": say_moment(done.at)}
    return _("%(code)s was carried out already, by %(name)s (%(time)s).") % told


@require_POST
@for_makers
def undo(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """Give back the holdings of one license ID as they were."""
    user = cast(User, request.user)
    quote = get_quote(request, key)
    rows = CarryingOut.objects.select_related("part__quote")
    done = get_object_or_404(rows, pk=pk, part__quote=quote)
    told = {"code": done.part.license_code}
    try:
        operations.undo(done=done, by=user, now=timezone.now())
    except ChangedSince:
        said = _("Nothing was changed: the holdings of %(code)s have been changed since by something else.")
        messages.error(request, said % told)
    except NotOrdered as not_ordered:
        messages.error(request, standing_of(not_ordered.quote))
    except CustomerMoved as moved:
        messages.error(request, moved_words(moved.quote))
    else:
        messages.success(request, _("The holdings of %(code)s are as they were before.") % told)
    return redirect("renewals:carry-out", key=key)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one quote of many."""

    quote: Quote
    trouble: str
    """Why nothing was changed; empty: it was carried out."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def carry_out_many(request: HttpRequest) -> HttpResponse:
    """Several ordered quotes, ticked in the list: all that is still to be done of each, each by itself."""
    user, now = cast(User, request.user), timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    keys = [key for text in dict.fromkeys(sent.getlist("quote")) if (key := read_key(text))]
    quotes = list(
        visible_quotes(user).filter(key__in=keys[:MOST_AT_ONCE]).select_related("customer").order_by("number")
    )
    if not quotes:
        messages.error(request, _("Tick the ordered quotes that are carried out."))
        return redirect("quotes:list")
    standing = standing_of_parts(quotes)
    if request.method == "POST":
        form = CertificateForm({}, on=timezone.localdate(now))
        form.is_valid()
        answers = []
        for quote in quotes:
            parts = [one.part.pk for one in standing[quote.pk] if one.plan]
            if parts:
                trouble = _carry_out(quote, parts, form, user)
            else:
                is_done = all(one.done for one in standing[quote.pk])
                trouble = _("It was carried out already.") if is_done else moved_words(quote)
            answers.append(Answer(quote, trouble))
        return render(request, "renewals/carrying_out/carried_out.html", {"answers": answers})
    rows = [(quote, standing[quote.pk]) for quote in quotes]
    return render(request, "renewals/carrying_out/carry_out_many.html", {"rows": rows})
