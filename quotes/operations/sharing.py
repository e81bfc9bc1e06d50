"""Share links: made by staff for somebody without a log-in, renewed, revoked."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from licensing.models import User, hash_token

from ..models import Quote, QuoteEvent, QuoteStatus, ShareLink, State
from .events import record_event
from .refusals import LinkClosed, LinksChanged, NotShareable


@dataclass(frozen=True, slots=True)
class LinkDays:
    """Until which day a link to a quote may open: every bound is a day on which it still does."""

    first: date
    usual: date
    last: date


def link_days(*, quote: Quote, on: date) -> LinkDays:
    """Usually SHARE_LINK_DAYS after the quote's last day, or after today where that is later; at most
    SHARE_LINK_MAX_DAYS after it.
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


def make_link(
    *,
    quote: Quote,
    recipient: str,
    expires_on: date,
    max_downloads: int | None,
    seen: int | None,
    by: User,
    now: datetime,
) -> tuple[ShareLink, str]:
    """A new link, and the token of its address: 32 random bytes, which nobody can read again afterwards.

    `recipient` says for whom, in words; `max_downloads` None: no limit. `seen` is the number (pk) of the quote's newest
    link that was on screen, None where there was none: a form that is sent twice makes one link.

    Raises LinksChanged, and NotShareable where the quote was superseded or withdrawn. ValueError for a day that
    `link_days` does not allow.
    """
    days = link_days(quote=quote, on=_day(now))
    if not days.first <= expires_on <= days.last:
        raise ValueError(f"A link to {quote.number} cannot open until {expires_on}.")
    with transaction.atomic():
        status = QuoteStatus.objects.select_for_update().get(pk=quote.pk)
        if not can_share(status.state):
            raise NotShareable(quote, status.state)
        newest = ShareLink.objects.filter(quote=quote).order_by("-pk").values_list("pk", flat=True).first()
        if newest != seen:
            raise LinksChanged(quote)
        return _make(quote, recipient.strip(), expires_on, max_downloads, by, now)


def renew_link(*, link: ShareLink, by: User, now: datetime) -> tuple[ShareLink, str]:
    """A new link in the place of this one, which stops at once: for the same person, with as many downloads anew.

    It opens at least until the usual day. Raises LinkClosed where the link was revoked before, and NotShareable.
    """
    with transaction.atomic():
        locked = ShareLink.objects.select_for_update().get(pk=link.pk)
        status = QuoteStatus.objects.select_for_update().get(pk=link.quote_id)
        if locked.revoked_at:
            raise LinkClosed(locked)
        if not can_share(status.state):
            raise NotShareable(link.quote, status.state)
        days = link_days(quote=link.quote, on=_day(now))
        expires_on = min(max(locked.expires_on, days.usual), days.last)
        _revoke(locked, by, now)
        return _make(link.quote, locked.recipient, expires_on, locked.max_downloads, by, now)


def revoke_link(*, link: ShareLink, by: User, now: datetime) -> bool:
    """Stop a link at once. False where it was revoked before; then nothing is written."""
    with transaction.atomic():
        locked = ShareLink.objects.select_for_update().get(pk=link.pk)
        if locked.revoked_at:
            return False
        _revoke(locked, by, now)
    return True


def lock_open_link(*, link: ShareLink, now: datetime) -> ShareLink:
    """The link, locked until the transaction ends. Raises LinkClosed where it does not open any more."""
    locked = ShareLink.objects.select_for_update().get(pk=link.pk)
    if not locked.is_open(_day(now)):
        raise LinkClosed(locked)
    return locked


def _make(
    quote: Quote, recipient: str, expires_on: date, max_downloads: int | None, by: User, now: datetime
) -> tuple[ShareLink, str]:
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        quote=quote,
        token_hash=hash_token(token),
        recipient=recipient,
        created_by=by,
        created_at=now,
        expires_on=expires_on,
        max_downloads=max_downloads,
    )
    detail = {
        "expires_on": expires_on.isoformat(),
        "max_downloads": max_downloads,
        "recipient": recipient,
        "token": link.token_hash,
    }
    record_event(quote=quote, kind=QuoteEvent.Kind.LINK_MADE, now=now, by=by, link=link, detail=detail)
    return link, token


def _revoke(link: ShareLink, by: User, now: datetime) -> None:
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    record_event(quote=link.quote, kind=QuoteEvent.Kind.LINK_REVOKED, now=now, by=by, link=link)


def _day(now: datetime) -> date:
    return now.astimezone(timezone.get_default_timezone()).date()
