"""The renewal form: open it, save a draft, issue or ask for approval. Its page: page.py; the price: preview.py."""

import logging
import re
import uuid
from dataclasses import replace
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.text.keys import read_key
from licensing.models import User
from licensing.operations.turns import ChangedHands
from licensing.views import for_makers
from quotes.paper import DrawingFailed
from quotes.record.queries import visible_quotes
from quotes.record.refusals import AlreadyIssued, ClockBehind, CustomerMoved, FormKeyTaken, IssuedAlike, WrongState

from ...asked import to_json
from ...drafts.operations import save_draft
from ...drafts.queries import drafts_with_basis, visible_drafts
from ...issue.operations import issue
from ...models import QuoteDraft
from ...refusals import (
    CannotBePrinted,
    ContactGone,
    DraftChanged,
    DraftGone,
    NeedsApproval,
    NotAcknowledged,
    PriceChanged,
    QuoteRefused,
)
from ..forms import RenewalForm
from .approving import ask
from .held import forget_held, held_for, waits_for_log_in
from .opened import (
    Opened,
    added_code,
    form_of_draft,
    held_form,
    open_draft,
    open_license_ids,
    open_sent_draft,
    price_form,
    replaced_version,
    typed_form,
    typed_values,
    with_query,
)
from .page import changes_since_saved, conflict_of, reload_draft, show, with_new_key
from .printing import lay_out_place
from .reading import read_codes

logger = logging.getLogger(__name__)

LEADING_AWAY = re.compile(r"add-contact|holdings [^ ]{1,40}")
"""Buttons that save the draft and lead to another page, which leads back to it: to a new contact, or to what the
license ID of this code holds.
"""


@require_http_methods(["GET", "HEAD", "POST"])
@waits_for_log_in
@for_makers
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new quote for one license ID, and for those that `with` names, all of one customer (R18).

    `draft` in the query is the key of a form that was open: its draft, if any.
    """
    user = cast(User, request.user)
    if request.method == "POST":
        try:
            return _form_page(request, open_license_ids(request, code), None)
        except ChangedHands:
            return _again(request, open_license_ids(request, code), None)
    key = read_key(request.GET.get("draft", ""))
    if key and (visible_drafts(user).filter(key=key).exists() or visible_quotes(user).filter(key=key).exists()):
        return redirect("renewals:draft", key=key)
    waiting = held_for(request, key=key, draft=None) if key else None
    opened = open_license_ids(request, code, waiting)
    if opened.gone and waiting is None:
        raise Http404
    return _opened(request, opened, None, key)


@require_http_methods(["GET", "HEAD", "POST"])
@waits_for_log_in
@for_makers
def draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A saved draft, priced as of today. Where it was issued meanwhile, the quote is shown and said so."""
    user = cast(User, request.user)
    if issued := visible_quotes(user).filter(key=key).first():
        if request.method == "POST":
            sent = request.POST.get("license_id") or issued.parts.order_by("position")[0].license_code
            form = typed_form(open_license_ids(request, sent))
            form.is_valid()
            return _already_issued(request, AlreadyIssued(issued), form)
        return redirect("quotes:detail", key=key)
    if found := drafts_with_basis(user).filter(key=key).first():
        typed = request.POST if request.method == "POST" else held_for(request, key=key, draft=found)
        opened = open_draft(request, found) if typed is None else open_sent_draft(request, found, typed)
        if opened is None:
            messages.error(request, _("None of the license IDs of this draft is this customer’s any more."))
            return redirect("customer", pk=found.customer_id)
        if request.method != "POST":
            return _opened(request, opened, found)
        try:
            return _form_page(request, opened, found)
        except ChangedHands:
            found = get_object_or_404(drafts_with_basis(user), key=key)
            return _again(request, open_sent_draft(request, found, request.POST) or opened, found)
    return _without_draft(request)


def _without_draft(request: HttpRequest) -> HttpResponse:
    """A draft that is gone: what was typed into it stays, as a new quote. Nothing typed: 404."""
    form = typed_form(open_license_ids(request, request.POST.get("license_id", "")))
    form.is_valid()
    notice = _("This draft was deleted after you opened it. What you typed stands below: save it to keep it.")
    return show(request, form, price_form(form), None, status=422, notices=[notice])


def _opened(
    request: HttpRequest, opened: Opened, draft: QuoteDraft | None, key: uuid.UUID | None = None
) -> HttpResponse:
    """The form as it is opened: as its draft holds it, or with what was typed before the log-in."""
    if opened.sent is not None:
        form = held_form(opened)
        form.is_valid()
        notice = _("You had typed this when your session ended.")
        return show(request, form, price_form(form), draft, notices=[notice], is_unsaved=True)
    gone = _("%(code)s is not among this customer’s license IDs any more, so it is not in this quote.")
    notices = [gone % {"code": code} for code in opened.gone]
    opened = replace(opened, gone=())
    form = form_of_draft(opened, draft) if draft else typed_form(opened)
    chosen = request.GET.get("contact")  # from the contact's page
    is_chosen = chosen in {str(one.pk) for one in form.contacts} - {form.data.get("contact")}
    if chosen and is_chosen:
        form.data["contact"] = chosen
    if key and not draft:
        form.data["key"] = str(key)
    form.is_valid()
    calculation = price_form(form)
    notices += changes_since_saved(draft, form, calculation)
    return show(request, form, calculation, draft, notices=notices, is_unsaved=is_chosen)


