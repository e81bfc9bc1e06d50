"""What a customer sees who is asked what they need: what is held, and a form. No log-in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licensing.models import LicenseID, User
from licensing.views import is_too_often, read_address, read_browser
from quotes.customers.views.page import kept_private

from ...asked import Asked, held_of
from ...calculation.calculate import calculate
from ...models import QuantityConfirmation
from ..answer_form import NeedForm
from ..needed import wanted_part
from ..operations import HeldChanged, NotOpen, answer
from ..queries import asked_license_ids, find_by_token, last_answer, needed_of

MOST_ANSWERS = "20/10m"
"""From one address: each answer is kept, and told to the reseller's people by e-mail."""
LANGUAGES = dict(settings.LANGUAGES)


@login_not_required
@kept_private
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """The form of a link, in the language of its letter or the one that was chosen on the page.

    A token that does not exist is answered 404, after some tries 429; one that cannot be answered any more 410.
    """
    confirmation = find_by_token(token)
    chosen = request.GET.get("language", "")
    language = chosen if chosen in LANGUAGES else confirmation.language if confirmation else ""
    with translation.override(language or translation.get_language()):
        if confirmation is None:
            rate = settings.SHARE_LINK_UNKNOWN_RATE
            if is_too_often(request, action="unknown_confirmation", rate=rate):
                response = render(request, "429.html", status=429)
            else:
                response = _over(request, None)
        else:
            response = _asked(request, confirmation, token)
        response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    return response


def _asked(request: HttpRequest, confirmation: QuantityConfirmation, token: str) -> HttpResponse:
    licenseids = asked_license_ids(confirmation)
    if not confirmation.is_open(timezone.localdate()) or not licenseids:
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
    chosen = request.GET.get("language", "")
    return redirect(context["page_url"] + (f"?language={chosen}" if chosen in LANGUAGES else ""))


def _changed(request: HttpRequest, confirmation: QuantityConfirmation, token: str) -> HttpResponse:
    """What is held has changed since the page was opened: it is shown as it is now, with the word and the name kept."""
    licenseids = asked_license_ids(confirmation)
    form = NeedForm(licenseids=licenseids)
    form.initial = {name: request.POST.get(name, "") for name in ("name", "message")}
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
    """What all as held costs for a year today, where the reseller wants it shown and it can be priced; else None."""
    if not confirmation.with_prices:
        return None
    parts = tuple(wanted_part(None, license_id=one.code, held=held_of(one.holdings.all())) for one in licenseids)
    customer = licenseids[0].customer
    calculation = calculate(asked=Asked(parts), customer=customer, on=timezone.localdate())
    return None if calculation.pricing.is_refused else calculation


def _is_customer(request: HttpRequest, confirmation: QuantityConfirmation) -> bool:
    """Who is logged in answers for their own company alone: nobody answers for a customer by mistake."""
    return not isinstance(request.user, User) or request.user.customer_id == confirmation.customer.present_id


def _over(request: HttpRequest, confirmation: QuantityConfirmation | None) -> HttpResponse:
    """Nothing can be answered here, and what to do."""
    context: dict[str, Any] = {"why": "unknown", "page_url": request.path}
    if confirmation:
        is_past = confirmation.open_until < timezone.localdate()
        why = "withdrawn" if confirmation.withdrawn_at else "past" if is_past else "quoted"
        context |= {"why": why, "reseller": confirmation.customer.reseller, "confirmation": confirmation}
    response = render(request, "renewals/confirmations/over.html", context, status=410 if confirmation else 404)
    response.is_own_page = True  # type: ignore[attr-defined]
    return response
