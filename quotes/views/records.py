"""Issued quotes: the list, one quote as it was issued, and its PDF."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_safe

from licensing.models import User
from licensing.views import for_staff

from .. import operations
from ..pdf import unprintable_characters
from ..queries import STATUSES, find_drafts, find_quotes, visible_quotes
from .answers import download_name_for_staff, pdf_answer
from .sheet import page_language

PER_PAGE = 20


@require_safe
@for_staff
def index(request: HttpRequest) -> HttpResponse:
    """Issued quotes or drafts, searched and filtered."""
    user = cast(User, request.user)
    on = timezone.localdate()
    text = request.GET.get("q", "").strip()
    status = request.GET.get("status", "all")
    if status not in (*STATUSES, "draft"):
        status = "all"
    rows = (
        find_drafts(user=user, text=text)
        if status == "draft"
        else find_quotes(user=user, text=text, status=status, on=on)
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    draft_count = page.paginator.count if status == "draft" else find_drafts(user=user, text=text).count()
    context = {"page": page, "text": text, "status": status, "on": on, "draft_count": draft_count}
    template = "quotes/_results.html" if request.htmx else "quotes/list.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@for_staff
def detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One quote as it was issued, with its calculation and history."""
    user = cast(User, request.user)
    quote = get_object_or_404(
        visible_quotes(user)
        .defer(None)
        .defer("entry")
        .select_related("customer", "licenseid", "pdf")
        .defer("pdf__content"),
        key=key,
    )
    language = page_language()
    by_key = {part["key"]: part["steps"] for part in quote.trace}
    line_parts = [part for part in quote.trace if part["key"] is not None]
    lines = [
        (line, [(step["rule"], step[language], _result(step, language)) for step in part["steps"]])
        for line, part in zip(quote.document["lines"], line_parts, strict=True)
    ]
    context = {
        "quote": quote,
        "document": quote.document,
        "lines": lines,
        "total_steps": [(step["rule"], step[language], _result(step, language)) for step in by_key.get(None, [])],
        "warnings": [{**warning, "text": warning[language]} for warning in quote.acknowledged],
        "unprintable": sorted(unprintable_characters(" ".join(_texts(quote.document)))),
        "events": quote.events.order_by("-at", "-pk"),
        "is_expired": quote.valid_until < timezone.localdate(),
        "is_ours": quote.customer.reseller_id == user.reseller_id,  # a customer may have changed its reseller
    }
    return render(request, "quotes/detail.html", context)


def _result(step: Mapping[str, Any], language: str) -> str:
    """What came out of a step; quotes issued before the languages differed have one result for both."""
    result: str = step.get("results", {}).get(language, step["result"])
    return result


def _texts(document: Any) -> Iterator[str]:
    """Every text of a document, that is all that its PDF prints; images are no text."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, list):
        for part in document:
            yield from _texts(part)
    elif isinstance(document, dict) and "base64" not in document:
        for part in document.values():
            yield from _texts(part)


@require_GET
@for_staff
def pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The PDF, byte for byte as it was issued."""
    user = cast(User, request.user)
    quote = get_object_or_404(visible_quotes(user).defer(None).defer("trace", "entry").select_related("pdf"), key=key)
    operations.record_download(quote=quote, by=user, now=timezone.now())
    return pdf_answer(bytes(quote.pdf.content), download_name_for_staff(document=quote.document))