def _form_page(request: HttpRequest, opened: Opened, draft: QuoteDraft | None) -> HttpResponse:
    """The form as it was sent, after what its button does."""
    action = request.POST.get("action", "calculate")
    form = typed_form(opened, action=action)
    if draft is not None and form.data.get("key") != str(draft.key):
        form.data = form.data.copy()
        form.data["key"] = str(draft.key)
    form.is_valid()
    if action in ("save", "detach", "apart") or LEADING_AWAY.fullmatch(action) or replaced_version(action) is not None:
        return _save(request, form, draft, action)
    if action in ("issue", "ask-approval"):
        return _issue(request, form, draft, asks=action == "ask-approval")
    return show(request, form, price_form(form), draft, added=added_code(action))


def _again(request: HttpRequest, opened: Opened, draft: QuoteDraft | None) -> HttpResponse:
    """The form as it was sent, for the customer whose its license IDs are now; 404 where they are nobody's here."""
    form = typed_form(opened)
    form.is_valid()
    notice = _("A license ID has come to another customer meanwhile. Check the addressee, then go on.")
    return show(request, form, price_form(form), draft, status=422, notices=[notice])


def _save(request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None, action: str) -> HttpResponse:
    """Save the draft: over what was seen, over a version that was told of (`replace-7`), or beside it: `apart`."""
    user = cast(User, request.user)
    calculation = price_form(form)
    key = form.cleaned_data.get("key")
    if key is None or form.is_forged:
        return show(request, form, calculation, draft, status=422)
    is_apart, is_detached = action == "apart", action == "detach"
    typed = typed_values(form, calculation, by=user)
    if is_apart:  # the same page sets the same apart, however often it is clicked
        key, typed["seen_version"] = uuid.uuid5(key, typed["page"] or str(typed["asked"])), None
    elif (told := replaced_version(action)) is not None:
        typed["seen_version"] = told
    try:
        saved = save_draft(
            key=key,
            licenseids=form.licenseids,
            saved_by=user,
            now=timezone.now(),
            is_detached=is_detached,
            basis=draft.basis if draft and is_apart else None,
            **typed,
        )
    except AlreadyIssued as issued:
        return _already_issued(request, issued, form)
    except DraftChanged as changed:
        found = reload_draft(request, changed.draft)
        return show(request, form, calculation, found, status=422, conflict=conflict_of(changed, user))
    except DraftGone:
        return _without_draft(request)
    except FormKeyTaken:
        return show(request, form, calculation, draft, status=422, notices=[with_new_key(form)])
    forget_held(request, form.cleaned_data["key"])
    if LEADING_AWAY.fullmatch(action):
        return redirect(_way_away(form, saved, action))
    if is_detached:
        messages.success(request, _("It is a new quote from now on, and gets its number when it is issued."))
        return redirect("renewals:draft", key=saved.key)
    said = _("What you typed is a draft of its own now.") if is_apart else _("The draft was saved.")
    drafts = reverse("renewals:drafts")
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, drafts, _("Show the drafts")))
    return redirect("renewals:draft", key=saved.key)


def _way_away(form: RenewalForm, draft: QuoteDraft, action: str) -> str:
    """Where one of the buttons leads, with the way back."""
    back = {"next": [reverse("renewals:draft", args=[draft.key])]}
    if action.startswith("holdings "):
        code = action.removeprefix("holdings ")
        first = form.licenseid.code
        return with_query(reverse("holdings", args=[code if code in form.prefixes else first]), back)
    return with_query(reverse("contact_new", args=[form.licenseid.customer_id]), back)


