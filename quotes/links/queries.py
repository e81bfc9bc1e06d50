"""Share links by their token."""

from licensing.models import hash_token

from ..models import ShareLink


def find_link(token: str) -> ShareLink | None:
    """The share link with this token, and its quote or comparison as the customer sees it. Whether it still opens, it
    says itself.
    """
    links = ShareLink.objects.select_related(
        "quote__customer",
        "quote__status",
        "quote__reseller",
        "comparison__customer",
        "comparison__status__chosen",
        "comparison__reseller",
    )
    unread = ("quote__trace", "quote__asked", "comparison__content", "comparison__status__chosen__asked")
    return links.defer(*unread).filter(token_hash=hash_token(token)).first()
