"""Which customers are shown, and the letter to those who are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from foundation.fields import TypedAmount
from foundation.text.numbers import MOST_DIGITS
from licensing.models import Customer
from quotes.letters.words import Letter

from ..confirmations.letters_form import LettersForm
from ..confirmations.recipients import Recipient
from .amounts import Changed
from .queries import MINE, NOBODY, Filter
from .texts import KIND, OF_PRICES, OF_REFUSED, REFUSED_KIND, Texts

PREFIXES = {REFUSED_KIND: "refused_", KIND: ""}
"""Of the fields' names, by kind of letter."""


@dataclass(frozen=True)
class Group:
    """A customer who is to be told, what changes for them, and to whom it may go."""

    customer: Customer
    changed: Changed
    known: Sequence[Recipient]

    @property
    def kind(self) -> str:
        """Of their letter."""
        return REFUSED_KIND if self.changed.refused else KIND


class PriceLettersForm(LettersForm[Group]):
    """To whom each customer's letter goes, and what it says: another text where something of theirs is refused."""

    def __init__(
        self, data: Any = None, *, groups: Sequence[Group], templates: Mapping[tuple[str, str], Letter]
    ) -> None:
        """`templates`: the reseller's texts by kind and language."""
        super().__init__(data, groups=groups)
        self.kinds = [kind for kind in PREFIXES if any(group.kind == kind for group in groups)]
        for kind in self.kinds:
            letter = OF_REFUSED if kind == REFUSED_KIND else OF_PRICES
            self.add_texts(
                {language: templates[kind, language] for language in self.languages},
                known=letter.placeholders,
                needed=letter.needed,
                not_in_subject=letter.not_in_subject,
                prefix=PREFIXES[kind],
            )

    def texts_by_kind(self) -> Texts:
        """For a valid form."""
        return {
            (kind, language): letter for kind in self.kinds for language, letter in self.letters(PREFIXES[kind]).items()
        }

    def parts(self) -> list[dict[str, Any]]:
        """The texts as the page shows them."""
        letters = {REFUSED_KIND: OF_REFUSED, KIND: OF_PRICES}
        return [
            {
                "kind": kind,
                "name": letters[kind].name,
                "texts": self.texts_of(PREFIXES[kind]),
                "placeholders": [(f"{{{name}}}", told) for name, told in letters[kind].placeholders.items()],
            }
            for kind in self.kinds
        ]


def read_filter(given: QueryDict) -> Filter:
    """What an address asks for; what it says wrongly is as if it said nothing, but for an amount: that is told."""
    owner, least = given.get("owner", ""), TypedAmount.read(given.get("least", ""))
    told = given.get("told", "")
    return Filter(
        owner=owner if owner in (MINE, NOBODY) or _number(owner) is not None else "",
        at_least=least.number,
        typed_least=least,
        is_told={"yes": True, "no": False}.get(told),
    )


def _number(text: str) -> int | None:
    """Of a row."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
