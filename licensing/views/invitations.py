"""The page of an invitation: who invites, a name and a password, and one is in."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ..forms import AcceptForm
from ..operations.invitations import AddressTaken, InvitationUnusable, accept_invitation, find_invitation
from .visitors import is_too_often

MOST_TRIES = "30/m"
"""Pages of invitations that an address may open, and forms that it may send."""


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What a link leads to. In the invited person's language, unless they have chosen another."""
    if is_too_often(request, action="invitation", rate=MOST_TRIES):
        return _unlinked(ratelimit.respond_429(request))
    try:
        found = find_invitation(token=token, now=timezone.now())
    except InvitationUnusable as unusable:
        return _unusable(request, unusable)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    language = chosen if chosen in dict(settings.LANGUAGES) else found.language
    with translation.override(language):
        response = _page(request, token, found)
    response.headers.setdefault("Content-Language", language)
    return _unlinked(response)


def _page(request: HttpRequest, token: str, found: Any) -> HttpResponse:
    company = found.company
    issuer = found.customer.reseller if found.customer else company
    context = {"invitation": found, "company": company, "issuer": issuer}
    if request.user.is_authenticated:
        return render(request, "licensing/invitation.html", context, status=422 if request.method == "POST" else 200)
    form = AcceptForm(request.POST if request.method == "POST" else None, invitation=found)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            user = accept_invitation(
                token=token,
                name=cleaned["name"],
                name_en=cleaned.get("name_en", ""),
                password=cleaned["password"],
                now=timezone.now(),
            )
        except InvitationUnusable as unusable:
            return _unusable(request, unusable)
        except AddressTaken:
            text = _("This invitation cannot be used with this e-mail address. Ask for one to another address.")
            form.add_error(None, text)
        else:
            answer: HttpResponse = perform_login(request, user)
            return answer
    status = 422 if form.errors else 200
    return render(request, "licensing/invitation.html", context | {"form": form}, status=status)


def _unusable(request: HttpRequest, unusable: InvitationUnusable) -> HttpResponse:
    """Why the link leads to nothing, and what to do: nothing about accounts."""
    status = 410 if unusable.state else 404
    response = render(request, "licensing/invitation_unusable.html", {"state": unusable.state}, status=status)
    response.is_own_page = True  # type: ignore[attr-defined]
    return _unlinked(response)


def _unlinked(response: HttpResponse) -> HttpResponse:
    """No search engine lists the link. Other sites do not learn it from the portal's own referrer policy.

    A policy of `no-referrer` would do that too, but then browsers send no origin with the form, and it is refused.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
