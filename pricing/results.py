"""Two results of prices side by side, figure by figure, and in words."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .models import GoldenResult

REFUSALS = {
    "term-out-of-range": _("the number of years is not possible"),
    "quantity-negative": _("a quantity is below 0"),
    "renewal-exceeds-held": _("more is renewed than is held"),
    "nothing-to-quote": _("nothing is renewed and nothing is added"),
    "addition-repeated": _("a product is added twice"),
    "rank-missing": _("a product has no price at its programme’s rank"),
    "below-minimum": _("below the minimum at renewal"),
    "below-first-rank": _("below the first price rank"),
    "no-price-table": _("a product has no price table"),
    "product-discontinued": _("a product is not sold any more"),
    "no-addition-price": _("there is no addition price at the rank"),
    "too-late-to-renew": _("too late after the expiry to renew"),
    "no-tax-rate": _("no tax rate is in force"),
    "unknown-product": _("a product of the case is not there any more"),
}
KINDS = {"renewal": _("renewal"), "reduced_renewal": _("reduced renewal"), "addition": _("addition")}


@dataclass(frozen=True, slots=True)
class Cell:
    """Old and new of one figure."""

    expected: Any
    found: Any

    @property
    def differs(self) -> bool:
        return bool(self.expected != self.found)

    @property
    def change(self) -> str:
        """How much more the new figure is, in yen and percent; empty where nothing changed or one of them is none."""
        if not self._has_change:
            return ""
        more = f"{self.found - self.expected:+,}".replace("-", "\N{MINUS SIGN}")
        return f"{more} ({self.percent})" if self.expected else more

    @property
    def percent(self) -> str:
        """How much more the new figure is, in percent of the old one."""
        if not self._has_change or not self.expected:
            return ""
        return f"{(self.found - self.expected) / self.expected:+.1%}".replace("-", "\N{MINUS SIGN}")

    @property
    def _has_change(self) -> bool:
        return isinstance(self.expected, int) and isinstance(self.found, int) and self.differs


@dataclass(frozen=True, slots=True)
class Row:
    """One line, old and new side by side; of a line that only one of them has, the other's figures are None."""

    product: str
    kind: Any
    quantity: Cell
    rank: Cell
    price: Cell
    amount: Cell

    @property
    def differs(self) -> bool:
        return any(cell.differs for cell in (self.quantity, self.rank, self.price, self.amount))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results side by side."""

    rows: list[Row]
    totals: list[tuple[Any, Cell]]
    refusals: Cell
    """Lists of words; empty: it is priced."""


def compare_results(expected: GoldenResult, found: GoldenResult) -> Comparison:
    """Lines are matched by product and kind, the first with the first."""
    sides = [_numbered(result) for result in (expected, found)]
    keys = [*sides[0], *(key for key in sides[1] if key not in sides[0])]
    rows = []
    for key in keys:
        old, new = (side.get(key, {}) for side in sides)
        names = ("quantity", "rank", "price", "amount")
        cells = {name: Cell(old.get(name), new.get(name)) for name in names}
        rows.append(Row(key[0], KINDS.get(key[1], key[1]), **cells))
    totals = [
        (label, Cell(*(None if result["refusals"] else result[name] for result in (expected, found))))  # type: ignore[literal-required]
        for name, label in (("subtotal", _("subtotal")), ("tax", _("tax")), ("total", _("total")))
    ]
    return Comparison(rows, totals, Cell(say_refusals(expected), say_refusals(found)))


def _numbered(result: GoldenResult) -> dict[tuple[str, str, int], dict[str, Any]]:
    seen: Counter[tuple[str, str]] = Counter()
    numbered = {}
    for line in result["lines"]:
        key = (line["product"], line["kind"])
        seen[key] += 1
        numbered[(*key, seen[key])] = dict(line)
    return numbered


def say_refusals(result: GoldenResult) -> list[str]:
    return [str(REFUSALS.get(code, code)) for code in result["refusals"]]


def say_result(result: GoldenResult) -> str:
    """A result in one line: the total with tax and the ranks, or why it is refused."""
    if result["refusals"]:
        return str(format_lazy("{}: {}", _("refused"), " · ".join(say_refusals(result))))
    ranks = " · ".join(f"{line['product']} {line['rank']}" for line in result["lines"])
    return f"¥{result['total']:,} ({ranks})"
