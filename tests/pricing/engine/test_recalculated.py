"""Whoever checks a calculation with a pen gets its results: each step from the figures of its own sentence, and those
are the results of the steps before it. Nothing is asked of the engine but its words.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing.engine.quote import PartSteps, QuotePricing, explain_quote, price_quote
from pricing.engine.step import Step
from pricing.engine.values import FreeLine, OfferedPrice
from tests.examples import MANY_TIMES, examples

from .strategies import markets, requests

pytestmark = [pytest.mark.soak, pytest.mark.timeout(120 * MANY_TIMES)]

NUMBER = re.compile(r"(?<![\w.,/-])¥?(\d[\d,]*(?:\.\d+)?)(?![\d/])")
NAMES = re.compile(r"\bP\d\b|「[^」]*」|ランク\w+|2年目以降|\d{4}/\d\d/\d\d")
OF_LINE: Mapping[str, Callable[..., Fraction | int]] = {
    "renewal-amount": lambda price, quantity, years: price * quantity * years,
    "addition-amount-one-year": lambda quantity, price: quantity * price,
    "addition-amount": lambda quantity, price, further, years: quantity * (price + further * years),
    "discount": lambda _years, amount, percent: floor(amount * (100 - percent) / 100),
    "offered-percent": lambda amount, percent: floor(amount * (100 - percent) / 100),
}
"""What comes out, of the figures in their order."""
TAXES: Mapping[str, Callable[[Fraction], int]] = {
    "tax-down": floor,
    "tax-up": ceil,
    "tax-half_up": lambda exact: floor(exact + Fraction(1, 2)),
}
OFFERS = st.none() | st.builds(lambda percent: OfferedPrice(percent=percent), st.decimals(0, 100, places=2))


def figures(text: str) -> list[Fraction]:
    """The figures of a sentence, without those of names, ranks and days."""
    return [Fraction(one.replace(",", "")) for one in NUMBER.findall(NAMES.sub(" ", text))]


def result(step: Step) -> int:
    return int(re.sub(r"[¥,▲]", "", step.result))


@examples(40)
@given(st.data())
def test_each_step_is_what_its_figures_make(data: st.DataObject) -> None:
    market = data.draw(markets(tidy=True, most=99_999))
    asked = [data.draw(requests(market, valid=True, license_id=name)) for name in ("L1", "L2")]
    keyed = [
        replace(
            one,
            tax_rounding=asked[0].tax_rounding,
            holdings=tuple(
                replace(
                    row,
                    holding=replace(row.holding, key=f"{one.license_id} {row.holding.key}"),
                    offered=data.draw(OFFERS),
                )
                for row in one.holdings
            ),
            additions=tuple(replace(row, key=f"{one.license_id} {row.key}") for row in one.additions),
        )
        for one in asked[: data.draw(st.integers(1, 2))]
    ]
    free_lines = [FreeLine("0", "「作業」", 3, 1_111, "reduced")] if data.draw(st.booleans()) else []
    whole = price_quote(keyed, market.prices, free_lines=free_lines)
    assume(not whole.is_refused)
    reduction = data.draw(st.integers(0, whole.subtotal))
    pricing = price_quote(keyed, market.prices, free_lines=free_lines, reduction=reduction)
    check(pricing, explain_quote(pricing), reduction)


def check(pricing: QuotePricing, told: Sequence[PartSteps], reduction: int) -> None:
    subtotals: dict[str, int] = {}
    running = 0
    for _license_id, steps in told:
        of_lines: dict[str, list[Step]] = defaultdict(list)
        for step in steps:
            of_lines[step.line or ""].append(step)
        totals = of_lines.pop("", [])
        amounts = [check_line(one) for one in of_lines.values()]
        for step in totals:
            if step.step in ("subtotal", "part-subtotal"):
                running = result(step)
                assert running == sum(amounts)
                subtotals[str(pricing.parts[len(subtotals)].request.license_id)] = running
    check_totals([step for step in told[-1].steps if step.line is None], subtotals, running, reduction)
    assert result(told[-1].steps[-1]) == pricing.total


def check_line(steps: Sequence[Step]) -> int:
    """What the line comes to. A sentence names no price, quantity or amount that no step before it has found."""
    found: set[int] = set()
    amount = 0
    for step in steps:
        said = figures(step.text("ja"))
        if step.step in OF_LINE:
            assert OF_LINE[step.step](*said) == result(step), (step.text("ja"), step.result)
            if step.step in ("discount", "offered-percent"):
                assert amount in said
            else:
                assert len(found & {int(one) for one in said}) >= len({*said[:2]}), step.text("ja")
            amount = result(step)
        elif step.step.startswith("rank-quantity") and said:
            assert sum(said) == result(step), step.text("ja")
        elif step.step == "minimum":
            assert said[0] <= said[1]
        elif step.step in ("rank-own", "rank-alone", "rank-largest"):
            assert said[0] >= said[1], step.text("ja")
        if re.fullmatch(r"¥?[\d,]+", step.result):
            found.add(result(step))
    return amount


def check_totals(steps: Sequence[Step], subtotals: Mapping[str, int], running: int, reduction: int) -> None:
    """From the subtotals of the license IDs to what is paid."""
    free, taxed, tax = 0, 0, 0
    before, taken = 0, 0
    for step in steps:
        said, name = figures(step.text("ja")), step.step
        if name == "parts":
            assert result(step) == subtotals[step.text("ja").partition("（")[0]]
        elif name == "subtotal-of-parts":
            running = result(step)
            assert (running, said) == (sum(subtotals.values()), [len(subtotals)])
        elif name == "free-line":
            assert said[0] * said[1] == result(step)
            free += result(step)
        elif name == "with-free-lines":
            assert result(step) == running + free
            running = result(step)
        elif name == "reduction":
            before, taken = before + int(said[1]), taken + result(step)
            assert 0 <= result(step) <= said[1]
        elif name == "after-reduction":
            assert (before, taken, result(step)) == (running, reduction, running - reduction)
            running = result(step)
        elif name in TAXES:
            assert TAXES[name](said[0] * said[1] / 100) == result(step), (step.text("ja"), step.result)
            taxed, tax = taxed + int(said[0]), tax + result(step)
        elif name == "total":
            assert (taxed, result(step)) == (running, running + tax)
