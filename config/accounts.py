"""The addresses of accounts: those of allauth that the portal offers."""

from typing import NoReturn

from allauth.account import urls as package
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.urls import URLPattern

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
}
"""A further one needs its template in the portal's form, and its texts in Japanese."""


@login_not_required
def closed(request: HttpRequest, **_arguments: str) -> NoReturn:
    """There is nothing here, for anybody."""
    raise Http404


urlpatterns = [
    # The others keep their names, for which the package asks.
    pattern if pattern.name in OFFERED else URLPattern(pattern.pattern, closed, name=pattern.name)
    for pattern in package.urlpatterns
]
