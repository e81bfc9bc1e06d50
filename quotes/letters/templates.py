"""The texts with which a reseller writes: for each kind of letter its own, else the portal's."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from foundation.transactions import one_transaction
from licensing.models import Reseller, User

from ..models import LetterTemplate
from .words import PATTERN, Letter

QUOTE = "quote"
"""The kind of a letter that brings one quote."""
SEVERAL = "quotes"
"""The kind of a letter that brings two or more."""
COMPARISON = "comparison"
"""The kind of a letter that brings a comparison."""
ORDER = "order"
"""The kind of a letter that brings the acknowledgement of an order."""


@dataclass(frozen=True, slots=True)
class LetterKind:
    """What a kind of letter may say, and what it says where a reseller has no text of its own."""

    name: str | Promise
    placeholders: Mapping[str, str | Promise]
    needed: Mapping[str, str | Promise]
    """Placeholders without which its text would say nothing, with what is said where one is missing."""
    defaults: Mapping[str, tuple[str, str]]
    """Subject and text by language: `ja` and `en`."""
    not_in_subject: Collection[str] = ()
    marks: Mapping[str, Collection[str]] = field(default_factory=dict)
    """What may stand in the text instead of a placeholder."""

    def default(self, language: str) -> Letter:
        return Letter(*self.defaults[language])

    def is_default(self, letter: Letter, language: str) -> bool:
        """Whether it is the portal's own text; forms take away the empty lines at its end."""
        subject, body = self.defaults[language]
        return (letter.subject.strip(), letter.body.strip()) == (subject, body.strip())

    def unknown(self, text: str) -> list[str]:
        """The names in braces that mean nothing, each once, as they were typed."""
        return list(dict.fromkeys(name for name in PATTERN.findall(text) if name not in self.placeholders))

    def missing(self, body: str) -> list[str]:
        """The needed placeholders that do not stand in a text."""
        used = PATTERN.findall(body)
        return [
            name
            for name in self.needed
            if name not in used and not any(mark in body for mark in self.marks.get(name, ()))
        ]


_kinds: dict[str, LetterKind] = {}


def watch_letters(*, kind: str, letter: LetterKind) -> None:
    """From an app's `ready`: a kind of letter whose texts are a reseller's own, in the order of the page."""
    _kinds[kind] = letter


def letter_kinds() -> Mapping[str, LetterKind]:
    """All kinds, by name."""
    return _kinds


def template_of(*, reseller: Reseller, language: str, kind: str = QUOTE) -> Letter:
    """The reseller's own text, else the portal's. `language`: `ja` or `en`."""
    own = LetterTemplate.objects.filter(reseller=reseller, kind=kind, language=language).first()
    return Letter(own.subject, own.body) if own else _kinds[kind].default(language)


def templates_of(*, reseller: Reseller) -> dict[tuple[str, str], Letter]:
    """The texts with which a reseller writes, by kind and language, in one query."""
    rows = LetterTemplate.objects.filter(reseller=reseller)
    own = {(row.kind, row.language): Letter(row.subject, row.body) for row in rows}
    return {
        (name, language): own.get((name, language), kind.default(language))
        for name, kind in _kinds.items()
        for language in kind.defaults
    }


def last_saved(*, reseller: Reseller) -> tuple[str, datetime | None]:
    """Who saved one of the reseller's texts last, and when; an empty name where they are the portal's own."""
    last = LetterTemplate.objects.filter(reseller=reseller).select_related("saved_by").order_by("-saved_at").first()
    return (last.saved_by.name, last.saved_at) if last else ("", None)


@one_transaction
def save_templates(
    *,
    reseller: Reseller,
    letters: Mapping[tuple[str, str], Letter | None],
    by: User,
    now: datetime,
    look: Callable[[Reseller], None] = lambda _reseller: None,
) -> None:
    """Keep a reseller's texts by kind and language; None: the portal's own from now on. Placeholders must be known.

    One saves after the other; `look` may raise before anything is written.
    """
    look(Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk))
    for (kind, language), letter in letters.items():
        rows = LetterTemplate.objects.filter(reseller=reseller, kind=kind, language=language)
        if letter is None or _kinds[kind].is_default(letter, language):
            rows.delete()
            continue
        if wrong := _kinds[kind].unknown(letter.subject + "\n" + letter.body):
            raise ValueError(f"unknown placeholders: {', '.join(wrong)}")
        kept = {"subject": letter.subject, "body": letter.body}
        if not rows.filter(**kept).exists():
            LetterTemplate.objects.update_or_create(
                reseller=reseller,
                kind=kind,
                language=language,
                defaults={**kept, "saved_by": by, "saved_at": now},
            )
