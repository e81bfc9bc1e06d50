"""The list of approvals, a request's page with its answer, its issue; thresholds for managers."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.held import sent
from foundation.versioned_forms import ChangedMeanwhile
from licensing.models import Reseller, User
from licensing.operations.companies import change_thresholds
from licensing.operations.turns import ChangedHands
from licensing.queries import approval_changes, managed_people
from licensing.views import for_makers, for_managers
from licensing.views.pages import page_of
from quotes.models import Quote
from quotes.paper import DrawingFailed, draw
from quotes.record.downloads import download_name_for_staff, pdf_answer
from quotes.record.refusals import AlreadyIssued, ClockBehind, CustomerMoved, FormKeyTaken, IssuedAlike, WrongState

from ..asked import from_json
from ..issue.operations import issue
from ..models import ApprovalRequest, QuoteDraft
from ..refusals import (
    CannotBePrinted,
    ContactGone,
    DraftChanged,
    NeedsApproval,
    NotAcknowledged,
    PriceChanged,
    QuoteRefused,
)
from .forms import AnswerForm, SeveralForm, ThresholdsForm
from .operations import NotToAnswer, answer, withdraw
from .present import Present, present_of
from .queries import last_rounds, mine, rounds_of, visible_requests, waiting_for, why_not
from .several import CHANGED, NotAnswered, Ticked, answer_each
from .shown import lines_of, margins_of, reasons_of, sums_of

State = ApprovalRequest.State
WAITING, MINE, ALL = "waiting", "mine", "all"
TABS: dict[str, str | Promise] = {
    WAITING: gettext_lazy("To be answered by me"),
    MINE: gettext_lazy("Asked by me"),
    ALL: gettext_lazy("All of them"),
}
WHY_NOT: dict[str, str | Promise] = {
    "right": gettext_lazy("You have no right to approve. Managers give it."),
    "own": gettext_lazy("Nobody approves what they themselves asked for, drafted or changed last."),
    "amount": gettext_lazy("The total is above what you may approve."),
    "reduction": gettext_lazy("The reduction is above what you may approve."),
    "over": gettext_lazy("It does not wait for an answer any more."),
    "others": gettext_lazy("Only who asked withdraws it."),
}
MOST_TICKED = 50
"""Requests that are answered at one press: more than a page shows."""
REFUSALS = (
    AlreadyIssued, CannotBePrinted, ChangedHands, ClockBehind, ContactGone, CustomerMoved, DraftChanged, DrawingFailed,
    FormKeyTaken, IssuedAlike, NeedsApproval, NotAcknowledged, PriceChanged, QuoteRefused, WrongState,
)  # fmt: skip
"""What the form tells of in all detail: the way leads there."""


@require_safe
@for_makers
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for the user, what they asked for, and all of the reseller's."""
    return _list(request, request.GET.get("show", ""))


@require_POST
@for_makers
def answer_several(request: HttpRequest) -> HttpResponse:
    """Approve what is ticked, or send it back: each by itself."""
    user = cast(User, request.user)
    numbers = [one for one in request.POST.getlist("request") if one.isascii() and one.isdigit() and len(one) < 19]
    found = visible_requests(user).filter(pk__in=numbers[:MOST_TICKED]).order_by("-asked_at", "-pk")
    form = SeveralForm(request.POST, ticked=list(found))
    if not form.is_valid():
        return _list(request, WAITING, refused=form)
    ticked = [Ticked(one, form.words_for(one)) for one in form.ticked]
    answered, refused = answer_each(ticked, is_approved=form.is_approved, by=user, now=timezone.now())
    if answered:
        said = _("Approved: %(count)s.") if form.is_approved else _("Sent back: %(count)s.")
        messages.success(request, f"{said % {'count': len(answered)}} {_('Whoever asked is told by e-mail.')}")
    for one in refused:
        messages.error(request, _say(one))
    return redirect("renewals:approvals")