def _issue(request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None, *, asks: bool) -> HttpResponse:
    """Issue, or ask for approval of just what would be issued: what keeps the one from being done keeps the other."""
    user = cast(User, request.user)
    not_done = _("Approval was not asked for.") if asks else _("The quote was not issued.")
    if not form.is_valid():
        return show(request, form, price_form(form), draft, status=422, not_done=not_done)
    now = timezone.now()
    seen_total = form.cleaned_data["seen_total"]
    try:
        if asks:
            return ask(request, form, draft, acknowledged=_acknowledged(form))
        quote = issue(
            key=form.cleaned_data["key"],
            licenseids=[part.licenseid for part in form.quoted],
            asked=form.to_asked(),
            acknowledged=_acknowledged(form),
            seen_total=-1 if seen_total is None else seen_total,
            issued_by=user,
            now=now,
            seen_version=form.cleaned_data["seen_version"],
            again=form.cleaned_data["again"],
        )
    except QuoteRefused as refused:
        return show(request, form, refused.calculation, draft, status=422, not_done=not_done)
    except NotAcknowledged:
        notice: str = format_html(
            '{} <a href="#warnings">{}</a>',
            _("Read the warnings below the quoted amount and tick each of them, then issue the quote."),
            _("To the warnings"),
        )
        return show(request, form, price_form(form), draft, status=422, notices=[notice], not_done=not_done)
    except NeedsApproval:
        notice = _("It needs approval by a colleague first: the reasons stand below the quoted amount.")
        return show(request, form, price_form(form), draft, status=422, notices=[notice], not_done=not_done)
    except CannotBePrinted as cannot:
        notices = [_tell_unprintable(cannot, cast(User, request.user))]
        return show(request, form, price_form(form), draft, status=422, notices=notices, not_done=not_done)
    except ContactGone:
        notices = [_("The contact to whom the quote is addressed was removed. Choose the addressee again.")]
        return show(request, form, price_form(form), draft, status=422, notices=notices, not_done=not_done)
    except PriceChanged as changed:
        notice = _("The amount has changed since it was last shown. Check it, then issue the quote.")
        return show(request, form, changed.calculation, draft, status=422, notices=[notice], not_done=not_done)
    except IssuedAlike as issued_alike:
        alike = issued_alike.quote
        return show(request, form, price_form(form), draft, status=422, not_done=not_done, alike=alike)
    except AlreadyIssued as issued:
        return _already_issued(request, issued, form)
    except DraftChanged as changed_draft:
        found, conflict = reload_draft(request, changed_draft.draft), conflict_of(changed_draft, user)
        return show(request, form, price_form(form), found, status=422, not_done=not_done, conflict=conflict)
    except DraftGone:
        return _without_draft(request)
    except (WrongState, CustomerMoved):
        # The page says what happened to the quote that was to be revised, and how what was typed goes on.
        found = reload_draft(request, draft)
        notices = [_("The quote that it revises no longer stands as it did: see above.")]
        return show(request, form, price_form(form), found, status=422, notices=notices, not_done=not_done)
    except ClockBehind as behind:
        text = _(
            "By the portal’s clock today is %(today)s, but the log of your quotes already holds "
            "entries of %(latest)s. Ask whoever operates the portal to set the clock right, or to confirm it. What you "
            "typed can be saved as a draft."
        )
        told = {"today": date_format(behind.today), "latest": date_format(behind.latest)}
        return show(request, form, price_form(form), draft, status=422, notices=[text % told], not_done=not_done)
    except FormKeyTaken:
        notices = [with_new_key(form)]
        return show(request, form, price_form(form), draft, status=422, notices=notices, not_done=not_done)
    except DrawingFailed as failure:
        logger.exception("quote could not be drawn: license ID %s", form.licenseid.pk)
        notice = _("The PDF could not be drawn, so nothing was issued. %(reason)s") % {"reason": failure}
        return show(request, form, price_form(form), draft, status=500, notices=[notice])
    forget_held(request, quote.key)
    messages.success(request, _("Quote %(number)s was issued.") % {"number": quote.number})
    if quote.revises and quote.revises.share_links.filter(revoked_at=None).exists():
        messages.info(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                _("The customer has a link to the former revision, which does not lead to this one."),
                reverse("quotes:send", args=[quote.key]),
                _("Send this revision"),
            ),
        )
    return redirect("quotes:detail", key=quote.key)


def _acknowledged(form: RenewalForm) -> list[tuple[str, str]]:
    """The warnings that were ticked beside all that is said of them now."""
    if not any(part.value("acknowledge") for part in form.quoted):
        return []
    pricing = price_form(form).pricing
    return [
        (part.licenseid.code, code)
        for part, priced in zip(form.quoted, pricing.parts, strict=True)
        for code in read_codes(part, priced.warnings)
    ]


def _tell_unprintable(cannot: CannotBePrinted, user: User) -> str:
    """Every place with its characters; the list below the amount has the ways there."""
    places = [lay_out_place(found, user=user) for found in cannot.places]
    told = {"places": "; ".join(f"{place.where} {place.characters}" for place in places)}
    return format_html(
        '{} <a href="#unprintable">{}</a>',
        _("Characters that cannot be printed: %(places)s. Have them changed, then issue the quote.") % told,
        _("To the places"),
    )


def _already_issued(request: HttpRequest, issued: AlreadyIssued, form: RenewalForm) -> HttpResponse:
    """A double click is answered with its quote; anything else is told that there is one already."""
    quote = issued.quote
    user = cast(User, request.user)
    told = {"number": quote.number, "name": quote.issued_by_name}
    if quote.issued_by_id != user.pk:
        messages.warning(request, _("%(name)s has issued this already as %(number)s. No second quote was made.") % told)
    elif to_json(form.to_asked()) == quote.asked:
        messages.success(request, _("Quote %(number)s was issued.") % told)
    else:
        messages.warning(
            request,
            _("This form was issued already as %(number)s. For a changed quote open the license ID again.") % told,
        )
    return redirect("quotes:detail", key=quote.key)
