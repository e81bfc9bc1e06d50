"""Pages that show what a transfer does, and then do it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.text.keys import read_key
from licensing.models import Customer, Reseller, User
from licensing.operations.companies import CUSTOMER_FIELDS
from licensing.queries import visible_customers, visible_license_ids
from licensing.views import for_enterers, reauthenticate_first

from .forms import ResellerForm
from .operations import EffectChanged, TransferRefused, change_reseller_of, merge_customers, move_license_id
from .queries import (
    Effect,
    customers_to_choose,
    effect_of_leaving,
    effect_of_merging,
    effect_of_move,
)
from .words import rows_of_leaving, rows_of_merging, rows_of_move

on_pages = require_http_methods(["GET", "HEAD", "POST"])
View = Callable[..., HttpResponse]


def _allowed(may: Callable[[User], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(cast(User, request.user)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


for_mergers = _allowed(lambda user: user.is_manager or user.is_portal_admin)
"""Managers, for their own reseller, and portal admins."""
for_portal_admins = _allowed(lambda user: user.is_portal_admin)


@on_pages
@for_enterers
def move(request: HttpRequest, code: str) -> HttpResponse:
    """A license ID comes to another customer of the same reseller."""
    user, now = cast(User, request.user), timezone.now()
    rows = visible_license_ids(user).select_related("customer__reseller")
    found = get_object_or_404(rows, code=code.replace("\x00", ""))
    to = _chosen(request, "to", user, beside=found.customer)
    page = reverse("renewals:move-license-id", args=[found.code])
    context: dict[str, Any] = {"licenseid": found, "customer": found.customer, "to": to, "page": page}
    if to is None:
        return _choose(request, "renewals/transfers/move.html", context, beside=found.customer)
    if request.method == "POST":
        closing = {key for text in request.POST.getlist("quote") if (key := read_key(text))}
        trouble = _do(
            lambda: move_license_id(
                licenseid=found, to=to, closing=closing, mark=request.POST.get("mark", ""), by=user, now=now
            )
        )
        if not trouble:
            messages.success(request, _("%(code)s belongs to %(name)s now.") % {"code": found.code, "name": to.name})
            return redirect("renewals:license-id", code=found.code)
        found = get_object_or_404(rows, pk=found.pk)
        context |= {"trouble": trouble, "licenseid": found, "customer": found.customer}
        context["closing"] = {str(key) for key in closing}
    effect = effect_of_move(found, on=timezone.localdate(now))
    context |= {"effect": effect, "rows": rows_of_move(effect, customer=found.customer, to=to)}
    return _page(request, "renewals/transfers/move.html", context)


@on_pages
@for_mergers
@reauthenticate_first
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer becomes one with another of the same reseller."""
    user = cast(User, request.user)
    found = get_object_or_404(visible_customers(user).select_related("reseller"), pk=pk)
    into = _chosen(request, "into", user, beside=found)
    page = reverse("renewals:merge-customer", args=[found.pk])
    context: dict[str, Any] = {"customer": found, "into": into, "page": page}
    if into is None:
        return _choose(request, "renewals/transfers/merge.html", context, beside=found)
    if request.method == "POST":
        mark = request.POST.get("mark", "")
        trouble = _do(lambda: merge_customers(gone=found, stays=into, mark=mark, by=user, now=timezone.now()))
        if not trouble:
            messages.success(request, _("%(gone)s is %(stays)s now.") % {"gone": found.name, "stays": into.name})
            return redirect("customer", pk=into.pk)
        context["trouble"] = trouble
    effect = effect_of_merging(found, into)
    context |= {"effect": effect, "rows": rows_of_merging(effect, gone=found, stays=into)}
    context["swapped"] = f"{reverse('renewals:merge-customer', args=[into.pk])}?{urlencode({'into': found.pk})}"
    fields = [field for field in Customer._meta.fields if field.name in CUSTOMER_FIELDS]
    context["differing"] = [
        (field.verbose_name, getattr(found, field.name), getattr(into, field.name))
        for field in fields
        if getattr(found, field.name) != getattr(into, field.name)
    ]
    return _page(request, "renewals/transfers/merge.html", context)


@on_pages
@for_portal_admins
@reauthenticate_first
def change_reseller(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer comes to another reseller."""
    user, now = cast(User, request.user), timezone.now()
    found = get_object_or_404(visible_customers(user).select_related("reseller"), pk=pk)
    sent = request.POST if request.method == "POST" else request.GET
    form = ResellerForm(sent if "to" in sent or request.method == "POST" else None, customer=found)
    page = reverse("renewals:change-reseller", args=[found.pk])
    context: dict[str, Any] = {"customer": found, "form": form, "page": page}
    if not form.is_valid():
        return _page(request, "renewals/transfers/reseller.html", context)
    to: Reseller = form.cleaned_data["to"]
    if request.method == "POST":
        mark = request.POST.get("mark", "")
        trouble = _do(lambda: change_reseller_of(customer=found, to=to, mark=mark, by=user, now=now))
        if not trouble:
            said = _("%(name)s is a customer of %(reseller)s now.") % {"name": found.name, "reseller": to.name}
            messages.success(request, said)
            return redirect("customer", pk=found.pk)
        found = get_object_or_404(visible_customers(user).select_related("reseller"), pk=pk)
        context |= {"trouble": trouble, "customer": found}
    effect = effect_of_leaving(found, to=to, on=timezone.localdate(now))
    gets, keeps = rows_of_leaving(effect, to=to)
    context |= {"to": to, "effect": effect, "gets": gets, "keeps": keeps}
    return _page(request, "renewals/transfers/reseller.html", context)


def _do(transfer: Callable[[], Effect]) -> str:
    """Why it was not done; empty: it was."""
    try:
        transfer()
    except TransferRefused as refused:
        return str(refused)
    except EffectChanged:
        return _("Something has changed since this page was opened. Check once more what happens, then confirm.")
    return ""


def _chosen(request: HttpRequest, name: str, user: User, *, beside: Customer) -> Customer | None:
    """The other customer of the same reseller that the address or the form names. None: none is named yet."""
    text = (request.POST if request.method == "POST" else request.GET).get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    same = visible_customers(user).filter(reseller=beside.reseller_id).exclude(pk=beside.pk)
    return get_object_or_404(same, pk=int(text))


def _choose(request: HttpRequest, template: str, context: dict[str, Any], *, beside: Customer) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found = customers_to_choose(cast(User, request.user), beside, text=text, on=timezone.localdate())
    return _page(request, template, context | {"text": text, "found": found})


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    context["on"] = timezone.localdate()
    return render(request, template, context, status=422 if context.get("trouble") else 200)


__all__ = ["change_reseller", "merge", "move"]
