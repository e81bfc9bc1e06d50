"""Share links by their token."""

from licensing.models import hash_token

from ..models import ShareLink


def find_link(token: str) -> ShareLink | None:
    """The share link with this token, and its quote as the customer sees it. Whether it still opens, it says itself."""
    links = ShareLink.objects.select_related("quote__customer", "quote__status", "quote__reseller")
    return links.defer("quote__trace", "quote__asked").filter(token_hash=hash_token(token)).first()
