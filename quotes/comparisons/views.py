"""Comparisons for the reseller's people: found, looked at as they were made, withdrawn."""

import uuid
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from foundation.held import sent
from foundation.mail.models import OutgoingMail
from foundation.paging import KeysFirst
from foundation.text.language import reader_language
from licensing.models import User
from licensing.views import for_makers, for_staff

from ..customers.views.page import visitor_of
from ..customers.visits import hand_out_pdf
from ..letters.comparing import comparison_values, fill_comparison_letter, send_comparison
from ..letters.queries import known_recipients, mails_of_comparison
from ..letters.views import (
    answer_writing,
    earlier_mail,
    for_recipient,
    lay_out_letter,
    link_address,
    said_in,
    start_for,
)
from ..letters.words import Letter, finish_letter, is_literal
from ..models import COMPARISON_STATES, Comparison, QuoteEvent
from ..paper import comparison_name, name_comparison
from ..paper.comparison_sheet import lay_out_plans
from ..record.comparisons import (
    comparison_has_left,
    quotes_from,
    state_of,
    visible_comparisons,
    withdraw_comparison,
)
from ..record.downloads import pdf_answer
from .forms import SendComparisonForm, WithdrawForm
from .queries import find_comparisons

PER_PAGE = 20
MOST_MAILS = 20
"""E-mails shown on a comparison's page."""


@require_safe
@for_staff
def index(request: HttpRequest) -> HttpResponse:
    """Comparisons, searched and filtered."""
    user, on = cast(User, request.user), timezone.localdate()
    text = request.GET.get("q", "").replace("\x00", "").strip()
    state = request.GET.get("state", "")
    state = state if state in COMPARISON_STATES else ""
    found = find_comparisons(user=user, text=text, state=state, on=on)
    shown = visible_comparisons(user).select_related("reseller", "customer")
    context = {
        "page": KeysFirst(found, PER_PAGE, shown=shown).get_page(request.GET.get("page")),
        "text": text,
        "state": state,
        "states": COMPARISON_STATES.items(),
        "on": on,
    }
    whole, part = "quotes/comparisons/list.html", "quotes/comparisons/_results.html"
    response = render(request, part if request.htmx else whole, context)  # type: ignore[attr-defined]
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@for_staff
def comparison(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One comparison as it was made, what was chosen, and what came of it."""
    return _page(request, _get(request, key))


@require_GET
@for_staff
def comparison_pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The PDF, byte for byte as it was made."""
    user = cast(User, request.user)
    found = get_object_or_404(visible_comparisons(user).defer(None), key=key)
    content = hand_out_pdf(quote=found, visitor=visitor_of(request, user=user), now=timezone.now())
    return pdf_answer(content, name_comparison(document=found.document, party=found.customer_name))


@require_POST
@for_makers
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """From now on nothing of it is chosen, and its links say so."""
    found = _get(request, key)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    reason = form.cleaned_data["reason"]
    if withdraw_comparison(comparison=found, reason=reason, by=cast(User, request.user), now=timezone.now()):
        messages.success(request, _("Comparison %(number)s is withdrawn.") % {"number": found.number})
    else:
        messages.info(request, _("It was withdrawn before."))
    return redirect("quotes:comparison", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def send(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Write the e-mail that brings a comparison, look at it, send it."""
    user, now = cast(User, request.user), timezone.now()
    found = _get(request, key)
    known = known_recipients(user, found)
    values = partial(comparison_values, comparison=found, sender=user)
    fill, earlier = partial(_fill, found, user), earlier_mail(request, mails_of_comparison(found))
    typed = sent(request)
    form = SendComparisonForm(
        for_recipient(typed, fill, dict(known)) if typed is not None else None,
        known=known,
        is_literal=is_literal(values(to_name="", link="")),
        initial=said_in(earlier) if earlier else start_for(known, fill),
    )
    way_back, closed = reverse("quotes:comparison", args=[key]), _("It is withdrawn, so it cannot be sent.")

    def preview() -> dict[str, Any]:
        filled = values(to_name=form.cleaned_data["to_name"], link=link_address("*" * 12))
        return lay_out_letter(form.cleaned_data, filled, finish_letter(form.letter, filled), user) | {
            "pdf": comparison_name(document=found.document)[0],
            "with_link": True,
        }

    def send_it() -> OutgoingMail:
        cleaned = form.cleaned_data
        return send_comparison(
            comparison=found,
            form_key=str(cleaned["key"]),
            to=cleaned["to"],
            to_name=cleaned["to_name"],
            cc=cleaned["cc"],
            letter=form.letter,
            by=user,
            make_address=link_address,
            now=now,
        )

    return answer_writing(
        request,
        page="quotes/comparisons/send.html",
        form=form,
        context={"comparison": found, "back_url": way_back},
        closed=closed if found.status.withdrawn_at or comparison_has_left(found) else "",
        close=lambda: closed,
        preview=preview,
        send=send_it,
        way_back=way_back,
    )


def _fill(found: Comparison, user: User, to_name: str) -> Letter:
    return fill_comparison_letter(comparison=found, sender=user, to_name=to_name)


def _get(request: HttpRequest, key: uuid.UUID) -> Comparison:
    rows = visible_comparisons(cast(User, request.user)).defer(None).defer("content")
    return get_object_or_404(rows.select_related("customer", "reseller", "status__withdrawn_by"), key=key)


def _page(
    request: HttpRequest, found: Comparison, *, form: WithdrawForm | None = None, status: int = 200
) -> HttpResponse:
    user, on = cast(User, request.user), timezone.localdate()
    plans = lay_out_plans(found.document, reader_language())
    is_ours = user.is_reseller_staff and not comparison_has_left(found)
    state = state_of(found, on=on)
    context: dict[str, Any] = {
        "comparison": found,
        "document": found.document,
        "plans": [{**plan, "key": uuid.uuid4(), "revision_key": uuid.uuid4()} for plan in plans],
        "state": state,
        "on": on,
        "origins": quotes_from(found),
        "license_ids": found.license_ids.select_related("licenseid"),
        "events": found.events.select_related("link", "by").order_by("-position"),
        "mails": mails_of_comparison(found).select_related("created_by").prefetch_related("notices")[:MOST_MAILS],
        "is_ours": is_ours,
        "may_quote": is_ours and state != "withdrawn",
        "choice_message": _message(found),
        "may_share": is_ours and state != "withdrawn",
        "may_withdraw": is_ours and state != "withdrawn",
        "form": form or WithdrawForm(),
        "is_refused": form is not None,
    }
    return render(request, "quotes/comparisons/comparison.html", context, status=status)


def _message(found: Comparison) -> str:
    """What was written with the last choice."""
    last = found.events.filter(kind=QuoteEvent.Kind.CHOSEN).order_by("position").last()
    return str(last.detail.get("message", "")) if last else ""
