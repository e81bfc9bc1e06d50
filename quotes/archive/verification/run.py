"""The check of all records, reseller by reseller."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from foundation.integrity import WATCHED, faults_of, wanted_of
from licensing.models import Reseller

from ...models import Comparison, EventChain, Quote, QuoteEvent
from .comparisons import check_comparisons
from .difference import Difference
from .emptied import emptied_tables
from .log import check_log
from .numbers import check_numbers
from .records import check_left_over, check_quotes, count_left_over

NOTED = re.compile(r"(\S+):([1-9]\d{0,18}):([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a reseller's log ends. Noted down outside, it proves later that nothing before it was altered since."""

    reseller: str
    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.reseller}:{self.position}:{self.hash}"


@dataclass
class Report:
    """What was looked at, filled while the differences are given."""

    quotes: int = 0
    entries: int = 0
    differences: int = 0
    heads: list[Head] = field(default_factory=list)
    tell: Callable[[int], None] = lambda looked_at: None
    """Called with the number of quotes and entries looked at so far."""

    def add(self, *, quotes: int = 0, entries: int = 0) -> None:
        self.quotes += quotes
        self.entries += entries
        self.tell(self.quotes + self.entries)


def verify_records(*, report: Report, reseller: str = "", heads: Iterable[Head] = ()) -> Iterator[Difference]:
    """Every difference, as it is found; the report counts. Holds a few quotes in memory at a time.

    `reseller`: the code of the only one to look at. `heads`: where the logs ended when that was noted down.
    Raises Reseller.DoesNotExist for an unknown code. Read it within `reading_one_state`.
    """
    for difference in _verify(report, reseller, list(heads)):
        report.differences += 1
        yield difference


def count_rows(*, reseller: str = "") -> int:
    """How many quotes and entries a check will look at."""
    of = {"reseller__code": reseller} if reseller else {}
    records = Quote.objects.filter(**of).count() + Comparison.objects.filter(**of).count()
    return records + QuoteEvent.objects.filter(**of).count()


def read_heads(lines: Iterable[str]) -> list[Head]:
    """The heads among the lines that a check printed; other lines count for nothing."""
    matches = (NOTED.fullmatch(line.strip()) for line in lines)
    return [Head(match[1], int(match[2]), match[3]) for match in matches if match]


def _verify(report: Report, reseller: str, heads: list[Head]) -> Iterator[Difference]:
    for app in WATCHED:
        if faults := faults_of(wanted_of(app, connection), connection):
            text = _("triggers that keep what must not change are not as the portal makes them: %(names)s.")
            told = text % {"names": ", ".join(str(fault) for fault in faults)}
            yield Difference("", _("database"), "triggers", told)
    if count := count_left_over():
        text = _("%(count)s rows are there whose quote or reseller is gone.") % {"count": count}
        yield Difference("", _("database"), "left-over", text)
    for name, given in emptied_tables():
        text = _("the table of %(name)s is empty, but %(given)s rows of it were numbered.")
        yield Difference("", _("database"), "emptied", text % {"name": name, "given": given})
    resellers = Reseller.objects.order_by("code")
    chosen: list[Reseller] = [resellers.get(code=reseller)] if reseller else list(resellers)
    noted: dict[str, dict[int, str]] = {}
    for head in heads:
        noted.setdefault(head.reseller, {})[head.position] = head.hash
    for code in sorted(set(noted) - {one.code for one in resellers}):
        yield Difference(code, _("end of the log"), "log-other-than-noted", _("it was noted down, but is gone."))
    for one in chosen:
        yield from _verify_one(report, one, noted.get(one.code, {}))


def _verify_one(report: Report, reseller: Reseller, noted: Mapping[int, str]) -> Iterator[Difference]:
    yield from check_log(reseller, noted, lambda: report.add(entries=1))
    yield from check_quotes(reseller, lambda: report.add(quotes=1))
    yield from check_comparisons(reseller, lambda: report.add(quotes=1))
    yield from check_left_over(reseller)
    yield from check_numbers(reseller)
    chain: Any = EventChain.objects.filter(reseller=reseller).first()
    if chain:
        report.heads.append(Head(reseller.code, chain.last_position, chain.last_hash))
