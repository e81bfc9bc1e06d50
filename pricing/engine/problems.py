"""Refusals and warnings as values, each with a stable code, a place, and words that say what is wrong (R17).

What the reader can do about it knows screens and roles: those words are the catalogue's (`pricing/wording`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .decision import decision
from .wording import WORDS, WORDS_WITH_NAMES, Language, Rule, Text, both


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What a rule refuses or warns of."""

    rule: Rule
    code: str
    """Stable: forms, records and other programs may rely on it."""
    is_refusal: bool
    what: Text
    """What is wrong."""
    words: str
    """The name of these words: the code, but where a code has several."""

    def in_words(self, words: str, *, en: str, ja: str) -> "ProblemKind":
        """The same code in other words, for a special case."""
        return replace(self, words=words, what=both(en, ja))


def refusal(rule: Rule, code: str, *, en: str, ja: str) -> ProblemKind:
    """What cannot be quoted."""
    return ProblemKind(rule=rule, code=code, is_refusal=True, what=both(en, ja), words=code)


def warning(rule: Rule, code: str, *, en: str, ja: str) -> ProblemKind:
    """What must be ticked as read before the quote is issued."""
    return ProblemKind(rule=rule, code=code, is_refusal=False, what=both(en, ja), words=code)


@decision
class Problem:
    """Something that refuses the quote or that must be read before it is issued."""

    kind: ProblemKind
    places: tuple[str, ...]
    """Where: `years`, `holding:<key>`, `addition:<key>` or `quote`."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What the words mention, by name."""

    @property
    def code(self) -> str:
        """Stable: forms, records and other programs may rely on it."""
        return self.kind.code

    @property
    def rule(self) -> str:
        return self.kind.rule.number

    @property
    def is_refusal(self) -> bool:
        return self.kind.is_refusal

    @property
    def words(self) -> str:
        """The name of its words: the code, but where a code has several."""
        return self.kind.words

    def what(self, language: Language, *, with_names: bool = False) -> str:
        """What is wrong, in one or two sentences. Products by their codes, `with_names`: by name and code."""
        words = WORDS_WITH_NAMES if with_names else WORDS
        return words[language].say(self.kind.what, self.facts)
