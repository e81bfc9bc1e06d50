"""Who may open a page at all, and who must first prove once more who they are.

What they see there, `licensing.queries` decides.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from ..models import User
from ..queries import may_enter_holdings


class View(Protocol):
    def __call__(self, request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse: ...


def for_staff(view: View) -> View:
    """A reseller's people and portal admins only: customer contacts and price admins are answered 403."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast(User, request.user)
        if not (user.is_reseller_staff or user.is_portal_admin):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def for_makers(view: View) -> View:
    """Making quotes is for a reseller's staff: the issuer on the quote is theirs."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).is_reseller_staff:
            raise PermissionDenied(_("Quotes are made by reseller staff."))
        return view(request, *args, **kwargs)

    return checked


def for_resellers(view: View) -> View:
    """A reseller's people only, who look after its customers: others see what they may see elsewhere (403)."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).is_reseller_staff:
            raise PermissionDenied(_("Reseller staff only."))
        return view(request, *args, **kwargs)

    return checked


def for_keepers(view: View) -> View:
    """Those who may enter what is held, as their reseller's setting says: `User.keeps_holdings`. Others: 403."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).keeps_holdings:
            raise PermissionDenied(
                _("You may not change license IDs and holdings. Ask your managers or a portal admin.")
            )
        return view(request, *args, **kwargs)

    return checked


def for_enterers(view: View) -> View:
    """Who may enter what is held only: others are answered 403. For whom they may, `queries` decides."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_enter_holdings(request.user):
            raise PermissionDenied(
                _("You may not change license IDs and holdings. Ask your managers or a portal admin.")
            )
        return view(request, *args, **kwargs)

    return checked


def for_managers(view: View) -> View:
    """Reseller managers only: whom and what they look after, `licensing.queries` decides. Others are answered 403."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).is_manager:
            raise PermissionDenied(_("Reseller managers only."))
        return view(request, *args, **kwargs)

    return checked


def for_margins(view: View) -> View:
    """Who sees cost and margin only, `User.sees_margins`: of which quotes, `queries` decide. Others: 403."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).sees_margins:
            raise PermissionDenied(_("You may not see cost and margin. Ask your managers."))
        return view(request, *args, **kwargs)

    return checked


SECRETS = ("password", "password1", "password2", "oldpassword")
"""Fields that are not kept while somebody proves who they are: they would lie in the database readable."""


def reauthenticate_first(view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
    """Before what could do great harm: whoever logged in or proved who they are too long ago is asked once more.

    Then the page goes on where it was. What was typed is sent again by the portal itself, except passwords and files;
    so use this for the page with the form as well, and most people are asked before they type.
    How long the proof holds is the setting ACCOUNT_REAUTHENTICATION_TIMEOUT.
    """
    required = reauthentication_required(view)

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        typed = request.POST
        try:
            response: HttpResponseBase = required(request, *args, **kwargs)
        except ReauthenticationRequired:
            if typed:
                kept = typed.copy()
                for name in SECRETS:
                    kept.pop(name, None)
                request.POST = kept  # type: ignore[assignment]
                # The package sends it again only where the address it goes on to has no query; GET it keeps anyway.
                request.META["QUERY_STRING"] = ""
            raise
        return response

    return checked
