"""What is done with every request before any view sees it."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views import defaults

from .errors import server_error

NULL = "\x00"
METHODS = ("GET", "HEAD", "POST")
access = logging.getLogger("portal.access")


def with_access_entry(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """A line in the log for each request: method, name of the address, status, milliseconds, and the user's number.

    Never the address itself, which may hold a token, nor what was searched for, nor who by name: docs/operating.md.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        who = getattr(request, "_cached_user", None)  # where somebody asked who it is; this line asks no database
        access.info(
            "%s %s %s %d ms user=%s",
            request.method if request.method in METHODS else "other",
            (match.view_name or "-") if match else "-",
            response.status_code,
            (time.perf_counter() - began) * 1000,
            (who and who.pk) or "-",
        )
        return response

    return answer


def with_known_methods(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Pages are read and forms are sent. Django admin and other packages would take DELETE or PUT for one of these."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return answer


def kept_by_no_cache(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Nearly every page shows prices, names or both: neither a proxy nor the browser keeps a copy that somebody else
    finds at the same desk. A view that may be kept says so itself; stylesheets and scripts never come here.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return answer


def without_null_characters(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """PostgreSQL holds no null character and fails when asked for one. Nobody types one, so none reaches a view.

    An address with one does not exist; in a query, in cookies and in headers they are left out. Forms refuse them by
    themselves, with words at the field.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if NULL in request.path:
            raise Http404
        for name, value in request.COOKIES.items():
            request.COOKIES[name] = value.replace(NULL, "")
        for name, value in request.META.items():
            if name.startswith("HTTP_") and NULL in value:
                request.META[name] = value.replace(NULL, "")
        if any(NULL in text for name, texts in request.GET.lists() for text in (name, *texts)):
            query = request.GET.copy()
            query.clear()
            for name, texts in request.GET.lists():
                query.setlist(name.replace(NULL, ""), [text.replace(NULL, "") for text in texts])
            query._mutable = False
            request.GET = query  # type: ignore[assignment]
        return get_response(request)

    return answer


def with_own_error_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """With DEBUG on, Django shows a developer's page where something is missing or broke: to somebody who tries the
    portal that looks like a crash. Without TECHNICAL_ERROR_PAGES they see the portal's own pages; the log has the rest.
    A view that made a page of its own for that says so by `is_own_page`.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not settings.DEBUG or settings.TECHNICAL_ERROR_PAGES or getattr(response, "is_own_page", False):
            return response
        if response.status_code == 404:
            return defaults.page_not_found(request, Http404())
        return server_error(request) if response.status_code == 500 else response

    return answer