def _say(one: NotAnswered) -> str:
    """Which request stays as it is, and why."""
    why = " ".join(one.changes) if one.why == CHANGED else str(WHY_NOT[one.why])
    told = {"customer": one.request.customer_name, "codes": one.request.license_codes, "why": why}
    if one.why == CHANGED:
        return _("Not approved: %(customer)s, %(codes)s. It has changed since it was asked for: %(why)s") % told
    return _("Not answered: %(customer)s, %(codes)s. %(why)s") % told


def _list(request: HttpRequest, shown: str, *, refused: SeveralForm | None = None) -> HttpResponse:
    """One of the lists; with the form of several as it was sent, where it was refused."""
    user = cast(User, request.user)
    rows = {WAITING: waiting_for(user), MINE: mine(user), ALL: last_rounds(user)}
    if shown not in rows:
        shown = WAITING if user.approves else MINE
    page = page_of(request, rows[shown].order_by("-asked_at", "-pk"))
    tabs = [
        (name, words, rows[name].count(), name == shown)
        for name, words in TABS.items()
        if name != WAITING or user.approves
    ]
    context: dict[str, Any] = {"tabs": tabs, "page": page}
    if shown == WAITING and user.approves:
        ticked = refused.ticked if refused else ()
        form = SeveralForm(request.POST if refused else None, ticked=ticked, listed=page.object_list)
        form.is_valid()
        context |= {"form": form, "ticked": {one.pk for one in ticked}}
        context["rows"] = [(one, sums_of(one), form[f"words-{one.pk}"]) for one in page.object_list]
    else:
        context["rows"] = [(one, sums_of(one), None) for one in page.object_list]
    return render(request, "renewals/approval/list.html", context, status=422 if refused else 200)


@require_safe
@for_makers
def approval(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One quote that is to be approved: its last round with all that is needed to decide, and the rounds before."""
    return _show(request, key, AnswerForm())


@require_POST
@for_makers
def answer_approval(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Approve, or send back."""
    user = cast(User, request.user)
    found = _find(request, key)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, key, form)
    try:
        answer(
            request=found,
            is_approved=form.is_approved,
            words=form.cleaned_data["words"],
            by=user,
            now=timezone.now(),
        )
    except NotToAnswer as refused:
        messages.error(request, str(WHY_NOT[refused.why]))
    else:
        said = _("Approved.") if form.is_approved else _("Sent back.")
        messages.success(request, f"{said} {_('Whoever asked is told by e-mail.')}")
    return redirect("renewals:approval", key=key)


