"""The renewal form: open it, see the price as it changes, save a draft, issue."""

import logging
import re
import uuid
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from licensing.models import Holding, LicenseID, Product, User
from licensing.queries import visible_license_ids
from licensing.views import View, for_staff

from .. import operations
from ..forms import RenewalForm, entry_data, without_addition
from ..models import Quote, QuoteDraft
from ..operations import Calculation
from ..pdf import DrawingFailed
from ..queries import visible_drafts, visible_quotes
from .answers import download_name_for_staff, pdf_answer
from .sheet import lay_out

logger = logging.getLogger(__name__)


def _for_makers(view: View) -> View:
    """Making quotes is for a reseller's staff: the issuer on the quote is theirs."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).is_reseller_staff:
            raise PermissionDenied(_("Quotes are made by reseller staff."))
        return view(request, *args, **kwargs)

    return checked


@require_http_methods(["GET", "HEAD", "POST"])
@_for_makers
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new quote for one license ID."""
    return _form_page(request, _license_id(request, code), None)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_makers
def draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A saved draft, priced as of today. Where it was issued meanwhile, the quote is shown and said so."""
    user = cast(User, request.user)
    if issued := visible_quotes(user).filter(key=key).first():
        if request.method == "POST":
            entry = _form(request, _license_id(request, issued.licenseid.code)).entry()
            return _already_issued(request, operations.AlreadyIssued(issued), entry)
        return redirect("quotes:detail", key=key)
    found = visible_drafts(user).select_related("saved_by", "licenseid").filter(key=key).first()
    if found:
        return _form_page(request, _license_id(request, found.licenseid.code), found)
    return _without_draft(request)


@require_POST
@_for_makers
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The calculation beside the form, as it changes; also a row for additions more or less. Writes nothing."""
    licenseid = _license_id(request, code)
    action = request.POST.get("action", "")
    if action == "add-row":
        return _further_row(request, licenseid)
    form = _form(request, licenseid)
    form.is_valid()
    sheet = lay_out(form=form, calculation=_calculate(form))
    context: dict[str, object] = {"sheet": sheet, "form": form, "licenseid": licenseid}
    if (removed := _removed_row(action)) is not None:
        context |= {"focused_row": min(removed, form.addition_count - 1), **_choices(form)}
    return render(request, "quotes/_preview_answer.html", context)


def _removed_row(action: str) -> int | None:
    """The row of the additions whose button to remove it was pressed: `remove-0` … `remove-19`."""
    match = re.fullmatch(r"remove-(\d{1,2})", action, re.ASCII)
    return int(match[1]) if match else None


def _further_row(request: HttpRequest, licenseid: LicenseID) -> HttpResponse:
    """An empty row for additions; nothing where there are as many as a form can have."""
    form = _form(request, licenseid, added_rows=1)
    form.is_valid()
    addition = lay_out(form=form, calculation=_calculate(form)).additions[-1]
    if addition.row.product_name in form.data:
        return HttpResponse(status=204)
    return render(
        request,
        "quotes/_addition.html",
        {"addition": addition, "licenseid": licenseid, **_choices(form), "is_new": True},
    )


@require_POST
@_for_makers
def discard(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Delete a draft."""
    found = get_object_or_404(visible_drafts(cast(User, request.user)), key=key)
    operations.discard_draft(draft=found)
    messages.success(request, _("The draft was deleted."))
    return redirect("quotes:list")


@require_GET
@for_staff
def draft_pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A draft as PDF, marked as such on every page, priced as of today."""
    user = cast(User, request.user)
    found = get_object_or_404(visible_drafts(user).select_related("licenseid"), key=key)
    licenseid = _license_id(request, found.licenseid.code)
    form = _form_of_draft(licenseid, found)
    calculation = _calculate(form)
    if not form.is_valid() or calculation.pricing.is_refused:
        wrong = " ".join(said.what for said in lay_out(form=form, calculation=calculation).refusals)
        return _no_pdf(
            request,
            found,
            _("This draft cannot be printed before what is marked below is put right."),
            _("This draft cannot be printed before its reseller has put it right. %(wrong)s") % {"wrong": wrong},
        )
    try:
        document, content = operations.draw_draft(
            licenseid=licenseid,
            calculation=calculation,
            products=form.products,
            wording=form.wording(),
            drawn_by=found.saved_by,
            now=timezone.now(),
        )
    except DrawingFailed as failure:
        logger.exception("draft could not be drawn: %s", key)
        return _no_pdf(request, found, str(failure), str(failure))
    return pdf_answer(content, download_name_for_staff(document=document))


def _without_draft(request: HttpRequest) -> HttpResponse:
    """A draft that is gone: what was typed into it stays, as a new quote. Nothing typed: 404."""
    form = _form(request, _license_id(request, request.POST.get("license_id", "").replace("\x00", "")))
    form.is_valid()
    notice = _("This draft was deleted after you opened it. What you typed stands below: save it to keep it.")
    return _show(request, form, _calculate(form), None, status=422, notices=[notice])


def _no_pdf(request: HttpRequest, draft: QuoteDraft, to_staff: str, to_admin: str) -> HttpResponse:
    """Back to the page of the draft on which it can be read why: for staff its form, for a portal admin its record."""
    if cast(User, request.user).is_reseller_staff:
        messages.error(request, to_staff)
        return redirect("quotes:draft", key=draft.key)
    messages.error(request, to_admin)
    return redirect("admin:quotes_quotedraft_change", draft.pk)


def _form_page(request: HttpRequest, licenseid: LicenseID, draft: QuoteDraft | None) -> HttpResponse:
    if request.method != "POST":
        form = _form_of_draft(licenseid, draft) if draft else _form(request, licenseid)
        form.is_valid()
        calculation = _calculate(form)
        return _show(request, form, calculation, draft, notices=_changes_since_saved(draft, form, calculation))

    action = request.POST.get("action", "calculate")
    form = _form(request, licenseid, added_rows=1 if action == "add-row" else 0)
    if draft is not None and form.data.get("key") != str(draft.key):
        form.data = form.data.copy()
        form.data["key"] = str(draft.key)
    form.is_valid()
    if action == "save":
        return _save(request, form, draft)
    if action == "issue":
        return _issue(request, form, draft)
    return _show(request, form, _calculate(form), draft)


def _save(request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None) -> HttpResponse:
    user = cast(User, request.user)
    calculation = _calculate(form)
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
        )
    except operations.AlreadyIssued as issued:
        return _already_issued(request, issued, form.entry())
    except operations.DraftChanged as changed:
        return _show(request, form, calculation, changed.draft, status=422, notices=[_with_new_version(form, changed)])
    except operations.FormKeyTaken:
        return _show(request, form, calculation, draft, status=422, notices=[_with_new_key(form)])
    drafts = f"{reverse('quotes:list')}?status=draft"
    messages.success(
        request, format_html('{} <a href="{}">{}</a>', _("The draft was saved."), drafts, _("Show the drafts"))
    )
    return redirect("quotes:draft", key=saved.key)


