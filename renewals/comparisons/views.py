"""A comparison is made from an open form: first the page on which it is put in order, then the record."""

import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.text.keys import read_key
from foundation.text.language import reader_language
from licensing.models import Holding, LicenseID, Product, User
from licensing.operations.turns import ChangedHands
from licensing.queries import find_contact, visible_license_ids
from licensing.views import for_makers, is_too_often
from quotes.letters.comparing import fill_comparison_letter, send_comparison
from quotes.letters.queries import recipients_of
from quotes.letters.views import MOST_SENT, link_address
from quotes.models import FEWEST_ALTERNATIVES, MOST_ALTERNATIVES, Alternative, Comparison
from quotes.paper import DrawingFailed
from quotes.paper.comparison_sheet import lay_out_plans
from quotes.record.comparisons import visible_comparisons
from quotes.record.refusals import AlreadyIssued, ClockBehind, FormKeyTaken, NotShareable, WrongState

from ..asked import Asked
from ..calculation.calculate import Calculation, calculate
from ..drafts.queries import drafts_with_basis
from ..form.forms import RenewalForm
from ..form.tried import read_ticks
from ..form.views.opened import open_license_ids, price_form, typed_form, with_query
from ..form.views.page import show
from ..issue.operations import contact_of
from ..refusals import CannotBePrinted, ContactGone, PriceChanged, QuoteRefused
from .alternatives import proposed_ticks, ticked_alternatives
from .document import Priced, build_comparison
from .forms import ComparisonForm, NotOurs, open_alternative, seal_alternative
from .issuing import NoLongerTheirs, Outcome, RevisionBegun, Withdrawn, issue_alternative, revisable_quote
from .operations import HoldingsDiffer, NotApproved, make_comparison

logger = logging.getLogger(__name__)


@require_POST
@for_makers
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """The alternatives that are ticked in the decision sheet, or proposed, before they become a comparison.

    Writes nothing.
    """
    form = typed_form(open_license_ids(request, code))
    is_whole = form.is_valid()
    calculation = price_form(form)
    key = read_key(form.data.get("key", ""))
    query = {"draft": [str(key)] if key else [], "with": [one.code for one in form.licenseids[1:]]}
    back = with_query(reverse("renewals:new", args=[code]), query)
    if not is_whole:
        said = _("Put right what is marked in the form first, then make the comparison.")
        return _form_again(request, form, calculation, said)
    shown = form.data.get("decision", "") or code
    ticks = read_ticks(form.data)
    found = ticked_alternatives(form, calculation, ticks or proposed_ticks(form, calculation, shown))
    if len(found) > MOST_ALTERNATIVES or len(found) < FEWEST_ALTERNATIVES:
        said = _("A comparison has two to six alternatives. %(count)s are chosen.") % {"count": len(found)}
        return _form_again(request, form, calculation, said)
    licenseids = [part.licenseid for part in form.quoted]
    priced = _priced(found, licenseids, form.products.values())
    if any(one.calculation.pricing.is_refused for one in priced):
        said = _("One of the alternatives cannot be quoted any more. Open the sheet again.")
        return _form_again(request, form, calculation, said)
    tokens = [seal_alternative(one.asked, one.calculation.pricing.total) for one in priced]
    known = _recipients(cast(User, request.user), licenseids, found[0])
    return _page(request, ComparisonForm(tokens=tokens, back=back, known=known), priced, licenseids)


def _form_again(request: HttpRequest, form: RenewalForm, calculation: Calculation, said: str) -> HttpResponse:
    """The form as it was sent, with why nothing was compared: nothing that was typed is lost."""
    key = read_key(form.data.get("key", ""))
    draft = drafts_with_basis(cast(User, request.user)).filter(key=key).first() if key else None
    return show(request, form, calculation, draft, status=422, notices=[said])


