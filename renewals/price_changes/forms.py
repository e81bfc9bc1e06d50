"""Which customers are shown, and the letter to those who are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from foundation.text.typed import half_width
from licensing.models import Customer
from quotes.letters.operations import Letter

from ..confirmations.letters_form import LettersForm
from ..confirmations.recipients import Recipient
from .amounts import Dearer
from .queries import MINE, NOBODY, Filter
from .texts import OF_PRICES

MOST_DIGITS = 12


@dataclass(frozen=True)
class Group:
    """A customer who is to be told, what gets dearer for them, and to whom it may go."""

    customer: Customer
    rows: Sequence[Dearer]
    known: Sequence[Recipient]

    @property
    def rise(self) -> int:
        """Yen, tax excluded, in a year."""
        return sum(row.new - row.old for row in self.rows)


class PriceLettersForm(LettersForm[Group]):
    """To whom each customer's letter goes, and what it says."""

    def __init__(self, data: Any = None, *, groups: Sequence[Group], templates: Mapping[str, Letter]) -> None:
        """`templates`: the reseller's texts by language."""
        super().__init__(data, groups=groups)
        self.add_texts(
            {language: templates[language] for language in self.languages},
            known=OF_PRICES.placeholders,
            needed=OF_PRICES.needed,
            not_in_subject=OF_PRICES.not_in_subject,
        )


def read_filter(given: QueryDict) -> Filter:
    """What an address asks for; what it says wrongly is as if it said nothing."""
    owner = given.get("owner", "")
    told = given.get("told", "")
    return Filter(
        owner=owner if owner in (MINE, NOBODY) or _number(owner) is not None else "",
        at_least=_number(given.get("least", "")),
        is_told={"yes": True, "no": False}.get(told),
    )


def _number(text: str) -> int | None:
    plain = half_width(text).replace(",", "").replace("¥", "").strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= MOST_DIGITS else None
