"""How much room a text has on the sheet, and a text from outside as it can be drawn there."""

from .characters import printable

# The room for a word without a break opportunity, in em of the type that stands there.
NARROW_COLUMN = 4.5
RULE_COLUMN = 7.0
UNIT_COLUMN = 8.0
COLUMN = 10.0
HALF_LINE = 19.0
LINE = 45.0

GAP = "\u3000"
"""Between facts that share a row."""

# A line of the table is never split between pages, unless its texts are longer than this many characters.
LONGEST_KEPT_TOGETHER = 900


def clean(text: str, room: float = HALF_LINE) -> str:
    """A text from outside, as one line that can be drawn."""
    return printable(text, room=room)
