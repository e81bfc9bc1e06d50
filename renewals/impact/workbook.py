"""An impact as an XLSX file: one sheet of totals each, and all rows. Texts stay texts, whatever they begin with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.jobs.operations import Beat
from foundation.spreadsheets.sheets import SheetOfRows, write_workbook
from foundation.spreadsheets.writing import DAY, NUMBER, PERCENT, TEXT, Column
from foundation.text.language import reader_language

from ..models import ImpactRow, ImpactRun

PAGE = 2000
"""Rows that are read at once."""


def draw_workbook(*, run: ImpactRun, beat: Beat) -> bytes:
    """The whole run, in the language that is active. Tells how far it is; reads a page of rows at a time."""
    count = sum(whole["count"] for whole in run.totals.values())
    told = Told(beat, count)
    sheets: list[SheetOfRows] = []
    for kind, title in ((ImpactRow.Kind.RENEWAL, _("Coming renewals")), (ImpactRow.Kind.QUOTE, _("Open quotes"))):
        sheets.append(SheetOfRows(title, columns_of(kind), rows_of(run, kind, told)))
        for name, group in ((_("By reseller"), "resellers"), (_("By product"), "products")):
            totals = [
                [part["name"], *(part[each] for each in COUNTED), part["new"] - part["old"]]
                for part in parts_of(run, kind, group)
            ]
            sheets.append(SheetOfRows(f"{title} {name}", columns_of_totals(name), totals))
    sheets.append(SheetOfRows(_("About"), ((_("what"), TEXT, 28), (_("value"), TEXT, 40)), facts_of(run)))
    return write_workbook(sheets)


class Told:
    """How many rows are written, told after each page."""

    def __init__(self, beat: Beat, count: int) -> None:
        self.beat, self.count, self.done = beat, count, 0

    def add(self, more: int) -> None:
        self.done += more
        self.beat(self.done, self.count, "workbook")


def rows_of(run: ImpactRun, kind: str, told: Told) -> Iterator[list[object]]:
    language = reader_language()
    outcomes = {value: str(label) for value, label in ImpactRow.Outcome.choices}
    for page in pages(run, kind):
        for row in page:
            yield cells_of(row, outcomes, language)
        told.add(len(page))


COUNTED = ("count", "compared", "rank_changes", "newly_refused", "old", "new")


def columns_of(kind: ImpactRow.Kind) -> list[Column]:
    day = _("valid until") if kind == ImpactRow.Kind.QUOTE else _("support expiry")
    number = [(_("quote number"), TEXT, 18)] if kind == ImpactRow.Kind.QUOTE else []
    return [
        *number,
        (_("license ID"), TEXT, 18),
        (_("customer"), TEXT, 30),
        (_("reseller"), TEXT, 30),
        (day, DAY, 13),
        (_("products"), TEXT, 30),
        (pgettext("prices", "before"), NUMBER, 14),
        (pgettext("prices", "after"), NUMBER, 14),
        (_("difference"), NUMBER, 14),
        (_("difference in percent"), PERCENT, 12),
        (_("outcome"), TEXT, 20),
        (_("ranks"), TEXT, 30),
        (_("refusals and warnings"), TEXT, 60),
    ]


def columns_of_totals(name: str) -> list[Column]:
    return [
        (name, TEXT, 30),
        (_("how many"), NUMBER, 10),
        (_("of these compared"), NUMBER, 12),
        (_("rank changes"), NUMBER, 12),
        (_("refused only with the draft"), NUMBER, 14),
        (pgettext("prices", "before"), NUMBER, 16),
        (pgettext("prices", "after"), NUMBER, 16),
        (_("difference"), NUMBER, 16),
    ]


class Cells(NamedTuple):
    """What of a row stands in the workbook."""

    pk: int
    quote_number: str
    license_codes: str
    customer_name: str
    reseller_name: str
    day: date
    products: str
    old_amount: int | None
    new_amount: int | None
    difference: int | None
    percent: Decimal | None
    outcome: str
    lines: list[list[Any]]
    problems: list[dict[str, Any]]


def cells_of(row: Cells, outcomes: Mapping[str, str], language: str) -> list[object]:
    cells: list[object] = list(row[1:11])
    cells[5] = row.products.strip()
    cells += [
        outcomes[row.outcome],
        ", ".join(tell_ranks(row.lines)),
        "\n".join(f"{problem['code']}: {problem[language]}" for problem in row.problems),
    ]
    return cells if row.quote_number else cells[1:]


def tell_ranks(lines: Iterable[Sequence[Any]]) -> list[str]:
    """`SMP-CC D → C`, or `SMP-CC D` where nothing changes; each product once."""
    told: dict[str, str] = {}
    for code, _quantity, old, new, _old_amount, _new_amount in lines:
        ranks = [rank for rank in (old, new) if rank]
        told[code] = " ".join([code, " → ".join(dict.fromkeys(ranks))]).strip()
    return list(told.values())


def facts_of(run: ImpactRun) -> list[tuple[str, str]]:
    return [
        (_("draft"), run.price_list_name),
        (_("compared with"), run.compared_with_name or "-"),
        (_("priced as of"), run.priced_on.isoformat()),
        (_("calculated on"), run.on.isoformat()),
        (_("support that ends within days"), str(run.days)),
        (_("amounts"), _("yen, tax excluded; coming renewals for one year")),
    ]


def pages(run: ImpactRun, kind: str) -> Iterator[list[Cells]]:
    """The rows in the order in which they were made, so many at a time: a cursor would not survive the beats."""
    last = 0
    rows = ImpactRow.objects.filter(run=run, kind=kind).order_by("pk").values_list(*Cells._fields)
    while page := [Cells(*row) for row in rows.filter(pk__gt=last)[:PAGE]]:
        yield page
        last = page[-1].pk


def parts_of(run: ImpactRun, kind: str, group: str) -> list[dict[str, Any]]:
    """The totals by reseller or product, the greatest difference first."""
    parts = run.totals.get(kind, {}).get(group, {}).values()
    return sorted(parts, key=lambda part: (-abs(part["new"] - part["old"]), part["name"]))
