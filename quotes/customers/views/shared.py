"""What somebody with a share link sees: one quote or one comparison, without a log-in."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from licensing.models import User

from ...links.queries import find_link
from ...models import Acknowledgement, Comparison, Quote, ShareLink
from ...record.comparisons import visible_comparisons
from ...record.queries import visible_quotes
from ...record.refusals import DownloadsUsedUp, LinkClosed, NotOpen, OrderedElsewhere
from ..forms import AnswerForm
from ..visits import Visitor
from .compared import Sent, are_prices_shown, comparison_context, take_choice
from .page import (
    ANSWERS,
    acknowledgement_of,
    answers_too_often,
    hand_out,
    keep_answer,
    note_view,
    offer_context,
    visitor_of,
)
from .tokens import in_chosen_language, opened_by_token


def _over(request: HttpRequest, link: ShareLink | None) -> HttpResponse:
    """Nothing opens here, and what to do. Of a link that was good once, whom to ask; of others nothing is known."""
    context: dict[str, Any] = {"why": "unknown"}
    if link:
        context = {"why": "revoked" if link.revoked_at else "expired", "reseller": link.shared.reseller}
    response = render(request, "quotes/customers/shared_over.html", context, status=410 if link else 404)
    response.is_own_page = True  # type: ignore[attr-defined]
    return response


by_token = opened_by_token(
    find=find_link,
    is_open=lambda link: link.is_open(timezone.localdate()),
    language_of=lambda link: str(link.shared.customer.language),
    over=_over,
    action="unknown_share_link",
)


@require_safe
@by_token
def shared(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """The quote or the comparison of a share link."""
    note_view(request, quote=link.shared, visitor=_visitor(request, link))
    return _shown(request, link, token)


@require_GET
@by_token
def shared_pdf(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """The PDF, byte for byte as it was issued, as often as the link allows; of a comparison while its prices hold."""
    if link.comparison and not are_prices_shown(link.comparison):
        return redirect(_address("quotes:shared", token, request))
    return _hand_out(request, link, token, None)


@require_GET
@by_token
def shared_acknowledgement(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """The acknowledgement of the quote's order, byte for byte as it was made; it counts as a download of the link."""
    if link.quote is None:
        raise Http404
    return _hand_out(request, link, token, acknowledgement_of(link.quote))


@require_POST
@by_token
def shared_answer(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """Whoever holds the link wishes to order, declines, or chooses an alternative, and says who they are."""
    visitor = _visitor(request, link)
    if not _is_customer(request, link):
        raise PermissionDenied(_("This page is for the customer."))
    if link.comparison:
        return _choice(request, link, link.comparison, token, visitor)
    if request.POST.get("answer") not in ANSWERS:
        return _page(request, link, token, status=422, problem="choose")
    form = AnswerForm(request.POST, answer=request.POST["answer"], with_name=visitor.user is None)
    if not form.is_valid():
        return _page(request, link, token, status=422, sent=form)
    if answers_too_often(request):
        return _page(request, link, token, status=429, sent=form, problem="often")
    quote = _quote(link)
    try:
        keep_answer(quote=quote, form=form, visitor=visitor)
    except LinkClosed as closed:
        return _over(request, closed.link)
    except OrderedElsewhere:
        return _page(request, link, token, status=409, sent=form, problem="ordered")
    except NotOpen:
        quote.status.refresh_from_db()
        return _page(request, link, token, status=409, sent=form, problem="closed")
    return redirect(_address("quotes:shared", token, request))


def _hand_out(request: HttpRequest, link: ShareLink, token: str, one: Acknowledgement | None) -> HttpResponse:
    page = _address("quotes:shared", token, request)
    try:
        return hand_out(request, quote=link.shared, visitor=_visitor(request, link), page=page, acknowledgement=one)
    except LinkClosed as closed:
        return _over(request, closed.link)
    except DownloadsUsedUp:
        return _shown(request, link, token, status=403, problem="downloads")


def _choice(
    request: HttpRequest, link: ShareLink, comparison: Comparison, token: str, visitor: Visitor
) -> HttpResponse:
    """An alternative is chosen."""
    try:
        refused = take_choice(request, comparison=comparison, visitor=visitor)
    except LinkClosed as closed:
        return _over(request, closed.link)
    if refused is None:
        return redirect(_address("quotes:shared", token, request))
    return _compared(request, link, refused.now or comparison, token, refused)


def _shown(request: HttpRequest, link: ShareLink, token: str, *, status: int = 200, problem: str = "") -> HttpResponse:
    if link.comparison:
        return _compared(request, link, link.comparison, token, Sent(status, problem))
    return _page(request, link, token, status=status, problem=problem)


def _compared(
    request: HttpRequest,
    link: ShareLink,
    comparison: Comparison,
    token: str,
    shown: Sent,
) -> HttpResponse:
    visitor = _visitor(request, link)
    context = comparison_context(comparison, with_name=visitor.user is None, sent=shown.sent, letter=shown.letter)
    context |= _of_link(request, link, token, shown.problem)
    return render(request, "quotes/customers/compared.html", context, status=shown.status)


def _quote(link: ShareLink) -> Quote:
    return cast(Quote, link.quote)


def _visitor(request: HttpRequest, link: ShareLink) -> Visitor:
    """Somebody with a log-in who may see the quote is named in the log; else only the link is."""
    user = request.user if isinstance(request.user, User) else None
    rows: QuerySet[Any] | None = None
    if user is not None:
        rows = visible_comparisons(user) if link.comparison_id else visible_quotes(user)
    may_see = rows is not None and rows.filter(pk=link.shared.pk).exists()
    return visitor_of(request, user=user if may_see else None, link=link)


def _is_customer(request: HttpRequest, link: ShareLink) -> bool:
    """Who is logged in answers for their own company alone: nobody answers for a customer by mistake."""
    return not isinstance(request.user, User) or request.user.customer_id == link.shared.customer.present_id


def _address(name: str, token: str, request: HttpRequest) -> str:
    """An address of the link, with the language that was chosen on the page."""
    return in_chosen_language(reverse(name, args=[token]), request)


def _page(
    request: HttpRequest,
    link: ShareLink,
    token: str,
    *,
    status: int = 200,
    sent: AnswerForm | None = None,
    problem: str = "",
) -> HttpResponse:
    visitor = _visitor(request, link)
    context: dict[str, Any] = offer_context(_quote(link), with_name=visitor.user is None, sent=sent)
    context |= _of_link(request, link, token, problem)
    return render(request, "quotes/customers/shared.html", context, status=status)


def _of_link(request: HttpRequest, link: ShareLink, token: str, problem: str) -> dict[str, Any]:
    """What a page shows of the link by which it was opened."""
    return {
        "link": link,
        "problem": problem,
        "may_answer": _is_customer(request, link),
        "is_used_up": link.max_downloads is not None and link.downloads >= link.max_downloads,
        "page_url": reverse("quotes:shared", args=[token]),
        "pdf_url": _address("quotes:shared-pdf", token, request),
        "acknowledgement_url": _address("quotes:shared-acknowledgement", token, request),
        "answer_url": _address("quotes:shared-answer", token, request),
    }
