"""What a customer contact sees: the quotes that the company was given, and how they are answered."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from licensing.models import User

from ...models import Quote
from ...record.refusals import NotOpen, OrderedElsewhere
from ..forms import AnswerForm
from ..queries import answered_by, received_comparisons, received_quotes
from .page import (
    ANSWERS,
    acknowledgement_of,
    answers_too_often,
    hand_out,
    keep_answer,
    kept_private,
    note_view,
    offer_context,
    visitor_of,
)

PER_PAGE = 20
COMPARED_AT_ONCE = 3
"""Comparisons above the quotes; the list of them has all."""


def for_contacts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The customers' own pages, kept by no cache: a reseller's people have others of the same quotes."""

    @kept_private
    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if cast(User, request.user).role != User.Role.CUSTOMER:
            raise PermissionDenied(_("This page is for the customer."))
        return view(request, *args, **kwargs)

    return checked


@require_safe
@for_contacts
def received(request: HttpRequest) -> HttpResponse:
    """The company's quotes: those that wait for an answer first."""
    user = cast(User, request.user)
    on = timezone.localdate()
    page = Paginator(received_quotes(user, on=on), PER_PAGE).get_page(request.GET.get("page"))
    company = user.customer
    compared = list(received_comparisons(user, on=on)[: COMPARED_AT_ONCE + 1]) if page.number == 1 else []
    context = {
        "comparisons": compared[:COMPARED_AT_ONCE],
        "is_more_compared": len(compared) > COMPARED_AT_ONCE,
        "page": page,
        "on": on,
        "company": company,
        "reseller": company.reseller if company else None,
    }
    return render(request, "quotes/customers/received.html", context)


@require_safe
@for_contacts
def received_quote(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One quote, with its answer."""
    user = cast(User, request.user)
    quote = _get(user, key)
    note_view(request, quote=quote, visitor=visitor_of(request, user=user))
    return _page(request, quote)


@require_GET
@for_contacts
def received_pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The PDF, byte for byte as it was issued."""
    user = cast(User, request.user)
    quote = _get(user, key)
    page = reverse("quotes:received-quote", args=[key])
    return hand_out(request, quote=quote, visitor=visitor_of(request, user=user), page=page)


@require_GET
@for_contacts
def received_acknowledgement(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The acknowledgement of the company's order, byte for byte as it was made."""
    user = cast(User, request.user)
    quote = _get(user, key)
    page = reverse("quotes:received-quote", args=[key])
    visitor, one = visitor_of(request, user=user), acknowledgement_of(quote)
    return hand_out(request, quote=quote, visitor=visitor, page=page, acknowledgement=one)


@require_POST
@for_contacts
def received_answer(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The company wishes to order, or declines."""
    user = cast(User, request.user)
    quote = _get(user, key)
    if request.POST.get("answer") not in ANSWERS:
        return _page(request, quote, status=422, problem="choose")
    form = AnswerForm(request.POST, answer=request.POST["answer"], with_name=False)
    if not form.is_valid():
        return _page(request, quote, status=422, sent=form)
    if answers_too_often(request):
        return _page(request, quote, status=429, sent=form, problem="often")
    try:
        keep_answer(quote=quote, form=form, visitor=visitor_of(request, user=user))
    except OrderedElsewhere:
        return _page(request, quote, status=409, sent=form, problem="ordered")
    except NotOpen:
        quote.status.refresh_from_db()
        return _page(request, quote, status=409, sent=form, problem="closed")
    return redirect("quotes:received-quote", key=key)


def _get(user: User, key: uuid.UUID) -> Quote:
    return get_object_or_404(received_quotes(user, on=timezone.localdate()).defer("trace", "asked"), key=key)


def _page(
    request: HttpRequest, quote: Quote, *, status: int = 200, sent: AnswerForm | None = None, problem: str = ""
) -> HttpResponse:
    user = cast(User, request.user)
    context = offer_context(quote, with_name=False, sent=sent)
    context |= {"problem": problem, "answered_by": answered_by(quote) if quote.status.answer else ""}
    newest = context["newest"]
    if newest and received_quotes(user, on=context["on"]).filter(pk=newest.pk).exists():
        context["newest_url"] = reverse("quotes:received-quote", args=[newest.key])
    return render(request, "quotes/customers/received_quote.html", context, status=status)
