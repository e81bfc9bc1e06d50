"""Users are told of something by e-mail, from a template. An address that no e-mail can go to keeps nothing back."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import translation

from ..models import OutgoingMail
from .queue import queue_mail

logger = logging.getLogger(__name__)


def subject_of(template: str, context: Mapping[str, Any]) -> str:
    """What `{template}_subject.txt` says, in one line and in the language of now."""
    return " ".join(render_to_string(f"{template}_subject.txt", dict(context)).split())


def tell(
    *,
    person: Any,
    template: str,
    subject: str,
    context: Mapping[str, Any],
    key: str,
    about: str,
    now: datetime,
) -> OutgoingMail | None:
    """Queue an e-mail to a user (`person` in `{template}.txt`), in the caller's transaction and in the language of now.
    The same `key` again is the same e-mail. None where no e-mail can go to their address; the log says so, without it.
    """
    try:
        return queue_mail(
            key=f"{key}:{person.pk}",
            about=about,
            to=person.email,
            to_name=person.name,
            subject=subject,
            body=render_to_string(f"{template}.txt", {**context, "person": person}),
            language=translation.get_language() or "",
            now=now,
        )
    except ValidationError:  # its text holds the address
        logger.warning("user %s cannot be told by e-mail: %s", person.pk, about)
        return None


def tell_all(
    *,
    people: Iterable[Any],
    template: str,
    subject: str,
    context: Mapping[str, Any],
    key: str,
    about: str,
    now: datetime,
) -> None:
    """The same to each of them."""
    for person in people:
        tell(person=person, template=template, subject=subject, context=context, key=key, about=about, now=now)