@require_POST
@for_makers
def make(request: HttpRequest) -> HttpResponse:
    """The comparison is made as it was put in order."""
    user = cast(User, request.user)
    tokens = request.POST.getlist("alternative")[:MOST_ALTERNATIVES]
    try:
        opened = [open_alternative(token) for token in tokens]
        licenseids = _license_ids_of(user, opened)
        known = _recipients(user, licenseids, opened[0][0])
        form = ComparisonForm(request.POST, tokens=tokens, known=known)
        is_valid = form.is_valid()
        products = [holding.product for one in licenseids for holding in one.holdings.all()]
        priced = _priced([asked for asked, _total in opened], licenseids, products)
    except (NotOurs, KeyError):
        messages.error(request, _("This page is no longer up to date. Make the comparison again from the license ID."))
        return redirect("start")
    if not is_valid:
        return _page(request, form, priced, licenseids, status=422)
    said = ""
    try:
        comparison = make_comparison(
            key=form.cleaned_data["key"],
            licenseids=licenseids,
            alternatives=form.wanted(),
            by=user,
            now=timezone.now(),
        )
    except PriceChanged:
        said = _("The prices have changed since this page was opened. Check the amounts, then make the comparison.")
        form.tokens = [seal_alternative(one.asked, one.calculation.pricing.total) for one in priced]
    except QuoteRefused:
        said = _("One of the alternatives cannot be quoted any more. Go back to the form.")
    except NotApproved:
        said = _(
            "What one of the alternatives offers needs approval by a colleague first. Ask for it in the form, then "
            "compare what was approved."
        )
    except (HoldingsDiffer, ChangedHands):
        said = _("What is held has changed since this page was opened. Go back to the form, and compare again.")
    except CannotBePrinted as cannot:
        characters = sorted({one for place in cannot.places for one in place.characters})
        told = {"characters": " ".join(f"{one} (U+{ord(one):04X})" for one in characters)}
        said = _("Characters that cannot be printed: %(characters)s. Have them changed first.") % told
    except ContactGone:
        said = _("The contact to whom the quote is addressed was removed. Choose the addressee again.")
    except ClockBehind:
        said = _("By the portal’s clock it is an earlier day than that of the last record. Ask whoever operates it.")
    except FormKeyTaken:
        said = _("This page was used for something else already. Make the comparison again from the license ID.")
    except DrawingFailed as failure:
        logger.exception("comparison could not be drawn")
        said = _("The PDF could not be drawn, so nothing was made. %(reason)s") % {"reason": failure}
    if said:
        return _page(request, form, priced, licenseids, status=422, notice=said)
    messages.success(request, _("Comparison %(number)s was made.") % {"number": comparison.number})
    if request.POST.get("act") == "send" and (chosen := form.cleaned_data.get("recipient")):
        _send(request, comparison, to=chosen, to_name=dict(known)[chosen], form_key=str(form.cleaned_data["key"]))
    return redirect("quotes:comparison", key=comparison.key)