@require_POST
@for_makers
def withdraw_approval(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Whoever asked does not ask any more."""
    user = cast(User, request.user)
    try:
        withdraw(request=_find(request, key), by=user, now=timezone.now())
    except NotToAnswer as refused:
        messages.error(request, str(WHY_NOT[refused.why]))
    else:
        messages.success(request, _("The request is withdrawn."))
    return redirect("renewals:approval", key=key)


@require_POST
@for_makers
def issue_approved(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Issue just what was approved, in the name of who asked."""
    user = cast(User, request.user)
    found = _find(request, key)
    now = timezone.now()
    if found.asked_by_id != user.pk:
        messages.error(request, _("It is issued in the name of %(name)s.") % {"name": found.asked_by.name})
        return redirect("renewals:approval", key=key)
    present = present_of(found, user=user, now=now)
    if found.state != State.APPROVED or present.changes or present.asked is None:
        return redirect("renewals:approval", key=key)
    try:
        quote = issue(
            key=key,
            licenseids=present.licenseids,
            asked=present.asked,
            acknowledged=present.read,
            seen_total=found.total,
            issued_by=user,
            now=now,
            seen_version=present.draft_version,
            again=False,
        )
    except REFUSALS as refused:
        return _refused(request, key, refused)
    messages.success(request, _("Quote %(number)s was issued.") % {"number": quote.number})
    return redirect("quotes:detail", key=quote.key)


@require_safe
@for_makers
def approval_pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The paper as it was asked for, marked as a draft."""
    rounds = rounds_of(cast(User, request.user), key)
    if not rounds:
        raise Http404
    try:
        content = draw(document=rounds[0].document)
    except DrawingFailed as failure:
        messages.error(request, str(failure))
        return redirect("renewals:approval", key=key)
    return pdf_answer(content, download_name_for_staff(document=rounds[0].document))


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def thresholds(request: HttpRequest) -> HttpResponse:
    """Above what quotes of the manager's reseller need approval, and who may approve."""
    user = cast(User, request.user)
    reseller = cast(Reseller, user.reseller)
    form = ThresholdsForm(sent(request), reseller=reseller)
    if request.method == "POST" and form.is_valid():
        look = form.still(lambda row: ThresholdsForm(reseller=row))
        try:
            change_thresholds(reseller=reseller, values=form.cleaned_data, look=look)
        except ValidationError as error:
            form.add_error(None, error)
        except ChangedMeanwhile as changed:
            form = ThresholdsForm(sent(request), reseller=changed.row)
        else:
            messages.success(request, _("Saved. It counts for quotes issued from now on."))
            return redirect("renewals:approval-settings")
    people = managed_people(user).filter(reseller=reseller.pk, is_active=True, approves=True).order_by("name", "pk")
    context = {"form": form, "approvers": people, "changes": approval_changes(reseller, most=50)}
    return render(request, "renewals/approval/thresholds.html", context, status=422 if form.errors else 200)


def _find(request: HttpRequest, key: uuid.UUID) -> ApprovalRequest:
    """The round that the page showed; where it told none, the first, which an answer comes too late for or not. 404
    where there is no such request for the user.
    """
    rounds = rounds_of(cast(User, request.user), key)
    if not rounds:
        raise Http404
    number = request.POST.get("round", "")
    return next((one for one in rounds if str(one.round) == number), rounds[-1])


def _show(request: HttpRequest, key: uuid.UUID, form: AnswerForm) -> HttpResponse:
    user = cast(User, request.user)
    rounds = rounds_of(user, key)
    if not rounds:
        raise Http404
    last = rounds[0]
    quote = Quote.objects.only("key", "number").filter(key=key).first()
    is_open = quote is None and last.state in (State.WAITING, State.APPROVED)
    present = present_of(last, user=user, now=timezone.now()) if is_open else Present([])
    why, margins = why_not(user, last), margins_of(last, user)
    context: dict[str, Any] = {
        "approval": last,
        "earlier": [(one, reasons_of(one, user)) for one in rounds[1:]],
        "quote": quote,
        "has_draft": quote is None and QuoteDraft.objects.filter(key=key).exists(),
        "lines": lines_of(last, margins),
        "margins": margins,
        "sums": sums_of(last),
        "reasons": reasons_of(last, user),
        "internal_reason": from_json(last.asked).offer_reason,
        "changes": present.changes,
        "is_several": len(last.document["parts"]) > 1,
        "form": form,
        "is_waiting": last.state == State.WAITING,
        "why_not": WHY_NOT.get(why, ""),
        "is_own": last.asked_by_id == user.pk,
        "is_to_change": last.asked_by_id == user.pk and (last.state == State.SENT_BACK or bool(present.changes)),
        "may_issue": is_open and last.state == State.APPROVED and last.asked_by_id == user.pk and not present.changes,
    }
    return render(request, "renewals/approval/approval.html", context, status=422 if form.errors else 200)


def _refused(request: HttpRequest, key: uuid.UUID, refused: Exception) -> HttpResponse:
    """Somebody was quicker, or something is to be looked at that the form shows."""
    if isinstance(refused, AlreadyIssued):
        messages.warning(request, _("It was issued already as %(number)s.") % {"number": refused.quote.number})
        return redirect("quotes:detail", key=refused.quote.key)
    if isinstance(refused, DrawingFailed):
        messages.error(
            request, _("The PDF could not be drawn, so nothing was issued. %(reason)s") % {"reason": refused}
        )
    elif isinstance(refused, IssuedAlike):
        text = _("An identical quote was issued today: %(number)s.") % {"number": refused.quote.number}
        messages.error(request, text)
    else:
        messages.error(request, _("It was not issued: open it in the form, which says what is to be looked at."))
    return redirect("renewals:approval", key=key)
