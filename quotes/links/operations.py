"""Share links: made by staff for somebody without a log-in, renewed, revoked."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from foundation.transactions import one_transaction
from licensing.models import User, hash_token

from ..models import Comparison, ComparisonStatus, Quote, QuoteEvent, QuoteStatus, Shared, ShareLink, State
from ..record.comparisons import lock_open
from ..record.events import record_event
from ..record.refusals import LinkClosed, LinksChanged, NotShareable
from ..record.transitions import has_left


@dataclass(frozen=True, slots=True)
class LinkDays:
    """Until which day a link to a quote may open: every bound is a day on which it still does."""

    first: date
    usual: date
    last: date


def link_days(*, quote: Shared, on: date) -> LinkDays:
    """Usually SHARE_LINK_DAYS after the last day of a quote or a comparison, or after today where that is later; at
    most SHARE_LINK_MAX_DAYS after it.
    """
    end = max(quote.valid_until, on)
    return LinkDays(
        first=on,
        usual=end + timedelta(days=min(settings.SHARE_LINK_DAYS, settings.SHARE_LINK_MAX_DAYS)),
        last=end + timedelta(days=settings.SHARE_LINK_MAX_DAYS),
    )


def can_share(state: str) -> bool:
    """Whether a link to a quote in this stored state may be made: not to what no longer counts."""
    return state not in (State.SUPERSEDED, State.WITHDRAWN)


@one_transaction
def make_link(
    *,
    quote: Shared,
    recipient: str,
    expires_on: date,
    max_downloads: int | None,
    seen: int | None,
    by: User,
    now: datetime,
) -> tuple[ShareLink, str]:
    """A new link, and the token of its address: 32 random bytes, which nobody can read again afterwards.

    `quote` may be a comparison. `recipient` says for whom, in words; `max_downloads` None: no limit. `seen` is the
    number (pk) of the quote's newest link that was on screen, None where there was none: a form that is sent twice
    makes one link.

    Raises LinksChanged, and NotShareable where the quote was superseded or withdrawn. ValueError for a day that
    `link_days` does not allow.
    """
    days = link_days(quote=quote, on=_day(now))
    if not days.first <= expires_on <= days.last:
        raise ValueError(f"A link to {quote.number} cannot open until {expires_on}.")
    lock_shareable(quote=quote)
    newest = quote.share_links.order_by("-pk").values_list("pk", flat=True).first()
    if newest != seen:
        raise LinksChanged(quote)
    link, token = write_link(
        quote=quote,
        recipient=recipient.strip(),
        expires_on=expires_on,
        max_downloads=max_downloads,
        by=by,
        now=now,
    )
    record_made(link=link, now=now)
    return link, token


@one_transaction
def renew_link(*, link: ShareLink, by: User, now: datetime) -> tuple[ShareLink, str]:
    """A new link in the place of this one, which stops at once: for the same person, with as many downloads anew.

    It opens at least until the usual day. Raises LinkClosed where the link was revoked before, and NotShareable.
    """
    old = _lock(link)
    if old.revoked_at:
        raise LinkClosed(old)
    lock_shareable(quote=link.shared)
    days = link_days(quote=link.shared, on=_day(now))
    stop(locked=old, now=now)
    new, token = write_link(
        quote=link.shared,
        recipient=old.recipient,
        expires_on=min(max(old.expires_on, days.usual), days.last),
        max_downloads=old.max_downloads,
        by=by,
        now=now,
    )
    record_stopped(link=old, by=by, now=now)
    record_made(link=new, now=now)
    return new, token


@one_transaction
def revoke_link(*, link: ShareLink, by: User, now: datetime) -> bool:
    """Stop a link at once. False where it was revoked before; then nothing is written."""
    locked = _lock(link)
    if locked.revoked_at:
        return False
    stop(locked=locked, now=now)
    record_stopped(link=locked, by=by, now=now)
    return True


def lock_open_link(*, link: ShareLink, now: datetime) -> ShareLink:
    """The link, locked until the transaction ends. Raises LinkClosed where it does not open any more."""
    locked = _lock(link)
    if not locked.is_open(_day(now)):
        raise LinkClosed(locked)
    return locked


def lock_shareable(*, quote: Shared) -> QuoteStatus | ComparisonStatus:
    """How it stands, locked until the transaction ends. Raises NotShareable where it no longer counts."""
    if isinstance(quote, Comparison):
        return lock_open(comparison=quote)
    status = QuoteStatus.objects.select_for_update(no_key=True).get(pk=quote.pk)
    if not can_share(status.state) or has_left(quote):
        raise NotShareable(quote, status.state)
    return status


def write_link(
    *, quote: Shared, recipient: str, expires_on: date, max_downloads: int | None, by: User, now: datetime
) -> tuple[ShareLink, str]:
    """A new link and its token, under the lock of `lock_shareable`. The log is told afterwards, by `record_made`."""
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        quote=quote if isinstance(quote, Quote) else None,
        comparison=quote if isinstance(quote, Comparison) else None,
        token_hash=hash_token(token),
        recipient=recipient,
        created_by=by,
        created_at=now,
        expires_on=expires_on,
        max_downloads=max_downloads,
    )
    return link, token


def record_made(*, link: ShareLink, now: datetime) -> None:
    """Tell the log of a new link."""
    detail = {
        "expires_on": link.expires_on.isoformat(),
        "max_downloads": link.max_downloads,
        "recipient": link.recipient,
        "token": link.token_hash,
    }
    record_event(
        quote=link.shared, kind=QuoteEvent.Kind.LINK_MADE, now=now, by=link.created_by, link=link, detail=detail
    )


def stop(*, locked: ShareLink, now: datetime) -> None:
    """Revoke a locked link. The log is told afterwards, by `record_stopped`."""
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])


def record_stopped(*, link: ShareLink, by: User, now: datetime) -> None:
    """Tell the log of a link that was revoked."""
    record_event(quote=link.shared, kind=QuoteEvent.Kind.LINK_REVOKED, now=now, by=by, link=link)


def _lock(link: ShareLink) -> ShareLink:
    return ShareLink.objects.select_for_update(no_key=True).get(pk=link.pk)


def _day(now: datetime) -> date:
    return now.astimezone(timezone.get_default_timezone()).date()