@require_POST
@for_makers
def issue(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The quote of an alternative, or the next revision of the open one, in one click; else its draft in the form."""
    user, now = cast(User, request.user), timezone.now()
    rows = visible_comparisons(user).select_related("customer", "reseller").defer("document", "content")
    comparison = get_object_or_404(rows, key=key)
    letter, new_key = request.POST.get("plan", ""), read_key(request.POST.get("key", "")) or uuid.uuid4()
    alternative = next((one for one in comparison.alternatives.all() if one.letter == letter), None)
    if alternative is None:
        messages.error(request, _("Choose one of the plans below."))
        return redirect("quotes:comparison", key=key)
    alternative.comparison = comparison
    revised = None
    if request.POST.get("revises"):
        revised = revisable_quote(comparison, on=timezone.localdate(now))
        if revised is None or str(revised.key) != request.POST["revises"]:
            messages.error(request, _("That quote can no longer be revised. See how things stand, then try again."))
            return redirect("quotes:comparison", key=key)
    try:
        outcome = issue_alternative(alternative=alternative, key=new_key, revises=revised, by=user, now=now)
    except AlreadyIssued as issued:
        return redirect("quotes:detail", key=issued.quote.key)
    except RevisionBegun as begun:
        messages.info(request, _("That quote is being revised already: go on here, or discard this draft first."))
        return redirect("renewals:draft", key=begun.draft.key)
    except (Withdrawn, NoLongerTheirs, WrongState, FormKeyTaken) as refused:
        messages.error(request, _why_none(refused))
        return redirect("quotes:comparison", key=key)
    if outcome.quote:
        messages.success(request, _("Quote %(number)s was issued.") % {"number": outcome.quote.number})
        return redirect("quotes:detail", key=outcome.quote.key)
    for said in _changed(outcome, alternative):
        messages.warning(request, said)
    return redirect("renewals:draft", key=new_key)


def _send(request: HttpRequest, comparison: Comparison, *, to: str, to_name: str, form_key: str) -> None:
    """By e-mail, with the reseller's text as it stands."""
    user = cast(User, request.user)
    if is_too_often(request, action="send-quote", rate=MOST_SENT):
        messages.error(request, _("Too many e-mails in an hour, so it was not sent. Try again later."))
        return
    try:
        mail = send_comparison(
            comparison=comparison,
            form_key=form_key,
            to=to,
            to_name=to_name,
            cc=(),
            letter=fill_comparison_letter(comparison=comparison, sender=user, to_name=to_name),
            by=user,
            make_address=link_address,
            now=timezone.now(),
        )
    except (NotShareable, ValidationError):
        messages.error(request, _("It was not sent. Send it from here."))
        return
    messages.success(request, _("The e-mail to %(to)s is on its way.") % {"to": mail.to})


def _why_none(refused: Exception) -> str:
    if isinstance(refused, Withdrawn):
        return _("This comparison is withdrawn: no quote is made from it.")
    if isinstance(refused, NoLongerTheirs):
        return _(
            "A license ID of this comparison has come to another customer or reseller, so no quote is made from it."
        )
    return _("That quote can no longer be revised. See how things stand, then try again.")


def _changed(outcome: Outcome, alternative: Alternative) -> list[str]:
    """Why the form is opened instead."""
    said = [_("The quote was not issued at once. Check it here, then issue it.")]
    if outcome.has_other_holdings:
        said.append(_("What is held has changed since the comparison was made."))
    if outcome.is_refused:
        said.append(_("As it was compared it cannot be quoted today: what is wrong stands below the amount."))
    elif outcome.total != alternative.total:
        told = {"before": f"¥{alternative.total:,}", "now": f"¥{outcome.total:,}"}
        said.append(_("It was compared at %(before)s with tax; today it comes to %(now)s.") % told)
    if outcome.needs_approval:
        said.append(_("It needs approval by a colleague first: the reasons stand below the quoted amount."))
    if outcome.warnings:
        said.append(_("There are warnings that must be read."))
    return said


def _license_ids_of(user: User, opened: Sequence[tuple[Asked, int]]) -> list[LicenseID]:
    """Those of what is asked, in its order, with their holdings. Raises Http404 where one is not the user's to see,
    NotOurs where nothing is asked.
    """
    if not opened:
        raise NotOurs
    codes = [part.license_id for part in opened[0][0].parts]
    held = Prefetch("holdings", Holding.objects.select_related("product__programme"))
    rows = visible_license_ids(user).filter(code__in=codes).select_related("customer__reseller")
    found = {row.code: row for row in rows.prefetch_related(held)}
    if len(found) < len(codes) or len({row.customer_id for row in found.values()}) > 1:
        raise Http404
    return [found[code] for code in codes]


def _recipients(user: User, licenseids: Sequence[LicenseID], asked: Asked) -> list[tuple[str, str]]:
    """To whom it may be sent: the addressee first."""
    customer = licenseids[0].customer
    contact = find_contact(customer, asked.contact)
    return recipients_of(user, customer=customer.pk, addressee=contact.name if contact else customer.person)


def _priced(found: Sequence[Asked], licenseids: Sequence[LicenseID], products: Iterable[Product]) -> list[Priced]:
    """What each costs today. `products`: those that are loaded."""
    customer, on = licenseids[0].customer, timezone.localdate()
    return [Priced("", asked, calculate(asked=asked, customer=customer, on=on, products=products)) for asked in found]


def _page(
    request: HttpRequest,
    form: ComparisonForm,
    priced: Sequence[Priced],
    licenseids: Sequence[LicenseID],
    *,
    status: int = 200,
    notice: str = "",
) -> HttpResponse:
    """The alternatives side by side as the customer will see them, with their places and labels."""
    plans: list[dict[str, Any]] = []
    if not any(one.calculation.pricing.is_refused for one in priced):
        customer = licenseids[0].customer
        try:
            contact = contact_of(priced[0].asked, customer)
        except ContactGone:
            contact = None
        by, now = cast(User, request.user), timezone.now()
        document = build_comparison(alternatives=priced, customer=customer, contact=contact, made_by=by, now=now)
        plans = lay_out_plans(document, reader_language())
    back = str(form["back"].value() or "")
    context = {
        "form": form,
        "rows": [
            {"place": place, "label": label, "token": token, "plan": plans[number] if plans else None}
            for number, (place, label, token) in enumerate(form.rows)
        ],
        "plans": plans,
        "customer": licenseids[0].customer,
        "licenseids": licenseids,
        "back": back if back.startswith("/") and not back.startswith("//") else "",
        "notice": notice,
    }
    return render(request, "renewals/comparisons/make.html", context, status=status)
