"""Margins as a workbook: quote by quote, by customer, by month. For whoever sees margins, and nobody else."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from foundation.spreadsheets.sheets import SheetOfRows, write_workbook
from foundation.spreadsheets.writing import DAY, NUMBER, PERCENT, TEXT, Column

from ..models import SHOWN_STATES
from ..record.margins import Figures, Stage
from .queries import Month, QuoteMargins, by_customer

Cells = list[object]


def write_margins(rows: Sequence[QuoteMargins], months: Sequence[Month]) -> bytes:
    """The workbook. What is not known is an empty cell."""
    return write_workbook(
        [
            SheetOfRows(_("Quotes"), [*_quote_columns(), *_stage_columns()], map(_quote, rows)),
            SheetOfRows(_("By customer"), [*_customer_columns(), *_stage_columns()], _customers(rows)),
            SheetOfRows(_("By month"), [(_("Month"), TEXT, 10), *_stage_columns()], map(_month, months)),
        ]
    )


def _quote_columns() -> list[Column]:
    return [
        (_("Number"), TEXT, 18),
        (_("Customer"), TEXT, 32),
        (_("Subject"), TEXT, 32),
        (_("State"), TEXT, 12),
        (_("Issue day"), DAY, 12),
    ]


def _customer_columns() -> list[Column]:
    return [(_("Customer"), TEXT, 32), (_("Number of quotes"), NUMBER, 12)]


def _stage_columns() -> list[Column]:
    """For each stage: offered, of which with a rate, cost, margin, in percent, lines without a rate."""
    columns = []
    for stage in Stage:
        heads = (
            (_("%(stage)s: offered without tax"), NUMBER, 16),
            (_("%(stage)s: of which with a cost rate"), NUMBER, 16),
            (_("%(stage)s: cost"), NUMBER, 16),
            (_("%(stage)s: margin"), NUMBER, 16),
            (_("%(stage)s: margin (%%)"), PERCENT, 12),
            (_("%(stage)s: lines without cost rate"), NUMBER, 12),
        )
        columns += [(head % {"stage": stage.label}, form, width) for head, form, width in heads]
    return columns


def _cells(shown: Iterable[tuple[str, Figures | None]]) -> Cells:
    cells: Cells = []
    for _stage, its in shown:
        if its is None:
            cells += [None] * 6
        else:
            cells += [its.subtotal, its.covered, its.cost, its.margin, its.percent, its.uncovered_lines]
    return cells


def _quote(row: QuoteMargins) -> Cells:
    quote = row.quote
    state = str(SHOWN_STATES[quote.status.state])
    return [quote.number, quote.customer_name, quote.subject, state, quote.issued_on, *_cells(row.shown)]


def _customers(rows: Sequence[QuoteMargins]) -> Iterable[Cells]:
    return ([one.name, one.quotes, *_cells(one.shown)] for one in by_customer(rows))


def _month(month: Month) -> Cells:
    return [f"{month.first:%Y-%m}", *_cells(month.shown)]
