"""What is asked of a session with every request: who is where, and whether a second factor was proved."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from foundation.held import hold
from licensing.adapters import SECOND_FACTOR
from licensing.models import User
from licensing.queries import must_use_mfa, second_factors
from licensing.views import read_address

NOTED = "noted_at"
NOTED_EVERY_SECONDS = 300
ALWAYS_OPEN = {"account_logout", "admin:logout", "set_language", "healthz"}
PROVING = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
SETTING_UP = {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_end_session",
    "account_end_other_sessions",
}


def with_sessions_noted(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Who is logged in where, for the page on which they see it: written down when a session begins, and then every
    few minutes. Writing with every request would make every page wait for the database's one writer.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())  # noqa: TID251 - a middleware is as far outside as a view
            is_due = now - request.session.get(NOTED, 0) >= NOTED_EVERY_SECONDS
            if is_due and read_address(request):  # where nobody tells the address, there is nothing to note
                request.session[NOTED] = now
                UserSession.objects.create_from_request(request)
        return get_response(request)

    return answer


class with_log_in(LoginRequiredMiddleware):
    """Nobody comes in without a log-in; what their forms send waits for it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method == "POST":
            hold(request)
        return super().handle_no_permission(request, view_func)


class with_second_factor:
    """Whoever must have a second factor goes nowhere before they have one, and proved it in this session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        user: Any = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not isinstance(user, User) or name in ALWAYS_OPEN or is_proven(request, user) or not must_use_mfa(user):
            return None
        kinds = {factor.type for factor in second_factors(user)}
        if name in (PROVING if kinds else SETTING_UP):
            return None
        if not kinds:
            page = "mfa_index"
        else:
            page = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(reverse(page))
        way_back = {REDIRECT_FIELD_NAME: request.get_full_path()} if kinds and request.method == "GET" else None
        return HttpResponseRedirect(reverse(page, query=way_back))


def is_proven(request: HttpRequest, user: User) -> bool:
    """Whether the session proved a second factor, here or, where that counts, at the sign-on service."""
    if request.session.get(SECOND_FACTOR) == user.pk:
        return True
    by_service = any(record["method"] == "socialaccount" for record in get_authentication_records(request, user))
    return bool(settings.OIDC_IS_SECOND_FACTOR) and by_service
