"""A quote as its customer sees it: what the paper says, how it stands, and the forms of an answer. Nothing internal."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from licensing.models import User
from licensing.views import is_fetched_beforehand, is_too_often, read_address, read_browser, read_robot

from ...models import Acknowledgement, Quote, QuoteStatus, Shared, ShareLink, shown_state
from ...paper.naming import comparison_name, download_name
from ...record.acknowledgements import counting_acknowledgement, name_of_acknowledgement
from ...record.downloads import pdf_answer
from ...record.holdings import ordered_elsewhere
from ...record.queries import latest_revision
from ..answers import answer_quote
from ..forms import AnswerForm
from ..visits import Visitor, hand_out_acknowledgement, hand_out_pdf, record_view

Answer = QuoteStatus.Answer
ANSWERS = (Answer.ORDER, Answer.DECLINE)
MOST_ANSWERS = "20/10m"
"""From one address: each answer stays in the log for ever, and is told to the reseller's people by e-mail."""


def kept_private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What only the customer may see is kept by no cache and by no search engine, and tells no other site its address.

    Not `no-referrer`: browsers then send forms with `Origin: null`, which the CSRF check refuses.
    """

    @wraps(view)
    def answered(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "same-origin"
        return response

    return answered


def visitor_of(request: HttpRequest, *, user: User | None, link: ShareLink | None = None) -> Visitor:
    """Who asks, for the log."""
    return Visitor(
        user=user,
        link=link,
        ip=read_address(request),
        user_agent=read_browser(request),
        robot=read_robot(request),
    )


def note_view(request: HttpRequest, *, quote: Shared, visitor: Visitor) -> None:
    """Note who opens the page. A program is noted as such; a head alone, or what is fetched beforehand, not at all."""
    if request.method == "GET" and not is_fetched_beforehand(request):
        record_view(quote=quote, visitor=visitor, now=timezone.now())


def hand_out(
    request: HttpRequest, *, quote: Shared, visitor: Visitor, page: str, acknowledgement: Acknowledgement | None = None
) -> HttpResponse:
    """The PDF for somebody who wants it, byte for byte as it was issued; or that of the order's acknowledgement.

    Whatever is no visit gets none, so that it uses up no download: a browser that fetches beforehand is told to come
    again when somebody clicks, a program is led to `page`. Raises what `hand_out_pdf` does.
    """
    if is_fetched_beforehand(request):
        return HttpResponse(status=503, headers={"Retry-After": "0"})
    if visitor.robot:
        record_view(quote=quote, visitor=visitor, now=timezone.now())
        return redirect(page)
    now = timezone.now()
    if isinstance(quote, Quote) and acknowledgement:
        content = hand_out_acknowledgement(quote=quote, one=acknowledgement, visitor=visitor, now=now)
        return pdf_answer(content, name_of_acknowledgement(quote=quote, one=acknowledgement, for_customer=True))
    content = hand_out_pdf(quote=quote, visitor=visitor, now=now)
    if isinstance(quote, Quote):
        return pdf_answer(content, download_name(document=quote.document))
    return pdf_answer(content, comparison_name(document=quote.document))


def acknowledgement_of(quote: Quote) -> Acknowledgement:
    """What the order was answered with. Raises Http404 where there is none, or none any more."""
    found = counting_acknowledgement(quote, quote.status)
    if found is None:
        raise Http404
    return found


def answers_too_often(request: HttpRequest) -> bool:
    """Count an answer, and say whether it is one too many."""
    return is_too_often(request, action="answer", rate=MOST_ANSWERS)


def answer_forms(*, with_name: bool, sent: AnswerForm | None = None) -> dict[str, AnswerForm]:
    """The forms of both answers; one as it was sent."""
    forms = {answer.value: AnswerForm(answer=answer, with_name=with_name) for answer in ANSWERS}
    return forms | ({sent.answer: sent} if sent else {})


def offer_context(quote: Quote, *, with_name: bool, sent: AnswerForm | None = None) -> dict[str, Any]:
    """All that the page shows of a quote, taken from what was printed."""
    on = timezone.localdate()
    document: Mapping[str, Any] = quote.document
    state = shown_state(state=quote.status.state, valid_until=quote.valid_until, on=on)
    return {
        "quote": quote,
        "document": document,
        "issuer": document["issuer"],
        "state": state,
        "on": on,
        "newest": latest_revision(quote) if state == "superseded" else None,
        "acknowledgement": counting_acknowledgement(quote, quote.status),
        "ordered_elsewhere": state == "issued" and ordered_elsewhere(quote),
        "forms": answer_forms(with_name=with_name, sent=sent) if state == "issued" else {},
        "sent": sent,
    }


def keep_answer(*, quote: Quote, form: AnswerForm, visitor: Visitor) -> None:
    """The one call of a valid form. Raises what `answer_quote` does."""
    answer_quote(
        quote=quote,
        answer=form.answer,
        message=form.cleaned_data["message"],
        by_name=form.cleaned_data.get("name", ""),
        visitor=visitor,
        now=timezone.now(),
    )
