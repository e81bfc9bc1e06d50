"""Quantities that are typed into the decision sheet, to see what they would cost. Nothing keeps them.

They are sent with the form, but are no fields of it: `try-12`, with the number of the product's row; of a further
license ID `15-try-12`. `decision` names the license ID whose sheet is open. `compare` are cells that are ticked to be
compared, `compare-order` the order in which that was done.
"""

import re
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from foundation.text.numbers import NumberTooLarge, read_whole_number
from foundation.text.typed import half_width, with_hyphens

from .part import MOST_ADDED

NAMES = re.compile(r"(?:\d{1,18}-)?try-\d{1,18}|decision|compare(?:-order)?", re.ASCII)
MOST_TRIED = 6
"""Quantities of one product at once."""
LONGEST = 200
"""Characters."""
BETWEEN = re.compile(r"[\s、;/・]+|,(?!\d{3}(?!\d))")
"""A comma before three digits is one within a number: 1,200."""


WHOLE_FORM = "form"
"""Ticked to be compared: not a cell, but what is entered, as it is."""
BETWEEN_TICKS = "|"


def read_ticks(data: QueryDict) -> list[str]:
    """The cells that are ticked, in the order in which they were, as far as that is known; each once."""
    order = data.get("compare-order", "").split(BETWEEN_TICKS)
    ticked = list(dict.fromkeys(data.getlist("compare")))
    return sorted(ticked, key=lambda one: order.index(one) if one in order else len(order))


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed for one product."""

    text: str
    quantities: tuple[int, ...] = ()
    error: str = ""


def read_tried(text: str, *, held: int) -> Tried:
    """`80 120`, `８０、１２０` or `-20 +20`, which is less and more than what is held. An error leaves nothing read."""
    text = text.replace("\x00", "")[:LONGEST]
    plain = re.sub(r"(^|\s)([+-])\s+(?=\d)", r"\1\2", with_hyphens(half_width(text)))
    quantities = []
    for word in BETWEEN.split(plain):
        if not word:
            continue
        try:
            number = read_whole_number(word.removeprefix("+"))
        except NumberTooLarge:
            number = MOST_ADDED + 1
        if number is None:
            said = _("“%(word)s” is not a quantity. Write numbers with spaces between them, such as 80 120 or +20.")
            return Tried(text, error=said % {"word": word})
        quantity = held + number if word[0] in "+-▲△" else number
        if not 0 <= quantity <= MOST_ADDED:
            said = _("“%(word)s” is not possible. A quantity is from 0 to %(most)s.")
            return Tried(text, error=said % {"word": word, "most": f"{MOST_ADDED:,}"})
        quantities.append(quantity)
    if len(quantities) > MOST_TRIED:
        return Tried(text, error=_("At most %(most)s quantities can be compared at once.") % {"most": MOST_TRIED})
    return Tried(text, tuple(dict.fromkeys(quantities)))
