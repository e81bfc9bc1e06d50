"""The addresses of accounts: those of allauth that the portal offers, and the portal's own page around them."""

import logging
from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any, NoReturn

import requests
from allauth.account import urls as account
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as codes_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.socialaccount import urls as socialaccount
from allauth.socialaccount.providers.openid_connect import views as oidc_views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, include, path

from licensing import views

logger = logging.getLogger(__name__)

OFFERED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reauthenticate",
    "socialaccount_login_cancelled",
}
"""A further one needs its template in the portal's form, and its texts in Japanese."""

SSO = {"provider_id": "sso"}


@login_not_required
def closed(request: HttpRequest, **_arguments: Any) -> NoReturn:
    """There is nothing here, for anybody."""
    raise Http404


def offered(patterns: list[URLPattern]) -> Iterator[URLPattern]:
    """What is offered of a package's addresses. The others keep their names, for which the package asks."""
    for pattern in patterns:
        yield pattern if pattern.name in OFFERED else URLPattern(pattern.pattern, closed, name=pattern.name)


def or_say_so(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A sign-on service that does not answer, or nonsense, is a page of ours and no error of ours."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except requests.RequestException as failed:
            logger.error("The sign-on service does not answer: %s", failed)
            return render(request, "socialaccount/authentication_error.html", status=HTTPStatus.BAD_GATEWAY)

    return answer


@or_say_so
def sso_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the sign-on service, to log in: the package would also link accounts there if it were asked to."""
    if request.GET.get("process", "login") != "login":
        raise Http404
    response: HttpResponse = oidc_views.login(request, provider_id)
    return response


class ReauthenticateByPasskey(webauthn_views.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey that is refused may be tried again where it was refused; the package would lead away."""

    def form_invalid(self, form: Any) -> HttpResponse:
        for message in form.errors.get("credential", ()):
            messages.error(self.request, message)
        response: HttpResponse = self.get(self.request)
        return response


urlpatterns = [
    *offered(account.urlpatterns),
    path("words/", views.own_words, name="own_words"),
    path("security/", views.security, name="mfa_index"),
    path("security/sessions/<int:pk>/end/", views.end_one_session, name="account_end_session"),
    path("security/sessions/end/", views.end_others, name="account_end_other_sessions"),
    path("security/code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("security/confirm/code/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("security/confirm/passkey/", ReauthenticateByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("security/app/add/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("security/app/remove/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/recovery-codes/", codes_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/recovery-codes/new/", codes_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/passkeys/", closed, name="mfa_list_webauthn"),
    path("security/passkeys/add/", webauthn_views.add_webauthn, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/rename/", webauthn_views.edit_webauthn, name="mfa_edit_webauthn"),
    path("security/passkeys/<int:pk>/remove/", webauthn_views.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkey/", webauthn_views.login_webauthn, name="mfa_login_webauthn"),
    path("sso/login/", sso_login, SSO, name="openid_connect_login"),
    path("sso/login/callback/", or_say_so(oidc_views.callback), SSO, name="openid_connect_callback"),
    path("sso/", include(list(offered(socialaccount.urlpatterns)))),
]
