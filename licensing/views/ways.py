"""Where somebody came from, and goes back to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

MOST_BACK = 500
"""Characters of an address."""


def read_way_back(request: HttpRequest) -> str:
    """The page of this portal that `next` names, without a query; empty where there is none, or it leads elsewhere."""
    address = (request.POST if request.method == "POST" else request.GET).get("next", "")
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours and len(address) <= MOST_BACK and "?" not in address else ""
