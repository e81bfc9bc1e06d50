"""Which rooms want a notice, and how a webhook's address is shown."""

from urllib.parse import urlsplit

from foundation.chat.models import ChatMessage
from foundation.chat.queue import Room
from foundation.sealing import Unreadable, unseal
from licensing.models import Reseller

from ..models import ChatSettings

PURPOSE = "chat"
TEAMS, SLACK = ChatMessage.Channel.TEAMS.value, ChatMessage.Channel.SLACK.value
CHANNELS = {TEAMS: "sealed_teams", SLACK: "sealed_slack"}
KINDS = {
    "answer": "tells_answers",
    "wish": "tells_wishes",
    "digest": "tells_digest",
    "bounce": "tells_bounces",
    "approval": "tells_approvals",
}
"""The column that switches a kind of notice on."""
SHOWN_END = 4


def settings_of(reseller: Reseller) -> ChatSettings:
    """The reseller's; nothing is told where nothing was saved."""
    return ChatSettings.objects.filter(reseller=reseller).first() or ChatSettings(reseller=reseller)


def rooms_of(kind: str, reseller: int) -> list[Room]:
    """The reseller's rooms that want notices of a kind. One query."""
    settings = ChatSettings.objects.filter(reseller=reseller, **{KINDS[kind]: True}).first()
    return all_rooms(settings) if settings else []


def all_rooms(settings: ChatSettings) -> list[Room]:
    """Those with an address."""
    return [
        Room(channel, about_of(settings.reseller_id, channel), bytes(sealed), settings.with_prices)
        for channel, column in CHANNELS.items()
        if (sealed := getattr(settings, column)) is not None
    ]


def about_of(reseller: int, channel: str) -> str:
    return f"{reseller}:{channel}"


def masked(sealed: bytes | None) -> str:
    """An address as it is shown: its server, and the last characters. Empty for none; `?` where it cannot be read."""
    if sealed is None:
        return ""
    try:
        address = unseal(bytes(sealed), purpose=PURPOSE)
    except Unreadable:
        return "?"
    return f"{urlsplit(address).hostname}/…{address[-SHOWN_END:]}"


def last_notice(reseller: int, channel: str) -> ChatMessage | None:
    """The last notice of a room of which is known what became of it."""
    rows = ChatMessage.objects.filter(about=about_of(reseller, channel))
    return rows.filter(state__in=[ChatMessage.State.SENT, ChatMessage.State.FAILED]).first()
