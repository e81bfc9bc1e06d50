"""A letter as a text: placeholders, the link's place, and how its language addresses people.

`{name}` is replaced if the name is one of the letter's placeholders, once, and what comes in its place is not looked at
again. Nothing else in a text means anything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licensing.models import User

from ..models import Shared

LINK = "link"
SIGNATURE = _("the signature of whoever sends it, from the own page; without one company and name")
MARKS = {
    "ja": "【共有リンクのアドレス（送信時に入ります）】",
    "en": "[address of the share link, filled in when it is sent]",
}
"""What stands for the link's address in a letter that is being written; in its language."""
PATTERN = re.compile(r"\{\s*([^{}\r\n]*?)\s*\}")


@dataclass(frozen=True)
class Letter:
    """What is sent, in whole or still with its placeholders."""

    subject: str
    body: str


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced. Names that are not known stay as they are."""
    return PATTERN.sub(lambda found: values.get(found[1], found[0]), text)


def has_link(text: str) -> bool:
    return LINK in PATTERN.findall(text) or any(mark in text for mark in MARKS.values())


def finish(text: str, values: Mapping[str, str]) -> str:
    """A letter's text as it goes out: the link in the place of its mark, and what somebody typed in braces.

    Where a value holds a brace itself, nothing in braces is looked at: nobody could tell one from the other.
    """
    filled = text if is_literal(values) else fill_in(text, values)
    if LINK in values:
        for mark in MARKS.values():
            filled = filled.replace(mark, values[LINK])
    return filled


def finish_letter(letter: Letter, values: Mapping[str, str]) -> Letter:
    """The whole letter as it goes out, its subject in one line and without the link."""
    of_subject = {**values, LINK: ""} if LINK in values else values
    return Letter(finish(letter.subject, of_subject).strip(), finish(letter.body, values))


def is_literal(values: Mapping[str, str]) -> bool:
    """Whether braces in a letter mean nothing, because a name in it has some."""
    return any("{" in value for name, value in values.items() if name != LINK)


def values_of_all(*, customer: str, to_name: str, sender: User, reseller: str, language: str) -> dict[str, str]:
    """What stands in the places of the placeholders that every letter has."""
    return {
        "customer": customer,
        "person": polite_name(" ".join(to_name.split()), language),
        "reseller": reseller,
        "sender": sender_name(sender, language),
    }


def language_of(quote: Shared) -> str:
    """In which it was issued, and is sent."""
    return "en" if quote.document["language"] == "en" else "ja"


def signature_of(user: User, reseller: str, language: str) -> str:
    """With what a letter ends: the person's own signature, else company and name as the language has them."""
    if own := user.mail_signature.strip():
        return own.replace("\r\n", "\n")
    name = sender_name(user, language)
    return f"{name}\n{reseller}" if language == "en" else f"{reseller}\n{name}"


def sender_name(user: User, language: str) -> str:
    return user.name_en or user.name if language == "en" else user.name


def polite_name(name: str, language: str) -> str:
    """How a letter addresses somebody in its language, also where nobody is named."""
    if language == "en":
        return name or "Sir or Madam"
    if not name:
        return "ご担当者様"
    return name if name.endswith("様") else f"{name} 様"
