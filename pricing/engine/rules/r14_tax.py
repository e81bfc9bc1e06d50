"""R14: consumption tax, once for each rate on the sum."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ..decision import decision
from ..problems import Problem, refusal
from ..step import StepKind
from ..values import PriceTables, TaxRounding, Yen
from ..wording import Rule, both
from ..yen import percent_of
from .r03_quoted import Quoted

R14 = Rule("R14", both("Tax", "消費税"))

NO_TAX_RATE = refusal(
    R14,
    "no-tax-rate",
    en="No tax rate is in force on {on:day} for {product} (tax category {category}).",
    ja="{on:day} に有効な {product} の税率がありません（税区分 {category}）。",
)

TAX: Mapping[TaxRounding, StepKind] = {
    TaxRounding.DOWN: StepKind(
        R14,
        "tax-down",
        both(
            "Tax {percent:percent} % on {subtotal:yen}, rounded down",
            "{subtotal:yen} に対する消費税 {percent:percent}％（円未満切捨て）",
        ),
        result="{tax:yen}",
    ),
    TaxRounding.HALF_UP: StepKind(
        R14,
        "tax-half_up",
        both(
            "Tax {percent:percent} % on {subtotal:yen}, rounded half up",
            "{subtotal:yen} に対する消費税 {percent:percent}％（円未満四捨五入）",
        ),
        result="{tax:yen}",
    ),
    TaxRounding.UP: StepKind(
        R14,
        "tax-up",
        both(
            "Tax {percent:percent} % on {subtotal:yen}, rounded up",
            "{subtotal:yen} に対する消費税 {percent:percent}％（円未満切上げ）",
        ),
        result="{tax:yen}",
    ),
}
TOTAL = StepKind(R14, "total", both("Total with tax", "合計（税込）"), result="{total:yen}")


@decision
class TaxTotal:
    """The sum of the lines under one tax rate, and the tax on it."""

    percent: Decimal
    subtotal: Yen
    tax: Yen


def check_tax_rates(quoted: Quoted, price_tables: PriceTables) -> list[Problem]:
    """Every quoted product needs a tax rate on the quote's date."""
    problems = []
    for product in quoted.products.values():
        if product.tax_category not in price_tables.tax_rates:
            facts = {"product": product, "category": product.tax_category, "on": quoted.request.on}
            problems.append(Problem(NO_TAX_RATE, quoted.places_of(product), facts))
    return problems


def total_taxes(
    amounts: Iterable[tuple[str, Yen]], *, rates: Mapping[str, Decimal], rounding: TaxRounding
) -> tuple[TaxTotal, ...]:
    """Once per tax rate, on the sum of `amounts` (each with its tax category); the higher rate first."""
    by_category: dict[str, Yen] = {}
    for category, amount in amounts:
        by_category[category] = by_category.get(category, 0) + amount
    by_rate: dict[Decimal, Yen] = {}
    for category, subtotal in by_category.items():
        rate = rates[category]
        by_rate[rate] = by_rate.get(rate, 0) + subtotal
    return tuple([tax_on(by_rate[rate], rate, rounding) for rate in sorted(by_rate, reverse=True)])


def tax_on(subtotal: Yen, percent: Decimal, rounding: TaxRounding) -> TaxTotal:
    """The tax on the sum of all lines of one rate."""
    return TaxTotal(percent, subtotal, percent_of(subtotal, percent, rounding))
