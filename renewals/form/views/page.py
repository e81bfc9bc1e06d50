"""The page of the renewal form: what stands on it, and what it says about a draft that others changed."""

import uuid
from dataclasses import dataclass
from typing import cast

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licensing.importing import lost_pictures
from licensing.models import User
from licensing.queries import visible_license_ids
from quotes.models import Quote, State
from quotes.record.queries import visible_quotes

from ...asked import from_json
from ...calculation.calculate import Calculation
from ...drafts.queries import drafts_with_basis, visible_drafts
from ...models import QuoteDraft
from ...refusals import DraftChanged
from ...standing_lines.queries import standing_lines_of
from ..forms import RenewalForm
from .changes import lay_out_differences
from .decision import lay_out_decision
from .held import new_page, page_name
from .opened import MOST_PARTS, choices, with_query
from .places import as_text, marks_of
from .sheet import lay_out


@dataclass(frozen=True)
class Conflict:
    """Somebody saved the draft after this page was opened. Whoever has the page chooses what becomes of the two."""

    said: str
    version: int
    """That of the other one: who goes on with this page has been told of it, and of none after it."""
    key: uuid.UUID


def reload_draft(request: HttpRequest, draft: QuoteDraft | None) -> QuoteDraft | None:
    """The draft with the quote that it was made from, as both are now."""
    return draft and drafts_with_basis(cast(User, request.user)).filter(pk=draft.pk).first()


def show(
    request: HttpRequest,
    form: RenewalForm,
    calculation: Calculation,
    draft: QuoteDraft | None,
    *,
    status: int = 200,
    notices: list[str] | None = None,
    not_done: str = "",
    alike: Quote | None = None,
    conflict: Conflict | None = None,
    is_unsaved: bool = False,
    added: str | None = None,
) -> HttpResponse:
    """The form's page. `not_done` says at its top that nothing was issued; `alike` is a quote of the same content.

    `is_unsaved`: it shows something that no draft holds yet. `added` is the code of a license ID that came in just now.
    """
    user = cast(User, request.user)
    is_refused = status != 200 and not notices and alike is None and conflict is None
    if is_refused and not_done:
        notices = [_("Put right what is listed below the quoted amount, then issue the quote.")]
    first = form.licenseid
    last = visible_quotes(user).filter(parts__licenseid__in=form.licenseids).exclude(status__state=State.SUPERSEDED)
    drafts = visible_drafts(user).filter(license_ids__in=form.licenseids).distinct()
    sheet = lay_out(form=form, calculation=calculation, user=user, products=choices(form, calculation.prices))
    differences = lay_out_differences(
        draft=draft, form=form, calculation=calculation, is_priced=sheet.is_priced, user=user
    )
    others = visible_license_ids(user).filter(customer=first.customer_id).exclude(code__in=[*form.prefixes])
    key = form.cleaned_data.get("key") or uuid.uuid4()
    if not page_name(form.data.get("page", ""), user=user):
        form.standing["page"] = new_page(user)
    form.standing["license_id"] = first.code
    context = {
        "form": form,
        "sheet": sheet,
        "differences": differences,
        "shown": as_text(marks_of(sheet, differences)),
        "licenseid": first,
        "customer": first.customer,
        "programmes": sorted({holding.product.programme for holding in form.holdings}, key=lambda row: row.code),
        "expires_on": min((holding.support_expires_on for holding in form.holdings), default=None),
        "on": form.on,
        "draft": draft,
        "last_quote": last.distinct().first(),
        "notices": notices or [],
        "is_refusal_focused": is_refused,
        "not_done": not_done,
        "alike": alike,
        "conflict": conflict,
        "is_unsaved": is_unsaved or request.method == "POST",
        "form_key": key,
        "way_back": with_query(
            reverse("renewals:new", args=[first.code]),
            {"draft": [str(key)], "with": [one.code for one in form.licenseids[1:]]},
        ),
        "lost_pictures": lost_pictures(first.customer.reseller),
        "other_drafts": [] if draft else drafts.order_by("-saved_at")[:3],
        "other_license_ids": others.annotate(expires_on=Min("holdings__support_expires_on")).order_by("code")
        if len(form.parts) < MOST_PARTS
        else [],
        "added": added,
        "standing_lines": standing_lines_of(first.customer.reseller_id),
        "decision": lay_out_decision(form=form, calculation=calculation, code=_shown_sheet(request)),
    }
    return render(request, "renewals/form/form.html", context, status=status)


def _shown_sheet(request: HttpRequest) -> str:
    """The code of the license ID whose decision sheet stands open: its button was pressed, or it was open before."""
    action = request.POST.get("action", "")
    return action.removeprefix("decision ") if action.startswith("decision ") else request.POST.get("decision", "")


def changes_since_saved(draft: QuoteDraft | None, form: RenewalForm, calculation: Calculation) -> list[str]:
    """What is different from the day on which a draft was saved."""
    if draft is None:
        return []
    notices = []
    asked = {part.license_id: part for part in from_json(draft.asked).parts}
    for part in form.quoted:
        then = {row.holding: row.quantity for row in asked[part.licenseid.code].holdings}
        if part.name("held") in draft.as_typed or then != {row.pk: row.quantity for row in part.holdings}:
            text = _("The holdings of this license ID have changed since the draft was saved. Check the quantities.")
            notices.append(f"{part.licenseid.code}: {text}" if form.is_several else text)
    pricing = calculation.pricing
    is_priced = form.is_valid() and not pricing.is_refused
    if draft.priced_total is not None and is_priced and pricing.total != draft.priced_total:
        notices.append(
            _("The price has changed since the draft was saved: ¥%(before)s then, ¥%(now)s today.")
            % {"before": f"{draft.priced_total:,}", "now": f"{pricing.total:,}"}
        )
    elif draft.priced_total is not None and not is_priced:
        notices.append(
            _("The draft was saved at ¥%(before)s, but cannot be quoted today.") % {"before": f"{draft.priced_total:,}"}
        )
    return notices


def with_new_key(form: RenewalForm) -> str:
    form.data = form.data.copy()
    form.data["key"] = str(uuid.uuid4())
    return _("This form was already used for something else. It has been renewed: check it and try again.")


def conflict_of(changed: DraftChanged, user: User) -> Conflict:
    """Who saved the draft meanwhile, and when."""
    draft = changed.draft
    at = date_format(timezone.localtime(draft.saved_at), "SHORT_DATETIME_FORMAT")
    if draft.saved_by_id == user.pk:
        said = _("You saved this draft in another window after you opened it here (%(time)s).") % {"time": at}
    else:
        said = _("%(name)s saved this draft after you opened it (%(time)s).") % {
            "name": draft.saved_by.name,
            "time": at,
        }
    return Conflict(said, draft.version, draft.key)
