"""The renewal form: open it, see the price as it changes, save a draft, issue."""

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

from licensing.importing import lost_pictures
from licensing.models import LicenseID, User

from .. import operations
from ..forms import RenewalForm
from ..models import Quote, QuoteDraft, State
from ..operations import Calculation
from ..pdf import DrawingFailed
from ..queries import drafts_with_basis, visible_drafts, visible_quotes
from .differences import lay_out_differences
from .opening import calculate, choices, for_makers, form_of_draft, get_license_id, removed_row, typed_form
from .sheet import lay_out

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new quote for one license ID."""
    return _form_page(request, get_license_id(request, code), None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A saved draft, priced as of today. Where it was issued meanwhile, the quote is shown and said so."""
    user = cast(User, request.user)
    if issued := visible_quotes(user).filter(key=key).first():
        if request.method == "POST":
            entry = typed_form(request, get_license_id(request, issued.licenseid.code)).entry()
            return _already_issued(request, operations.AlreadyIssued(issued), entry)
        return redirect("quotes:detail", key=key)
    if found := drafts_with_basis(user).filter(key=key).first():
        return _form_page(request, get_license_id(request, found.licenseid.code), found)
    return _without_draft(request)


@require_POST
@for_makers
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The calculation beside the form, as it changes; also a row for additions more or less. Writes nothing."""
    licenseid = get_license_id(request, code)
    action = request.POST.get("action", "")
    if action == "add-row":
        return _further_row(request, licenseid)
    form = typed_form(request, licenseid)
    form.is_valid()
    sheet = lay_out(form=form, calculation=calculate(form))
    context: dict[str, object] = {"sheet": sheet, "form": form, "licenseid": licenseid}
    if draft := _draft_of(request, form):
        context["differences"] = lay_out_differences(
            draft=draft, form=form, calculation=sheet.calculation, is_priced=sheet.is_priced
        )
    if (removed := removed_row(action)) is not None:
        context |= {"focused_row": min(removed, form.addition_count - 1)}
        context |= choices(form, sheet.calculation.prices)
    return render(request, "quotes/_preview_answer.html", context)


def _draft_of(request: HttpRequest, form: RenewalForm) -> QuoteDraft | None:
    """The draft that the form is of, as far as it was made from a quote. A new form sends no version."""
    key = form.cleaned_data.get("key")
    if key is None or form.cleaned_data.get("seen_version") is None:
        return None
    drafts = drafts_with_basis(cast(User, request.user)).filter(basis__isnull=False, licenseid=form.licenseid)
    return drafts.filter(key=key).first()


def _further_row(request: HttpRequest, licenseid: LicenseID) -> HttpResponse:
    """An empty row for additions; nothing where there are as many as a form can have."""
    form = typed_form(request, licenseid, added_rows=1)
    form.is_valid()
    calculation = calculate(form)
    addition = lay_out(form=form, calculation=calculation).additions[-1]
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
    return _show(request, form, calculate(form), None, status=422, notices=[notice])


def _form_page(request: HttpRequest, licenseid: LicenseID, draft: QuoteDraft | None) -> HttpResponse:
    if request.method != "POST":
        form = form_of_draft(licenseid, draft) if draft else typed_form(request, licenseid)
        form.is_valid()
        calculation = calculate(form)
        return _show(request, form, calculation, draft, notices=_changes_since_saved(draft, form, calculation))

    action = request.POST.get("action", "calculate")
    form = typed_form(request, licenseid, added_rows=1 if action == "add-row" else 0)
    if draft is not None and form.data.get("key") != str(draft.key):
        form.data = form.data.copy()
        form.data["key"] = str(draft.key)
    form.is_valid()
    if action in ("save", "detach"):
        return _save(request, form, draft, is_detached=action == "detach")
    if action == "issue":
        return _issue(request, form, draft)
    return _show(request, form, calculate(form), draft)


def _save(
    request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None, *, is_detached: bool = False
) -> HttpResponse:
    user = cast(User, request.user)
    calculation = calculate(form)
    key = form.cleaned_data.get("key")
    if key is None or form.is_forged:
        return _show(request, form, calculation, draft, status=422)
    try:
        saved = operations.save_draft(
            key=key,
            licenseid=form.licenseid,
            entry=form.entry(),
            subject=form.data.get("subject", "")[:200].replace("\x00", ""),
            pricing=calculation.pricing if form.is_valid() else None,
            saved_by=user,
            now=timezone.now(),
            seen_version=form.cleaned_data.get("seen_version"),
            is_detached=is_detached,
        )
    except operations.AlreadyIssued as issued:
        return _already_issued(request, issued, form.entry())
    except operations.DraftChanged as changed:
        found = _reload(request, changed.draft)
        return _show(request, form, calculation, found, status=422, notices=[_with_new_version(form, changed)])
    except operations.FormKeyTaken:
        return _show(request, form, calculation, draft, status=422, notices=[_with_new_key(form)])
    if is_detached:
        messages.success(request, _("It is a new quote from now on, and gets its number when it is issued."))
        return redirect("quotes:draft", key=saved.key)
    drafts = f"{reverse('quotes:list')}?status=draft"
    messages.success(
        request, format_html('{} <a href="{}">{}</a>', _("The draft was saved."), drafts, _("Show the drafts"))
    )
    return redirect("quotes:draft", key=saved.key)


def _issue(request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None) -> HttpResponse:
    not_done = _("The quote was not issued.")
    if not form.is_valid():
        return _show(request, form, calculate(form), draft, status=422, not_done=not_done)
    now = timezone.now()
    seen_total = form.cleaned_data["seen_total"]
    try:
        quote = operations.issue(
            key=form.cleaned_data["key"],
            licenseid=form.licenseid,
            request=form.to_request(on=timezone.localdate(now)),
            products=form.products,
            wording=form.wording(),
            entry=form.entry(),
            acknowledged=form.cleaned_data["acknowledge"],
            seen_total=-1 if seen_total is None else seen_total,
            issued_by=cast(User, request.user),
            now=now,
            seen_version=form.cleaned_data["seen_version"],
            again=form.cleaned_data["again"],
        )
    except operations.QuoteRefused as refused:
        return _show(request, form, refused.calculation, draft, status=422, not_done=not_done)
    except operations.NotAcknowledged:
        notice: str = format_html(
            '{} <a href="#warnings">{}</a>',
            _("Read the warnings below the quoted amount and tick each of them, then issue the quote."),
            _("To the warnings"),
        )
        return _show(request, form, calculate(form), draft, status=422, notices=[notice], not_done=not_done)
    except operations.PriceChanged as changed:
        notice = _("The amount has changed since it was last shown. Check it, then issue the quote.")
        return _show(request, form, changed.calculation, draft, status=422, notices=[notice], not_done=not_done)
    except operations.IssuedAlike as issued_alike:
        alike = issued_alike.quote
        return _show(request, form, calculate(form), draft, status=422, not_done=not_done, alike=alike)
    except operations.AlreadyIssued as issued:
        return _already_issued(request, issued, form.entry())
    except operations.DraftChanged as changed_draft:
        notices = [_with_new_version(form, changed_draft)]
        found = _reload(request, changed_draft.draft)
        return _show(request, form, calculate(form), found, status=422, notices=notices, not_done=not_done)
    except (operations.WrongState, operations.CustomerMoved):
        # The page says what happened to the quote that was to be revised, and how what was typed goes on.
        found = _reload(request, draft)
        notices = [_("The quote that it revises no longer stands as it did: see above.")]
        return _show(request, form, calculate(form), found, status=422, notices=notices, not_done=not_done)
    except operations.ClockBehind as behind:
        text = _(
            "By the portal’s clock today is %(today)s, but the log of your quotes already holds "
            "entries of %(latest)s. Ask whoever operates the portal to set the clock right, or to confirm it. What you "
            "typed can be saved as a draft."
        )
        told = {"today": date_format(behind.today), "latest": date_format(behind.latest)}
        return _show(request, form, calculate(form), draft, status=422, notices=[text % told], not_done=not_done)
    except operations.FormKeyTaken:
        notices = [_with_new_key(form)]
        return _show(request, form, calculate(form), draft, status=422, notices=notices, not_done=not_done)
    except DrawingFailed as failure:
        logger.exception("quote could not be drawn: license ID %s", form.licenseid.pk)
        notice = _("The PDF could not be drawn, so nothing was issued. %(reason)s") % {"reason": failure}
        return _show(request, form, calculate(form), draft, status=500, notices=[notice])
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


def _already_issued(
    request: HttpRequest, issued: operations.AlreadyIssued, entry: dict[str, list[str]]
) -> HttpResponse:
    """A double click is answered with its quote; anything else is told that there is one already."""
    quote = issued.quote
    user = cast(User, request.user)
    told = {"number": quote.number, "name": quote.issued_by_name}
    if quote.issued_by_id != user.pk:
        messages.warning(request, _("%(name)s has issued this already as %(number)s. No second quote was made.") % told)
    elif entry == quote.entry:
        messages.success(request, _("Quote %(number)s was issued.") % told)
    else:
        messages.warning(
            request,
            _("This form was issued already as %(number)s. For a changed quote open the license ID again.") % told,
        )
    return redirect("quotes:detail", key=quote.key)


def _reload(request: HttpRequest, draft: QuoteDraft | None) -> QuoteDraft | None:
    """The draft with the quote that it was made from, as both are now."""
    return draft and drafts_with_basis(cast(User, request.user)).filter(pk=draft.pk).first()


def _show(
    request: HttpRequest,
    form: RenewalForm,
    calculation: Calculation,
    draft: QuoteDraft | None,
    *,
    status: int = 200,
    notices: list[str] | None = None,
    not_done: str = "",
    alike: Quote | None = None,
) -> HttpResponse:
    """The form's page. `not_done` says at its top that nothing was issued; `alike` is a quote of the same content."""
    user = cast(User, request.user)
    is_refused = status != 200 and not notices and alike is None
    if is_refused and not_done:
        notices = [_("Put right what is listed below the quoted amount, then issue the quote.")]
    last = visible_quotes(user).filter(licenseid=form.licenseid).exclude(status__state=State.SUPERSEDED).first()
    drafts = visible_drafts(user).filter(licenseid=form.licenseid)
    sheet = lay_out(form=form, calculation=calculation)
    context = {
        "form": form,
        "sheet": sheet,
        "differences": lay_out_differences(draft=draft, form=form, calculation=calculation, is_priced=sheet.is_priced),
        "licenseid": form.licenseid,
        "customer": form.licenseid.customer,
        "programmes": sorted({holding.product.programme for holding in form.holdings}, key=lambda row: row.code),
        "expires_on": min((holding.support_expires_on for holding in form.holdings), default=None),
        "on": form.on,
        "draft": draft,
        "last_quote": last,
        "notices": notices or [],
        "is_refusal_focused": is_refused,
        "not_done": not_done,
        "alike": alike,
        "lost_pictures": lost_pictures(form.licenseid.customer.reseller),
        "other_drafts": [] if draft else drafts.order_by("-saved_at")[:3],
        **choices(form, calculation.prices),
    }
    return render(request, "quotes/form.html", context, status=status)


def _changes_since_saved(draft: QuoteDraft | None, form: RenewalForm, calculation: Calculation) -> list[str]:
    """What is different from the day on which a draft was saved."""
    if draft is None:
        return []
    notices = []
    if draft.entry.get("held") != [form.held_now()]:
        notices.append(
            _("The holdings of this license ID have changed since the draft was saved. Check the quantities.")
        )
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


def _with_new_key(form: RenewalForm) -> str:
    form.data = form.data.copy()
    form.data["key"] = str(uuid.uuid4())
    return _("This form was already used for something else. It has been renewed: check it and try again.")


def _with_new_version(form: RenewalForm, changed: operations.DraftChanged) -> str:
    form.data = form.data.copy()
    form.data["seen_version"] = str(changed.draft.version)
    return _(
        "%(name)s saved this draft after you opened it (%(time)s). What you typed stands below and is not saved. Open "
        "the draft in a new window to compare; if you go on here, yours replaces it."
    ) % {
        "name": changed.draft.saved_by.name,
        "time": date_format(timezone.localtime(changed.draft.saved_at), "SHORT_DATETIME_FORMAT"),
    }
