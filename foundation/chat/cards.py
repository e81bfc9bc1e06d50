"""A notice in the form that a chat's webhook takes. Names in it are text, whatever they hold: none is a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .models import ChatMessage

LONGEST_LINE = 500
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told."""

    title: str
    lines: Sequence[str]
    url: str
    """Of the portal's page about it."""
    link: str
    """The words on its button."""


def payload_of(channel: str, notice: Notice) -> dict[str, Any]:
    """JSON for Teams (Workflows, an Adaptive Card) or Slack (incoming webhook, blocks)."""
    title = notice.title[:LONGEST_LINE]
    lines = [line[:LONGEST_LINE] for line in notice.lines][:MOST_LINES]
    return _teams(title, lines, notice) if channel == ChatMessage.Channel.TEAMS else _slack(title, lines, notice)


def _teams(title: str, lines: Sequence[str], notice: Notice) -> dict[str, Any]:
    def text(words: str, **more: str) -> dict[str, Any]:  # a TextBlock would read Markdown
        return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words, **more}]}

    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [text(title, weight="Bolder"), *(text(line) for line in lines)],
        "actions": [{"type": "Action.OpenUrl", "title": notice.link, "url": notice.url}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _slack(title: str, lines: Sequence[str], notice: Notice) -> dict[str, Any]:
    plain = {"type": "plain_text", "text": "\n".join([title, *lines])[:3000], "emoji": False}
    link = {"type": "mrkdwn", "text": f"<{_escaped(notice.url)}|{_escaped(notice.link)}>"}
    return {
        "text": _escaped(title),
        "blocks": [{"type": "section", "text": plain}, {"type": "section", "text": link}],
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
