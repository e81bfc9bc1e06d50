"""Who asks, as far as a request tells: the address and the browser; and how often one address may."""

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from foundation.integrity import canonical_text


def read_address(request: HttpRequest) -> str | None:
    """The visitor's IP address, behind a proxy as BEHIND_PROXY says; None where nobody tells it. Ask here only."""
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return address


def read_browser(request: HttpRequest) -> str:
    """What the visitor's browser calls itself; at most 300 characters."""
    return canonical_text(request.META.get("HTTP_USER_AGENT", ""), 300)


def is_too_often(request: HttpRequest, *, action: str, rate: str) -> bool:
    """Count one try of an action from this address, and say whether it is one too many: `20/10m` are 20 in 10 minutes.

    GET counts too. (The package's public function lets every GET pass.)
    """
    return ratelimit.consume(request, app="portal", action=action, config={action: rate}, limit_get=True) is None