def _issue(request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None) -> HttpResponse:
    not_done = _("The quote was not issued.")
    if not form.is_valid():
        return _show(request, form, _calculate(form), draft, status=422, not_done=not_done)
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
        return _show(request, form, _calculate(form), draft, status=422, notices=[notice], not_done=not_done)
    except operations.PriceChanged as changed:
        notice = _("The amount has changed since it was last shown. Check it, then issue the quote.")
        return _show(request, form, changed.calculation, draft, status=422, notices=[notice], not_done=not_done)
    except operations.IssuedAlike as issued_alike:
        alike = issued_alike.quote
        return _show(request, form, _calculate(form), draft, status=422, not_done=not_done, alike=alike)
    except operations.AlreadyIssued as issued:
        return _already_issued(request, issued, form.entry())
    except operations.DraftChanged as changed_draft:
        notices = [_with_new_version(form, changed_draft)]
        return _show(
            request, form, _calculate(form), changed_draft.draft, status=422, notices=notices, not_done=not_done
        )
    except operations.FormKeyTaken:
        notices = [_with_new_key(form)]
        return _show(request, form, _calculate(form), draft, status=422, notices=notices, not_done=not_done)
    except DrawingFailed as failure:
        logger.exception("quote could not be drawn: license ID %s", form.licenseid.pk)
        notice = _("The PDF could not be drawn, so nothing was issued. %(reason)s") % {"reason": failure}
        return _show(request, form, _calculate(form), draft, status=500, notices=[notice])
    messages.success(request, _("Quote %(number)s was issued.") % {"number": quote.number})
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
    last = visible_quotes(user).filter(licenseid=form.licenseid).first()
    drafts = visible_drafts(user).filter(licenseid=form.licenseid)
    context = {
        "form": form,
        "sheet": lay_out(form=form, calculation=calculation),
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
        "other_drafts": [] if draft else drafts.order_by("-saved_at")[:3],
        **_choices(form),
    }
    return render(request, "quotes/form.html", context, status=status)


def _license_id(request: HttpRequest, code: str) -> LicenseID:
    rows = visible_license_ids(cast(User, request.user)).select_related("customer__reseller")
    return get_object_or_404(
        rows.prefetch_related(
            Prefetch(
                "holdings",
                Holding.objects.select_related("product__programme").order_by(
                    "support_expires_on", "product__code", "pk"
                ),
            )
        ),
        code=code,
    )


def _form(request: HttpRequest, licenseid: LicenseID, *, added_rows: int = 0) -> RenewalForm:
    data: QueryDict | None = request.POST if request.method == "POST" else None
    if data is not None and (removed := _removed_row(data.get("action", ""))) is not None:
        data = without_addition(data, removed)
    return RenewalForm(
        data,
        licenseid=licenseid,
        holdings=list(licenseid.holdings.all()),
        on=timezone.localdate(),
        added_rows=added_rows,
    )


def _form_of_draft(licenseid: LicenseID, draft: QuoteDraft) -> RenewalForm:
    data = entry_data(draft.entry)
    data["key"] = str(draft.key)
    data["seen_version"] = str(draft.version)
    form = RenewalForm(data, licenseid=licenseid, holdings=list(licenseid.holdings.all()), on=timezone.localdate())
    data["held"] = form.held_now()
    for name in [name for name in data if name not in form.fields]:
        del data[name]  # of holdings that are gone
    form.is_valid()
    return form


def _calculate(form: RenewalForm) -> Calculation:
    return operations.calculate(request=form.to_request(on=form.on), reseller=form.licenseid.customer.reseller)


def _choices(form: RenewalForm) -> dict[str, object]:
    """The products that can be added: held ones first, then the others."""
    held = {holding.product_id for holding in form.holdings}
    products = list(Product.objects.select_related("programme").order_by("code"))
    return {
        "held_products": [product for product in products if product.pk in held],
        "other_products": [product for product in products if product.pk not in held],
    }


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
