"""The renewal form: open it, see the price as it changes, save a draft, issue. Its page: form_page.py."""

import logging
import uuid
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from licensing.models import LicenseID, User
from renewals.asked import to_json

from .. import operations
from ..forms import RenewalForm
from ..models import QuoteDraft
from ..pdf import DrawingFailed
from ..queries import drafts_with_basis, visible_drafts, visible_quotes
from .differences import lay_out_differences
from .form_page import changes_since_saved, conflict_of, reload_draft, show, with_new_key
from .held import forget_held, held_for, waits_for_log_in
from .opening import (
    calculate,
    choices,
    first_code,
    for_makers,
    form_of_draft,
    get_license_id,
    held_form,
    read_key,
    remedy_changes,
    removed_row,
    replaced_version,
    typed_form,
    typed_values,
)
from .printing import lay_out_place
from .reading import read_codes
from .sheet import lay_out

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@waits_for_log_in
@for_makers
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new quote for one license ID. `draft` in the query is the key of a form that was open: its draft, if any."""
    licenseid = get_license_id(request, code)
    user = cast(User, request.user)
    key = read_key(request.GET.get("draft", ""))
    if key and request.method != "POST":
        found = visible_drafts(user).filter(key=key).exists() or visible_quotes(user).filter(key=key).exists()
        if found:
            return redirect("quotes:draft", key=key)
    return _form_page(request, licenseid, None, key)


@require_http_methods(["GET", "HEAD", "POST"])
@waits_for_log_in
@for_makers
def draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A saved draft, priced as of today. Where it was issued meanwhile, the quote is shown and said so."""
    user = cast(User, request.user)
    if issued := visible_quotes(user).filter(key=key).first():
        if request.method == "POST":
            form = typed_form(request, get_license_id(request, issued.license_code))
            form.is_valid()
            return _already_issued(request, operations.AlreadyIssued(issued), form)
        return redirect("quotes:detail", key=key)
    if found := drafts_with_basis(user).filter(key=key).first():
        return _form_page(request, get_license_id(request, first_code(found)), found)
    return _without_draft(request)


