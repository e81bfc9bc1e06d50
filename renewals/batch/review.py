"""The review of a run as its page shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.text.language import name_of, reader_language
from licensing.models import Product, User
from licensing.queries import products_by_code
from quotes.margins.queries import stages_by_quote
from quotes.models import CODES_BETWEEN, Quote, QuoteMargin
from quotes.record.margins import Figures

from ..asked import Asked, from_json, product_codes
from ..issue.thresholds import say_passed
from ..models import QuoteRunRow
from .queries import Sums

NAMES: dict[str, str | Promise] = {
    "rank-basis-tie": _("Several products of one quantity decide the rank"),
    "mixed-programmes": _("Several programmes in one license ID"),
    "reduction-does-not-save": _("The reduction saves nothing"),
    "support-expired": _("Support has expired"),
    "segment-differs": _("Product for another segment"),
    "already-quoted": _("Another quote is open"),
    "already-ordered": _("Ordered already"),
    "not-renewed": _("Entered as not renewed"),
    "changed": _("Changed since the review"),
}
"""What a warning is called where it is ticked for many rows."""
WHAT_SHOWN = 3


@dataclass(frozen=True)
class Said:
    """One refusal or warning of a row, in the reader's language."""

    text: str
    helps: str
    is_refusal: bool
    is_read: bool
    license_id: str
    quote: str
    quote_key: str


@dataclass(frozen=True)
class Line:
    """A product of a row and how many of it."""

    name: str
    quantity: int
    is_addition: bool = False


@dataclass(frozen=True)
class Row:
    """A row of the review."""

    row: QuoteRunRow
    codes: Sequence[str]
    lines: Sequence[Line]
    more: int
    """Lines that are not shown."""
    years: Sequence[int]
    said: Sequence[Said]
    changed: str
    quote: Quote | None
    approval: Sequence[str] = ()
    """Which thresholds it passes."""
    figures: Figures | None = None
    """What is left of it, for those who see margins; None where nothing is known."""

    @property
    def is_open(self) -> bool:
        """Whether it can still be opened, left out or priced again."""
        return self.row.state not in (QuoteRunRow.State.ISSUED, QuoteRunRow.State.WAITING)


@dataclass(frozen=True)
class ToRead:
    """A warning that is to be ticked for all rows that have it."""

    code: str
    name: str
    count: int


def lay_out(rows: Iterable[QuoteRunRow], *, user: User) -> list[Row]:
    """The rows of a page, for the user. Two queries, however many there are; one more for those who see margins, where
    some were issued.
    """
    listed = list(rows)
    asked = {row.pk: from_json(row.asked) for row in listed if row.asked is not None}
    products = products_by_code({code for one in asked.values() for code in product_codes(one)})
    keys = [row.key for row in listed if row.state == QuoteRunRow.State.ISSUED]
    quotes = {one.key: one for one in Quote.objects.only("key", "number").filter(key__in=keys)} if keys else {}
    shown = [_row(row, asked.get(row.pk), products, quotes.get(row.key), user) for row in listed]
    if not user.sees_margins:
        return shown
    kept = stages_by_quote(user, [*quotes.values()])
    return [replace(one, figures=_figures(one, kept)) for one in shown]


def _figures(one: Row, kept: Mapping[int, Mapping[str, Figures]]) -> Figures | None:
    """Of what was issued as it was kept then, of all else with the costs of the day when it was priced."""
    if one.quote:
        return kept.get(one.quote.pk, {}).get(QuoteMargin.Stage.QUOTED)
    row = one.row
    if row.subtotal is None or row.state == QuoteRunRow.State.ISSUED:
        return None
    return Figures(row.subtotal, row.covered or 0, row.cost or 0, row.uncovered_lines or 0)


def _row(row: QuoteRunRow, asked: Asked | None, products: dict[str, Product], quote: Quote | None, user: User) -> Row:
    lines = _lines(asked, products) if asked else []
    codes = row.license_codes.split(CODES_BETWEEN)
    read = {(one["license_id"], one["code"], one["mark"]) for one in row.read}
    language = reader_language()
    return Row(
        row=row,
        codes=codes,
        lines=lines[:WHAT_SHOWN],
        more=max(0, len(lines) - WHAT_SHOWN),
        years=sorted({part.years for part in asked.parts}) if asked else [],
        said=[_said(one, language, read, is_several=len(codes) > 1) for one in row.problems],
        changed=str(row.changed.get(language, "")),
        quote=quote,
        approval=[say_passed(one, with_margins=user.sees_margins) for one in row.approval.get("passed", ())],
    )


def _lines(asked: Asked, products: dict[str, Product]) -> list[Line]:
    counted: dict[tuple[str, bool], int] = {}
    for part in asked.parts:
        for held in part.holdings:
            if held.renewal_quantity is not None:
                counted[held.product, False] = counted.get((held.product, False), 0) + held.renewal_quantity
        for added in part.additions:
            counted[added.product, True] = counted.get((added.product, True), 0) + added.quantity
    return [
        Line(name_of(products[code]) if code in products else code, quantity, is_addition)
        for (code, is_addition), quantity in counted.items()
    ] + [Line(line.description, line.quantity, False) for line in asked.free_lines]


def _said(told: dict[str, Any], language: str, read: set[tuple[str, str, str]], *, is_several: bool) -> Said:
    return Said(
        text=told[language],
        helps=told[f"do_{language}"],
        is_refusal=told["is_refusal"],
        is_read=(told["license_id"], told["code"], told["mark"]) in read,
        license_id=told["license_id"] if is_several else "",
        quote=told["number"],
        quote_key=told["key"],
    )


def to_read(sums: Sums) -> list[ToRead]:
    """What is to be ticked, the most frequent first."""
    return sorted(
        (ToRead(code, str(NAMES.get(code, code)), count) for code, count in sums.unread.items()),
        key=lambda one: -one.count,
    )
