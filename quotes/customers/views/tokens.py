"""Pages that open by the token in their address, without a log-in."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from licensing.views import is_too_often

from .page import kept_private

Found = TypeVar("Found")
TokenView = Callable[[HttpRequest, Found, str], HttpResponse]


def opened_by_token(
    *,
    find: Callable[[str], Found | None],
    is_open: Callable[[Found], bool],
    language_of: Callable[[Found], str],
    over: Callable[[HttpRequest, Found | None], HttpResponse],
    action: str,
) -> Callable[[TokenView[Found]], Callable[..., HttpResponse]]:
    """Opens what the token of the address finds, in the language of its customer or the one that was chosen there.

    What is not there or not open any more is answered by `over`: 404 or 410; after some tries of the first kind, which
    `action` counts, 429. Whoever holds a good token is never held up by them.
    """

    def decorate(view: TokenView[Found]) -> Callable[..., HttpResponse]:
        @login_not_required
        @kept_private
        @wraps(view)
        def opened(request: HttpRequest, /, token: str) -> HttpResponse:
            found = find(token)
            language = chosen_language(request) or (language_of(found) if found is not None else "")
            with translation.override(language or translation.get_language()):
                if found is not None:
                    response = view(request, found, token) if is_open(found) else over(request, found)
                elif is_too_often(request, action=action, rate=settings.SHARE_LINK_UNKNOWN_RATE):
                    response = render(request, "429.html", status=429)
                else:
                    response = over(request, None)
                response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
            return response

        return opened

    return decorate


def chosen_language(request: HttpRequest) -> str:
    """The language that was chosen on the page; empty: none that there is."""
    chosen = request.GET.get("language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def in_chosen_language(address: str, request: HttpRequest) -> str:
    """An address, with the language that was chosen on the page."""
    chosen = chosen_language(request)
    return address + (f"?language={chosen}" if chosen else "")
