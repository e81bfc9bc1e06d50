"""Chat notices: queued with what they tell of, posted by a worker, tried again, never twice.

As with e-mail (docs/decisions/0018): until something has left, a worker that dies has posted nothing, and another
begins anew; after that nobody knows, and it is not repeated.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from ..outbox import Clock, Lease, LeaseLost, try_later
from ..sealing import Unreadable, seal, unseal
from .cards import Notice, payload_of
from .models import ChatMessage
from .webhook import NotPosted, post

logger = logging.getLogger(__name__)
State, Error = ChatMessage.State, ChatMessage.Error
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
LEASE = timedelta(minutes=2)
"""Longer than any talk with a chat's server takes."""
PURPOSE = "chat"


@dataclass(frozen=True, slots=True)
class Room:
    """A chat room that wants notices of a kind."""

    channel: str
    about: str
    sealed_address: bytes
    with_prices: bool


Rooms = Callable[[str, int], Iterable[Room]]
_rooms: list[Rooms] = []


def watch_notices(*, rooms: Rooms) -> None:
    """From an app's `ready`: which rooms want notices of a kind about a reseller, by its row number."""
    _rooms[:] = [rooms]


def rooms_for(kind: str, reseller: int) -> list[Room]:
    """The rooms that want notices of a kind."""
    return [room for find in _rooms for room in find(kind, reseller)]


def announce(
    *,
    kind: str,
    reseller: int,
    key: str,
    make: Callable[[], Notice],
    prices: Sequence[str] = (),
    now: datetime,
) -> int:
    """Queue a notice for each room that wants it, in the caller's transaction; how many rooms. Once for each key.

    `prices`: lines that only rooms get which want prices.
    """
    rooms = rooms_for(kind, reseller)
    if not rooms:
        return 0
    notice = make()
    for room in rooms:
        lines = [*notice.lines, *prices] if room.with_prices else notice.lines
        payload = payload_of(room.channel, Notice(notice.title, lines, notice.url, notice.link))
        _queue(room, key, payload, now)
    return len(rooms)


def note_nothing(*, rooms: Iterable[Room], key: str, now: datetime) -> None:
    """Note that there was nothing to tell: the same key is asked for no more."""
    ChatMessage.objects.bulk_create(
        [
            ChatMessage(
                key=key_of(room, key),
                about=room.about,
                channel=room.channel,
                state=State.NOTHING,
                created_at=now,
                settled_at=now,
            )
            for room in rooms
        ],
        ignore_conflicts=True,
    )


def key_of(room: Room, key: str) -> str:
    """Of a notice for one room."""
    return f"{room.about}:{key}"


def is_noted(room: Room, key: str) -> bool:
    """Whether the notice was queued, or there was nothing to tell."""
    return ChatMessage.objects.filter(key=key_of(room, key)).exists()


def _queue(room: Room, key: str, payload: Any, now: datetime) -> None:
    message = ChatMessage(
        key=key_of(room, key),
        about=room.about,
        channel=room.channel,
        sealed_address=room.sealed_address,
        sealed_text=seal(json.dumps(payload, ensure_ascii=False), purpose=PURPOSE),
        next_attempt_at=now,
        created_at=now,
    )
    ChatMessage.objects.bulk_create([message], ignore_conflicts=True)


def post_due(*, clock: Clock) -> int:
    """Post all that is due, one after the other; first tidy up after workers that died. Returns how much."""
    settle_lost(now=clock())
    count = 0
    due = ChatMessage.objects.filter(state=State.QUEUED)
    while message := due.filter(next_attempt_at__lte=clock()).order_by("next_attempt_at", "pk").first():
        _take(message, clock)
        count += 1
    return count


def settle_lost(*, now: datetime) -> int:
    """What a worker left behind: begun anew, or, where the server may have it, not repeated. How many."""
    lost = ChatMessage.objects.filter(state=State.SENDING, leased_until__lte=now)
    begun = lost.filter(handing_over_at=None).update(state=State.QUEUED, next_attempt_at=now)
    return begun + lost.exclude(handing_over_at=None).update(**_settled(State.FAILED, now), error=Error.UNCLEAR)


def _take(message: ChatMessage, clock: Clock) -> None:
    lease = Lease(row=message, length=LEASE, clock=clock)
    if not lease.take():
        return
    message.refresh_from_db()
    try:
        answer = post(
            address=unseal(bytes(message.sealed_address or b""), purpose=PURPOSE),
            payload=json.loads(unseal(bytes(message.sealed_text or b""), purpose=PURPOSE)),
            before_data=lease.keep,
        )
    except NotPosted as failed:
        _write_failure(message, lease.held, failed, clock())
    except Unreadable:
        _write_failure(message, lease.held, NotPosted(Error.UNREADABLE), clock())
    except LeaseLost:
        logger.warning("chat notice %s went to another worker", message.pk)
    else:
        lease.handed_over.update(**_settled(State.SENT, clock()), error="", status=answer.status)


def _write_failure(message: ChatMessage, held: QuerySet[ChatMessage], failed: NotPosted, now: datetime) -> None:
    found: dict[str, Any] = {"error": failed.error, "status": failed.status}
    if failed.is_final or message.attempts > len(RETRY_AFTER):
        held.update(**_settled(State.FAILED, now), **found)
    else:
        held.update(**try_later(attempts=message.attempts, retry_after=RETRY_AFTER, now=now), **found)
    logger.warning("chat notice %s: attempt %s: %s", message.pk, message.attempts, failed.error)


def _settled(state: str, now: datetime) -> dict[str, Any]:
    return {
        "state": state,
        "settled_at": now,
        "next_attempt_at": None,
        "sealed_address": None,
        "sealed_text": None,
    }
