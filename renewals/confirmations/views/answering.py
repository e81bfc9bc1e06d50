"""What a customer sees who is asked what they need: what is held, and a form. No log-in."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licensing.models import LicenseID, User
from licensing.views import is_too_often, read_address, read_browser
from pricing.engine.values import TaxRounding
from quotes.customers.views.tokens import in_chosen_language, opened_by_token

from ...asked import Asked, held_of
from ...calculation.calculate import calculate
from ...models import QuantityConfirmation
from ..answer_form import NeedForm, seen_text
from ..needed import wanted_part
from ..operations import HeldChanged, NotOpen, answer
from ..queries import asked_license_ids, find_by_token, is_any_quoted, last_answer, needed_of
from ..texts import settings_of

MOST_ANSWERS = "20/10m"
"""From one address: each answer is kept, and told to the reseller's people by e-mail."""


def _over(request: HttpRequest, confirmation: QuantityConfirmation | None) -> HttpResponse:
    """Nothing can be answered here, and what to do: whoever asked knows."""
    context: dict[str, Any] = {"why": "unknown", "page_url": request.path}
    if confirmation:
        reseller = confirmation.asked_by.reseller or confirmation.customer.reseller
        context |= {"why": _why_over(confirmation), "reseller": reseller, "confirmation": confirmation}
    response = render(request, "renewals/confirmations/over.html", context, status=410 if confirmation else 404)
    response.is_own_page = True  # type: ignore[attr-defined]
    return response


def _why_over(confirmation: QuantityConfirmation) -> str:
    if confirmation.withdrawn_at:
        return "withdrawn"
    if confirmation.open_until < timezone.localdate():
        return "past"
    return "quoted" if is_any_quoted(confirmation) else "elsewhere"


by_token = opened_by_token(
    find=find_by_token,
    is_open=lambda confirmation: confirmation.is_open(timezone.localdate()),
    language_of=lambda confirmation: confirmation.language,
    over=_over,
    action="unknown_confirmation",
)


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def asked(request: HttpRequest, confirmation: QuantityConfirmation, token: str) -> HttpResponse:
    """The form of a link, and what is sent with it."""
    licenseids = asked_license_ids(confirmation)
    if not licenseids:
        return _over(request, confirmation)
    last = last_answer(confirmation)
    form = NeedForm(request.POST if request.method == "POST" else None, licenseids=licenseids, before=needed_of(last))
    may_answer = _is_customer(request, confirmation)
    context: dict[str, Any] = {
        "confirmation": confirmation,
        "reseller": confirmation.customer.reseller,
        "form": form,
        "parts": [_part(form, one) for one in licenseids],
        "last": last,
        "may_answer": may_answer,
        "page_url": reverse("renewals:answer", args=[token]),
        "calculation": _price(confirmation, licenseids),
    }
    template = "renewals/confirmations/asked.html"
    if request.method != "POST":
        return render(request, template, context)
    if not may_answer:
        raise PermissionDenied(_("This page is for the customer."))
    if not form.is_valid():
        return render(request, template, context, status=422)
    if form.is_of_other_holdings:
        return _changed(request, confirmation, token)
    if is_too_often(request, action="confirmation", rate=MOST_ANSWERS):
        return render(request, template, context | {"problem": "often"}, status=429)
    try:
        answer(
            confirmation=confirmation,
            needed=form.needed(),
            by_name=form.cleaned_data["name"],
            message=form.cleaned_data["message"],
            ip=read_address(request),
            user_agent=read_browser(request),
            now=timezone.now(),
        )
    except HeldChanged:
        return _changed(request, confirmation, token)
    except NotOpen:
        confirmation.refresh_from_db()
        return _over(request, confirmation)
    return redirect(in_chosen_language(context["page_url"], request))


def _changed(request: HttpRequest, confirmation: QuantityConfirmation, token: str) -> HttpResponse:
    """What is held has changed since the page was opened: it is shown as it is now. What was typed stays, but for what
    has changed.
    """
    licenseids = asked_license_ids(confirmation)
    if not licenseids:
        return _over(request, confirmation)
    form = NeedForm(licenseids=licenseids)
    kept = ["name", "message", *(f"years-{one.pk}" for one in licenseids)]
    for holding in (holding for one in licenseids for holding in one.holdings.all()):
        if request.POST.get(f"seen-{holding.pk}") == seen_text(holding):
            kept += [f"need-{holding.pk}", f"quantity-{holding.pk}"]
    form.initial = {name: request.POST.get(name, "") for name in kept}
    context = {
        "confirmation": confirmation,
        "reseller": confirmation.customer.reseller,
        "form": form,
        "parts": [_part(form, one) for one in licenseids],
        "last": last_answer(confirmation),
        "may_answer": True,
        "page_url": reverse("renewals:answer", args=[token]),
        "problem": "changed",
        "calculation": _price(confirmation, licenseids),
    }
    return render(request, "renewals/confirmations/asked.html", context, status=409)


def _part(form: NeedForm, licenseid: LicenseID) -> dict[str, Any]:
    """One license ID as the page shows it."""
    rows = [
        {
            "holding": holding,
            "seen": form[f"seen-{holding.pk}"],
            "need": form[f"need-{holding.pk}"],
            "quantity": form[f"quantity-{holding.pk}"],
        }
        for holding in licenseid.holdings.all()
    ]
    return {"licenseid": licenseid, "rows": rows, "years": form[f"years-{licenseid.pk}"]}


def _price(confirmation: QuantityConfirmation, licenseids: list[LicenseID]) -> Any:
    """What all as held costs for a year today, where the reseller wanted it shown when it asked, and still does, and
    it can be priced; else None.
    """
    if not (confirmation.with_prices and settings_of(confirmation.customer.reseller).shows_prices):
        return None
    parts = tuple(wanted_part(None, license_id=one.code, held=held_of(one.holdings.all())) for one in licenseids)
    customer = licenseids[0].customer
    wanted = Asked(parts, tax_rounding=TaxRounding(customer.reseller.tax_rounding))
    calculation = calculate(asked=wanted, customer=customer, on=timezone.localdate())
    return None if calculation.pricing.is_refused else calculation


def _is_customer(request: HttpRequest, confirmation: QuantityConfirmation) -> bool:
    """Who is logged in answers for their own company alone: nobody answers for a customer by mistake."""
    return not isinstance(request.user, User) or request.user.customer_id == confirmation.customer.present_id
