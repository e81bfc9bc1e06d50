"""Who may open a page at all. What they see there, `licensing.queries` decides."""

from functools import wraps
from typing import Any, Protocol, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..models import User


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


def for_managers(view: View) -> View:
    """Reseller managers only: whom and what they look after, `licensing.queries` decides. Others are answered 403."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).is_manager:
            raise PermissionDenied(_("Reseller managers only."))
        return view(request, *args, **kwargs)

    return checked
