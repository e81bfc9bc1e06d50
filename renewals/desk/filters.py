"""What somebody wants to see of the list: from the address to a value, and back. Whatever it says, a page comes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict

from foundation.fields import TypedAmount
from foundation.text.numbers import MOST_DIGITS
from foundation.text.search import MOST_SEARCHED

from ..models import STAGES

DAYS = {"30": 30, "60": 60, "90": 90}
DUE = (*DAYS, "past", "all")
"""Choices of when support expires, beside a month (`2027-03`)."""
USUAL_DUE = "90"
MINE, NOBODY = "mine", "nobody"
SORTS = {
    "expiry": ("expires_on", "id"),
    "customer": ("customer_order", "id"),
    "license": ("code", "id"),
    "amount": ("amount", "id"),
    "stage": ("stage_place", "expires_on", "id"),
    "owner": ("owner_id", "expires_on", "id"),
    "next": ("step_on", "id"),
    "moved": ("moved_at", "id"),
}
"""What the list is sorted by: for each of these there is an index."""
USUAL_SORT = "expiry"
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown, and in which order."""

    due: str = USUAL_DUE
    stages: tuple[str, ...] = ()
    """None: all of them."""
    owner: str = ""
    """`mine`, `nobody`, the row number of somebody; empty: whosever."""
    programme: int | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    """Yen, tax excluded."""
    typed_from: TypedAmount = field(default=TypedAmount(), compare=False)
    typed_to: TypedAmount = field(default=TypedAmount(), compare=False)
    """The same as they were typed, perhaps no amounts."""
    text: str = ""
    sort: str = USUAL_SORT
    """A key of SORTS, with a hyphen before it downwards."""

    @property
    def is_counted(self) -> bool:
        """Whether the counts alone say how many there are: only by day, stage and owner."""
        return self.programme is None and self.amount_from is None and self.amount_to is None and not self.text

    @property
    def has_more(self) -> bool:
        """Whether something is filtered by what is folded."""
        return any((self.programme, self.amount_from, self.amount_to))

    @property
    def is_unread(self) -> bool:
        return bool(self.typed_from.error or self.typed_to.error)

    @property
    def is_usual(self) -> bool:
        return replace(self, sort=USUAL_SORT) == Filter()

    def days(self, on: date) -> tuple[date | None, date | None]:
        """The first and the last day of expiry; None: no bound."""
        if self.due in DAYS:
            return on, on + timedelta(days=DAYS[self.due])
        if self.due == "past":
            return None, on - timedelta(days=1)
        if self.due == "all":
            return None, None
        year, month = map(int, self.due.split("-"))
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), following - timedelta(days=1)

    def to_query(self) -> str:
        """The query string that says the same; what is usual is left out."""
        said: list[tuple[str, str]] = []
        if self.due != ("all" if self.text else USUAL_DUE):
            said.append(("due", self.due))
        said += [("stage", stage) for stage in self.stages]
        for name, value in (
            ("owner", self.owner),
            ("programme", self.programme),
            ("from", self.amount_from),
            ("to", self.amount_to),
            ("q", self.text),
        ):
            if value not in ("", None):
                said.append((name, str(value)))
        if self.sort != USUAL_SORT:
            said.append(("sort", self.sort))
        return urlencode(said)


def read_filter(given: QueryDict) -> Filter:
    """What an address asks for; what it says wrongly is as if it said nothing. A search looks through all days.

    Amounts are typed by people: those that are none are told.
    """
    text = given.get("q", "").replace("\x00", "").strip()[:MOST_SEARCHED]
    due = given.get("due", "")
    if due not in DUE and not _MONTH.fullmatch(due):
        due = "all" if text else USUAL_DUE
    sort = given.get("sort", "")
    stages = tuple(stage for stage in STAGES if stage in given.getlist("stage"))
    owner = given.get("owner", "")
    person = _number(owner)
    at_least, at_most = (TypedAmount.read(given.get(name, "")) for name in ("from", "to"))
    return Filter(
        due=due,
        stages=() if len(stages) == len(STAGES) else stages,
        owner=owner if owner in (MINE, NOBODY) else "" if person is None else str(person),
        programme=_number(given.get("programme", "")),
        amount_from=at_least.number,
        amount_to=at_most.number,
        typed_from=at_least,
        typed_to=at_most,
        text=text,
        sort=sort if sort.removeprefix("-") in SORTS else USUAL_SORT,
    )


LONGEST_QUERY = 4000
"""Characters of a query string; a kanji takes nine."""


def read_query(query: str) -> Filter:
    """Of a query string, as `to_query` writes it."""
    return read_filter(QueryDict(query[:LONGEST_QUERY]))


def _number(text: str) -> int | None:
    """Of a row."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def sum_of(groups: Mapping[str, tuple[int, int]], stages: tuple[str, ...]) -> tuple[int, int]:
    """Rows and yen of some stages; of all where none is named."""
    chosen = [pair for stage, pair in groups.items() if not stages or stage in stages]
    return sum(rows for rows, _yen in chosen), sum(yen for _rows, yen in chosen)
