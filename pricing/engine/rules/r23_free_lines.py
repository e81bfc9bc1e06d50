"""R23: lines of the reseller's own beside the licenses: summed and taxed with them, never counted for a rank."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ..decision import decision
from ..problems import Problem, refusal
from ..step import StepKind
from ..values import FreeLine, Yen
from ..wording import Rule, both

R23 = Rule("R23", both("Free lines", "自由明細"))

FREE_QUANTITY = refusal(
    R23,
    "free-line-quantity",
    en="“{description}” stands with a quantity of {quantity:,}. A free line has 1 or more.",
    ja="「{description}」の数量が {quantity:,} です。自由明細の数量は1以上です。",
)
FREE_PRICE = refusal(
    R23,
    "free-line-price",
    en="“{description}” stands with a unit price of {price:yen}. A free line costs ¥0 or more.",
    ja="「{description}」の単価が {price:yen} です。自由明細の単価は0円以上です。",
)
FREE_TAX = refusal(
    R23,
    "free-line-tax",
    en="No tax rate is in force on {on:day} for “{description}” (tax category {category}).",
    ja="{on:day} に有効な「{description}」の税率がありません（税区分 {category}）。",
)

FREE_LINE = StepKind(
    R23,
    "free-line",
    both(
        "{description}: {price:yen} × {quantity:,}, taxed at {percent:percent} %, in no rank",
        "{description}：{price:yen} × {quantity:,}（税率{percent:percent}％、価格ランクには含めない）",
    ),
    result="{amount:yen}",
)
WITH_FREE_LINES = StepKind(
    R23,
    "with-free-lines",
    both("Sum of licenses and free lines, tax excluded", "ライセンスと自由明細の合計（税抜）"),
    result="{lines_subtotal:yen}",
)


@decision
class PricedFreeLine:
    """A line of the reseller's own with its tax rate; yen, tax excluded."""

    line: FreeLine
    percent: Decimal
    """The tax rate."""

    @property
    def description(self) -> str:
        return self.line.description

    @property
    def quantity(self) -> int:
        return self.line.quantity

    @property
    def price(self) -> Yen:
        """Of one."""
        return self.line.price

    @property
    def amount(self) -> Yen:
        return self.line.quantity * self.line.price


def check_free_lines(lines: Sequence[FreeLine], *, rates: Mapping[str, Decimal], on: date) -> list[Problem]:
    """What is wrong with them; less than nothing is given away as a 値引き (R20), not as a line."""
    problems = []
    for line in lines:
        place, named = (f"free:{line.key}",), {"description": line.description}
        if line.quantity < 1:
            problems.append(Problem(FREE_QUANTITY, place, {**named, "quantity": line.quantity}))
        if line.price < 0:
            problems.append(Problem(FREE_PRICE, place, {**named, "price": line.price}))
        if line.tax_category not in rates:
            problems.append(Problem(FREE_TAX, place, {**named, "category": line.tax_category, "on": on}))
    return problems


def price_free_lines(lines: Sequence[FreeLine], *, rates: Mapping[str, Decimal]) -> tuple[PricedFreeLine, ...]:
    """Each with the rate of its tax category; none of `check_free_lines` is wrong with them."""
    return tuple(PricedFreeLine(line, rates[line.tax_category]) for line in lines)