@require_POST
@for_makers
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The calculation beside the form, as it changes. Presses no button, whatever is sent, and writes nothing."""
    return _preview(request, typed_form(request, get_license_id(request, code)))


@require_POST
@for_makers
def change(request: HttpRequest, code: str) -> HttpResponse:
    """A button that changes what stands in the form: a row of the additions more or less, or what cures a refusal.

    Writes nothing.
    """
    licenseid = get_license_id(request, code)
    action = request.POST.get("action", "")
    if action == "add-row":
        return _further_row(request, licenseid)
    form = typed_form(request, licenseid, action=action)
    changes = remedy_changes(typed_form(request, licenseid), action)
    answer = _preview(request, form, removed=removed_row(action), is_cured=bool(changes))
    if changes:
        trigger_client_event(answer, "portal:fields", changes)
    return answer


def _preview(
    request: HttpRequest, form: RenewalForm, *, removed: int | None = None, is_cured: bool = False
) -> HttpResponse:
    form.is_valid()
    sheet = lay_out(form=form, calculation=calculate(form), user=cast(User, request.user))
    context: dict[str, object] = {"sheet": sheet, "form": form, "licenseid": form.licenseid}
    if draft := _draft_of(request, form):
        context["differences"] = lay_out_differences(
            draft=draft, form=form, calculation=sheet.calculation, is_priced=sheet.is_priced
        )
    if removed is not None:
        context |= {"focused_row": min(removed, form.addition_count - 1), **choices(form, sheet.calculation.prices)}
    if is_cured:
        context |= {"focused_row": -1, **choices(form, sheet.calculation.prices)}
    return render(request, "quotes/_preview_answer.html", context)


def _draft_of(request: HttpRequest, form: RenewalForm) -> QuoteDraft | None:
    """The draft that the form is of, as far as it was made from a quote. A new form sends no version."""
    key = form.cleaned_data.get("key")
    if key is None or form.cleaned_data.get("seen_version") is None:
        return None
    drafts = drafts_with_basis(cast(User, request.user)).filter(basis__isnull=False, license_ids=form.licenseid)
    return drafts.filter(key=key).first()


def _further_row(request: HttpRequest, licenseid: LicenseID) -> HttpResponse:
    """An empty row for additions; nothing where there are as many as a form can have."""
    form = typed_form(request, licenseid, action="add-row")
    form.is_valid()
    calculation = calculate(form)
    addition = lay_out(form=form, calculation=calculation, user=cast(User, request.user)).additions[-1]
    if addition.row.product_name in form.data:
        return HttpResponse(status=204)
    return render(
        request,
        "quotes/_addition.html",
        {"addition": addition, "licenseid": licenseid, **choices(form, calculation.prices), "is_new": True},
    )


def _without_draft(request: HttpRequest) -> HttpResponse:
    """A draft that is gone: what was typed into it stays, as a new quote. Nothing typed: 404."""
    form = typed_form(request, get_license_id(request, request.POST.get("license_id", "").replace("\x00", "")))
    form.is_valid()
    notice = _("This draft was deleted after you opened it. What you typed stands below: save it to keep it.")
    return show(request, form, calculate(form), None, status=422, notices=[notice])


def _opened(
    request: HttpRequest, licenseid: LicenseID, draft: QuoteDraft | None, key: uuid.UUID | None
) -> HttpResponse:
    """The form as it is opened: as its draft holds it, or with what was typed before the log-in."""
    key = draft.key if draft else key
    if key and (typed := held_for(request, key=key, draft=draft)):
        form = held_form(licenseid, typed)
        form.is_valid()
        notice = _("You had typed this when your session ended.")
        return show(request, form, calculate(form), draft, notices=[notice], is_unsaved=True)
    form = form_of_draft(licenseid, draft) if draft else typed_form(request, licenseid)
    if key and not draft:
        form.data["key"] = str(key)
    form.is_valid()
    calculation = calculate(form)
    return show(request, form, calculation, draft, notices=changes_since_saved(draft, form, calculation))


def _form_page(
    request: HttpRequest, licenseid: LicenseID, draft: QuoteDraft | None, key: uuid.UUID | None = None
) -> HttpResponse:
    if request.method != "POST":
        return _opened(request, licenseid, draft, key)
    action = request.POST.get("action", "calculate")
    form = typed_form(request, licenseid, action=action)
    if draft is not None and form.data.get("key") != str(draft.key):
        form.data = form.data.copy()
        form.data["key"] = str(draft.key)
    form.is_valid()
    if action in ("save", "detach", "apart") or replaced_version(action) is not None:
        return _save(request, form, draft, action)
    if action == "issue":
        return _issue(request, form, draft)
    return show(request, form, calculate(form), draft)


def _save(request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None, action: str) -> HttpResponse:
    """Save the draft: over what was seen, over a version that was told of (`replace-7`), or beside it: `apart`."""
    user = cast(User, request.user)
    calculation = calculate(form)
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
        saved = operations.save_draft(
            key=key,
            licenseids=[form.licenseid],
            saved_by=user,
            now=timezone.now(),
            is_detached=is_detached,
            basis=draft.basis if draft and is_apart else None,
            **typed,
        )
    except operations.AlreadyIssued as issued:
        return _already_issued(request, issued, form)
    except operations.DraftChanged as changed:
        found = reload_draft(request, changed.draft)
        return show(request, form, calculation, found, status=422, conflict=conflict_of(changed, user))
    except operations.DraftGone:
        return _without_draft(request)
    except operations.FormKeyTaken:
        return show(request, form, calculation, draft, status=422, notices=[with_new_key(form)])
    forget_held(request, form.cleaned_data["key"])
    if is_detached:
        messages.success(request, _("It is a new quote from now on, and gets its number when it is issued."))
        return redirect("quotes:draft", key=saved.key)
    said = _("What you typed is a draft of its own now.") if is_apart else _("The draft was saved.")
    drafts = f"{reverse('quotes:list')}?status=draft"
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, drafts, _("Show the drafts")))
    return redirect("quotes:draft", key=saved.key)


def _issue(request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None) -> HttpResponse:
    user = cast(User, request.user)
    not_done = _("The quote was not issued.")
    if not form.is_valid():
        return show(request, form, calculate(form), draft, status=422, not_done=not_done)
    now = timezone.now()
    seen_total = form.cleaned_data["seen_total"]
    try:
        quote = operations.issue(
            key=form.cleaned_data["key"],
            licenseids=[form.licenseid],
            asked=form.to_asked(),
            acknowledged=_acknowledged(form),
            seen_total=-1 if seen_total is None else seen_total,
            issued_by=user,
            now=now,
            seen_version=form.cleaned_data["seen_version"],
            again=form.cleaned_data["again"],
        )
    except operations.QuoteRefused as refused:
        return show(request, form, refused.calculation, draft, status=422, not_done=not_done)
    except operations.NotAcknowledged:
        notice: str = format_html(
            '{} <a href="#warnings">{}</a>',
            _("Read the warnings below the quoted amount and tick each of them, then issue the quote."),
            _("To the warnings"),
        )
        return show(request, form, calculate(form), draft, status=422, notices=[notice], not_done=not_done)
    except operations.CannotBePrinted as cannot:
        notices = [_tell_unprintable(cannot, cast(User, request.user))]
        return show(request, form, calculate(form), draft, status=422, notices=notices, not_done=not_done)
    except operations.PriceChanged as changed:
        notice = _("The amount has changed since it was last shown. Check it, then issue the quote.")
        return show(request, form, changed.calculation, draft, status=422, notices=[notice], not_done=not_done)
    except operations.IssuedAlike as issued_alike:
        alike = issued_alike.quote
        return show(request, form, calculate(form), draft, status=422, not_done=not_done, alike=alike)
    except operations.AlreadyIssued as issued:
        return _already_issued(request, issued, form)
    except operations.DraftChanged as changed_draft:
        found, conflict = reload_draft(request, changed_draft.draft), conflict_of(changed_draft, user)
        return show(request, form, calculate(form), found, status=422, not_done=not_done, conflict=conflict)
    except (operations.WrongState, operations.CustomerMoved):
        # The page says what happened to the quote that was to be revised, and how what was typed goes on.
        found = reload_draft(request, draft)
        notices = [_("The quote that it revises no longer stands as it did: see above.")]
        return show(request, form, calculate(form), found, status=422, notices=notices, not_done=not_done)
    except operations.ClockBehind as behind:
        text = _(
            "By the portal’s clock today is %(today)s, but the log of your quotes already holds "
            "entries of %(latest)s. Ask whoever operates the portal to set the clock right, or to confirm it. What you "
            "typed can be saved as a draft."
        )
        told = {"today": date_format(behind.today), "latest": date_format(behind.latest)}
        return show(request, form, calculate(form), draft, status=422, notices=[text % told], not_done=not_done)
    except operations.FormKeyTaken:
        notices = [with_new_key(form)]
        return show(request, form, calculate(form), draft, status=422, notices=notices, not_done=not_done)
    except DrawingFailed as failure:
        logger.exception("quote could not be drawn: license ID %s", form.licenseid.pk)
        notice = _("The PDF could not be drawn, so nothing was issued. %(reason)s") % {"reason": failure}
        return show(request, form, calculate(form), draft, status=500, notices=[notice])
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
    if not form.cleaned_data["acknowledge"]:
        return []
    [part] = calculate(form).pricing.parts
    return [(form.licenseid.code, code) for code in read_codes(form, part.warnings)]


def _tell_unprintable(cannot: operations.CannotBePrinted, user: User) -> str:
    """Every place with its characters; the list below the amount has the ways there."""
    places = [lay_out_place(found, user=user) for found in cannot.places]
    told = {"places": "; ".join(f"{place.where} {place.characters}" for place in places)}
    return format_html(
        '{} <a href="#unprintable">{}</a>',
        _("Characters that cannot be printed: %(places)s. Have them changed, then issue the quote.") % told,
        _("To the places"),
    )


def _already_issued(request: HttpRequest, issued: operations.AlreadyIssued, form: RenewalForm) -> HttpResponse:
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
