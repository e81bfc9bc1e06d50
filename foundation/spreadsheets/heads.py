"""Names above columns, as people write them: in any width, over several rows, merged, with line breaks."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from ..text import strip_invisible
from ..text.typed import half_width


@lru_cache(maxsize=1_000)
def header_key(text: str) -> str:
    """The form in which names of columns are compared: without width, case, spaces, punctuation and the invisible."""
    return re.sub(r"[\W_]+", "", half_width(text).casefold())


def tidy(text: str) -> str:
    """A name of a column as it is told: in one line, without what nobody sees."""
    return " ".join(strip_invisible(text).split())


def stack_names(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """By column, what stands above it in each row of names, from the top, each once.

    A name that stands above several columns stands above each of them.
    """
    width = max(len(cells) for cells in rows)
    above = [list(cells) + [""] * (width - len(cells)) for cells in rows]
    for upper, lower in pairwise(above):
        for index in range(1, width):
            if not upper[index] and lower[index]:
                upper[index] = upper[index - 1]
    for index in range(width):
        yield list(dict.fromkeys(tidy(cells[index]) for cells in above if tidy(cells[index])))
