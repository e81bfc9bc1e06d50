"""What somebody with a share link sees: one quote, without a log-in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from licensing.models import User
from licensing.views import is_too_often

from ...links.queries import find_link
from ...models import ShareLink
from ...record.queries import visible_quotes
from ...record.refusals import DownloadsUsedUp, LinkClosed, NotOpen, OrderedElsewhere
from ..forms import AnswerForm
from ..visits import Visitor
from .page import (
    ANSWERS,
    answers_too_often,
    hand_out,
    keep_answer,
    kept_private,
    note_view,
    offer_context,
    visitor_of,
)

SharedView = Callable[[HttpRequest, ShareLink, str], HttpResponse]


def by_token(view: SharedView) -> Callable[..., HttpResponse]:
    """Opens the link of the address, in the language of its customer or the one that was chosen on the page.

    A token that does not exist is answered 404, one that was revoked or has expired 410; and after some tries of the
    first kind 429. Whoever holds a good token is never held up by them.
    """

    @login_not_required
    @kept_private
    @wraps(view)
    def opened(request: HttpRequest, /, token: str) -> HttpResponse:
        link = find_link(token)
        chosen = request.GET.get("language", "")
        language = chosen if chosen in dict(settings.LANGUAGES) else link.quote.customer.language if link else ""
        with translation.override(language or translation.get_language()):
            if link is None:
                rate = settings.SHARE_LINK_UNKNOWN_RATE
                if is_too_often(request, action="unknown_share_link", rate=rate):
                    response = render(request, "429.html", status=429)
                else:
                    response = _over(request, None)
            elif not link.is_open(timezone.localdate()):
                response = _over(request, link)
            else:
                response = view(request, link, token)
            response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        return response

    return opened


@require_safe
@by_token
def shared(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """The quote of a share link."""
    note_view(request, quote=link.quote, visitor=_visitor(request, link))
    return _page(request, link, token)


@require_GET
@by_token
def shared_pdf(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """The PDF, byte for byte as it was issued, as often as the link allows."""
    try:
        page = _address("quotes:shared", token, request)
        return hand_out(request, quote=link.quote, visitor=_visitor(request, link), page=page)
    except LinkClosed as closed:
        return _over(request, closed.link)
    except DownloadsUsedUp:
        return _page(request, link, token, status=403, problem="downloads")


@require_POST
@by_token
def shared_answer(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """Whoever holds the link wishes to order, or declines, and says who they are."""
    visitor = _visitor(request, link)
    if not _is_customer(request, link):
        raise PermissionDenied(_("This page is for the customer."))
    if request.POST.get("answer") not in ANSWERS:
        return _page(request, link, token, status=422, problem="choose")
    form = AnswerForm(request.POST, answer=request.POST["answer"], with_name=visitor.user is None)
    if not form.is_valid():
        return _page(request, link, token, status=422, sent=form)
    if answers_too_often(request):
        return _page(request, link, token, status=429, sent=form, problem="often")
    try:
        keep_answer(quote=link.quote, form=form, visitor=visitor)
    except LinkClosed as closed:
        return _over(request, closed.link)
    except OrderedElsewhere:
        return _page(request, link, token, status=409, sent=form, problem="ordered")
    except NotOpen:
        link.quote.status.refresh_from_db()
        return _page(request, link, token, status=409, sent=form, problem="closed")
    return redirect(_address("quotes:shared", token, request))


def _visitor(request: HttpRequest, link: ShareLink) -> Visitor:
    """Somebody with a log-in who may see the quote is named in the log; else only the link is."""
    user = request.user if isinstance(request.user, User) else None
    may_see = user is not None and visible_quotes(user).filter(pk=link.quote_id).exists()
    return visitor_of(request, user=user if may_see else None, link=link)


def _is_customer(request: HttpRequest, link: ShareLink) -> bool:
    """Who is logged in answers for their own company alone: nobody answers for a customer by mistake."""
    return not isinstance(request.user, User) or request.user.customer_id == link.quote.customer.present_id


def _address(name: str, token: str, request: HttpRequest) -> str:
    """An address of the link, with the language that was chosen on the page."""
    chosen = request.GET.get("language", "")
    return reverse(name, args=[token]) + (f"?language={chosen}" if chosen in dict(settings.LANGUAGES) else "")


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
    context: dict[str, Any] = offer_context(link.quote, with_name=visitor.user is None, sent=sent)
    context |= {
        "link": link,
        "problem": problem,
        "may_answer": _is_customer(request, link),
        "is_used_up": link.max_downloads is not None and link.downloads >= link.max_downloads,
        "page_url": reverse("quotes:shared", args=[token]),
        "pdf_url": _address("quotes:shared-pdf", token, request),
        "answer_url": _address("quotes:shared-answer", token, request),
    }
    return render(request, "quotes/customers/shared.html", context, status=status)


def _over(request: HttpRequest, link: ShareLink | None) -> HttpResponse:
    """Nothing opens here, and what to do. Of a link that was good once, whom to ask; of others nothing is known."""
    context: dict[str, Any] = {"why": "unknown"}
    if link:
        context = {"why": "revoked" if link.revoked_at else "expired", "reseller": link.quote.reseller}
    response = render(request, "quotes/customers/shared_over.html", context, status=410 if link else 404)
    response.is_own_page = True  # type: ignore[attr-defined]
    return response
