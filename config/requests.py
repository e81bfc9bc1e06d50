"""Requests that nobody can read, or that would only make work, are answered 400 before any view sees them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters
from django.views import defaults

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What the libraries raise over a body or a header that says it is written in a way in which no text is."""
UTF_8 = {"utf-8", "utf8", "us-ascii", "ascii"}
FEW = 100
"""Empty forms that are no work."""
TOTAL_FORMS = re.compile(r"(?P<prefix>.+)-TOTAL_FORMS", re.DOTALL)


def read_content_type(request: Any, meta: Mapping[str, Any]) -> None:
    """Set what a request says its body is, as Django does; but take no other charset than that of our pages.

    Django takes every codec that Python has for one, and fails with `rot13` or `zip`. It does so while it makes the
    request: no middleware could answer. So this stands in the place of Django's own (`config.apps`), and what is
    refused here is answered by `with_readable_requests`.
    """
    request.content_type, request.content_params, request.is_unreadable = "", {}, False
    try:
        request.content_type, request.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
    except UNREADABLE:
        request.is_unreadable = True
    charset = request.content_params.get("charset", "utf-8")
    if charset.strip().lower() not in UTF_8:
        request.is_unreadable = True


def with_readable_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """What was sent is read here, once. What cannot be read, or announces more rows than it has fields, is refused."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.is_unreadable or not _is_read(request):  # type: ignore[attr-defined]
            request._post, request._files = QueryDict(), MultiValueDict()  # type: ignore[attr-defined]
            return defaults.bad_request(request, ValueError())
        return get_response(request)

    return answer


def _is_read(request: HttpRequest) -> bool:
    try:
        return not announces_too_much(request.POST)
    except UNREADABLE:
        return False


def announces_too_much(posted: QueryDict) -> bool:
    """Whether a set of forms is said to have more forms than there are fields for them.

    A browser sends at least one field of each. Whoever only says so would have the portal make a thousand empty ones.
    """
    for name, sent in posted.items():
        found, text = TOTAL_FORMS.fullmatch(name), str(sent).strip()
        if not found or not re.fullmatch(r"[0-9]+", text, re.ASCII):
            continue
        fields = sum(other.startswith(f"{found['prefix']}-") for other in posted)
        if len(text) > 6 or int(text) > max(fields, FEW):
            return True
    return False
