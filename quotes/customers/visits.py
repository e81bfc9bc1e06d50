"""Customers look at a quote or a comparison and take its PDF, with a log-in or by a share link; each is noted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.transactions import one_transaction
from licensing.models import User

from ..links.operations import lock_open_link
from ..models import Acknowledgement, Quote, QuoteEvent, Shared, ShareLink
from ..record.events import record_event
from ..record.refusals import DownloadsUsedUp

SAME_VISIT = timedelta(hours=1)
"""Whoever looks again within this time is still on the same visit."""
MOST_VISITS = 60
"""So many visits of one person or link are noted within this time."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who came to a customer's page: a person with a log-in, somebody with a share link, or both."""

    user: User | None = None
    link: ShareLink | None = None
    ip: str | None = None
    user_agent: str = ""
    robot: str = ""
    """The name of a program that came by itself, a preview or a scanner; empty for people."""


def record_view(*, quote: Shared, visitor: Visitor, now: datetime) -> QuoteEvent | None:
    """Note that the page of a quote or comparison was opened; once per visit, that is per person or link, address,
    browser and hour.

    No cookie is needed for that. None where the visit was noted before, or where the person or link has come
    MOST_VISITS times within the hour: the log cannot be filled by opening a page with ever new names of browsers.
    A program that came by itself is noted as such: nobody has seen the quote.
    """
    kind = QuoteEvent.Kind.FETCHED if visitor.robot else QuoteEvent.Kind.VIEWED
    last = quote.events.filter(kind=kind, by=visitor.user, link=visitor.link, at__gt=now - SAME_VISIT).values_list(
        "ip", "user_agent"
    )
    seen = list(last[:MOST_VISITS])
    if len(seen) == MOST_VISITS or (visitor.ip, visitor.user_agent) in seen:
        return None
    return _record(quote, kind, visitor, now)


def hand_out_pdf(*, quote: Shared, visitor: Visitor, now: datetime) -> bytes:
    """The PDF as it was issued; the download is noted, and counted where it comes by a share link.

    Raises LinkClosed where the link was revoked or has expired, DownloadsUsedUp where its limit is reached: also where
    several ask at once, none gets it beyond the limit.
    """
    _count_download(quote, visitor, now, {})
    content = quote.pdf.content if isinstance(quote, Quote) else quote.content
    return bytes(content)  # read when others may go on writing into the log


def hand_out_acknowledgement(*, quote: Quote, one: Acknowledgement, visitor: Visitor, now: datetime) -> bytes:
    """The acknowledgement of the quote's order as it was made, noted and counted as its PDF is. Raises the same."""
    _count_download(quote, visitor, now, {"acknowledgement": str(one.key), "name": one.number})
    return bytes(one.content)


@one_transaction
def _count_download(quote: Shared, visitor: Visitor, now: datetime, what: dict[str, str]) -> None:
    if visitor.link:
        link = lock_open_link(link=visitor.link, now=now)
        if link.max_downloads is not None and link.downloads >= link.max_downloads:
            raise DownloadsUsedUp(link)
        link.downloads += 1
        link.save(update_fields=["downloads"])
    _record(quote, QuoteEvent.Kind.DOWNLOADED, visitor, now, what)


def _record(
    quote: Shared, kind: str, visitor: Visitor, now: datetime, what: dict[str, str] | None = None
) -> QuoteEvent:
    return record_event(
        quote=quote,
        kind=kind,
        now=now,
        by=visitor.user,
        by_name="" if visitor.user or not visitor.link else visitor.link.recipient,
        link=visitor.link,
        ip=visitor.ip,
        user_agent=visitor.user_agent,
        detail=({"robot": visitor.robot} if visitor.robot else {}) | (what or {}),
    )
