"""What is done with a draft beside its form: it saves itself, is printed, or deleted."""

import logging
import uuid
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from licensing.models import User
from licensing.operations.turns import ChangedHands
from licensing.views import for_makers, for_staff
from quotes.paper import DrawingFailed
from quotes.record.downloads import download_name_for_staff, pdf_answer
from quotes.record.refusals import AlreadyIssued, FormKeyTaken

from ...drafts.operations import discard_draft, keep_draft
from ...drafts.queries import drafts_with_basis, visible_drafts
from ...issue.operations import draw_draft
from ...models import QuoteDraft
from ...refusals import ContactGone, DraftChanged, DraftGone
from .held import forget_held, waits_for_log_in
from .opened import form_of_draft, open_draft, open_license_ids, price_form, typed_form, typed_values
from .page import Conflict, conflict_of
from .sheet import lay_out

logger = logging.getLogger(__name__)


@require_POST
@waits_for_log_in
@for_makers
def keep(request: HttpRequest, code: str) -> JsonResponse:
    """The form saves itself while somebody types: what became of it, as JSON.

    200 `version` of the draft, None where there is nothing to keep, and what is `said`; 409 `state`: `issued`,
    `changed` or `gone` meanwhile, or its key `taken`; 422 where it cannot be a form of this portal. With `notice` for
    the page.
    """
    try:
        return _keep(request, code)
    except ChangedHands:
        return _keep(request, code)  # for the customer to whom they belong now; 404 where they are nobody's here


def _keep(request: HttpRequest, code: str) -> JsonResponse:
    user = cast(User, request.user)
    form = typed_form(open_license_ids(request, code))
    form.is_valid()
    key = form.cleaned_data.get("key")
    if key is None or form.is_forged:
        return _not_kept(request, "forged", status=422)
    try:
        draft = keep_draft(
            key=key,
            licenseids=form.licenseids,
            saved_by=user,
            now=timezone.now(),
            is_nothing=form.is_nothing,
            **typed_values(form, price_form(form), by=user),
        )
    except AlreadyIssued:
        return _not_kept(request, "issued", key=key)
    except DraftChanged as changed:
        return _not_kept(request, "changed", conflict=conflict_of(changed, user))
    except DraftGone:
        return _not_kept(request, "gone")
    except FormKeyTaken:
        return _not_kept(request, "taken")
    forget_held(request, key)
    if draft is None:
        return JsonResponse({"version": None, "said": ""})
    at = date_format(timezone.localtime(draft.saved_at), "TIME_FORMAT")
    return JsonResponse({"version": draft.version, "said": _("Saved %(time)s") % {"time": at}})


def _not_kept(
    request: HttpRequest,
    state: str,
    *,
    key: uuid.UUID | None = None,
    conflict: Conflict | None = None,
    status: int = 409,
) -> JsonResponse:
    notice = render_to_string(
        "renewals/form/_not_kept.html", {"state": state, "conflict": conflict, "key": key}, request
    )
    return JsonResponse({"state": state, "notice": notice}, status=status)


@require_POST
@for_makers
def discard(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Delete a draft."""
    found = get_object_or_404(visible_drafts(cast(User, request.user)), key=key)
    discard_draft(draft=found)
    forget_held(request, key)
    messages.success(request, _("The draft was deleted."))
    return redirect("quotes:list")


@require_GET
@for_staff
def draft_pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A draft as PDF, marked as such on every page, priced as of today."""
    user = cast(User, request.user)
    found = get_object_or_404(drafts_with_basis(user), key=key)
    if (opened := open_draft(request, found)) is None:
        raise Http404
    form = form_of_draft(opened, found)
    calculation = price_form(form)
    if not form.is_valid() or calculation.pricing.is_refused:
        wrong = " ".join(said.what for said in lay_out(form=form, calculation=calculation, user=user).refusals)
        return _no_pdf(
            request,
            found,
            _("This draft cannot be printed before what is marked below is put right."),
            _("This draft cannot be printed before its reseller has put it right. %(wrong)s") % {"wrong": wrong},
        )
    try:
        document, content = draw_draft(
            customer=form.licenseid.customer,
            asked=form.to_asked(),
            calculation=calculation,
            drawn_by=found.saved_by,
            now=timezone.now(),
            revises=found.basis.number if found.basis and found.is_revision else "",
        )
    except ContactGone:
        said = _("The contact to whom the quote is addressed was removed. Choose the addressee again.")
        return _no_pdf(request, found, said, said)
    except DrawingFailed as failure:
        logger.exception("draft could not be drawn: %s", key)
        return _no_pdf(request, found, str(failure), str(failure))
    return pdf_answer(content, download_name_for_staff(document=document))


def _no_pdf(request: HttpRequest, draft: QuoteDraft, to_staff: str, to_admin: str) -> HttpResponse:
    """Back to the page of the draft on which it can be read why: for staff its form, for a portal admin its record."""
    if cast(User, request.user).is_reseller_staff:
        messages.error(request, to_staff)
        return redirect("renewals:draft", key=draft.key)
    messages.error(request, to_admin)
    return redirect("admin:renewals_quotedraft_change", draft.pk)
