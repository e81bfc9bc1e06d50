"""The linter beside other lists: everything that differs from the list it is based on, and what others take back."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.engine.lint import Finding, Neighbours, lint
from pricing.engine.values import PriceTable, PriceTables
from pricing.wording import what_was_found
from tests.pricing.saying import said

from .lint_tables import A, B, found, product_of, rank, table_of
from .sample_tables import sample_products, sample_tables

ON, LATER, EARLIER = date(2026, 12, 1), date(2027, 2, 1), date(2026, 11, 1)
MARKED = [product_of(discountable=True)]
EIGHT = {2: "3", 3: "8", 4: "10", 5: "12", 6: "12"}


def beside(new: PriceTable, old: PriceTable, **options: object) -> list[Finding]:
    """What is to be ticked of the one beside the other."""
    return found(new, compared=[old], with_information=False, **options)  # type: ignore[arg-type]


def tables(name: str, *own: PriceTable) -> PriceTables:
    return PriceTables(name, {table.product_code: table for table in own}, {"standard": Decimal(10)})


def around(
    *,
    before: tuple[PriceTable, ...] | None = (),
    following: tuple[PriceTable, ...] | None = None,
    is_newer: bool = False,
) -> Neighbours:
    return Neighbours(
        on=ON,
        before=None if before is None else tables("November", *before),
        before_on=EARLIER,
        is_newer=is_newer,
        following=None if following is None else tables("February", *following),
        following_on=LATER,
    )


def undone(*new: PriceTable, before: tuple[PriceTable, ...] | None, following: tuple[PriceTable, ...]) -> list[Finding]:
    """What the following list takes back."""
    findings = found(*new, around=around(before=before, following=following), with_information=False)
    return [finding for finding in findings if finding.code.startswith("following")]


def lost(*new: PriceTable, base: tuple[PriceTable, ...], between: tuple[PriceTable, ...]) -> list[Finding]:
    """What the list takes back of the one in between."""
    findings = found(*new, compared=base, around=around(before=between, is_newer=True), with_information=False)
    return [finding for finding in findings if finding.code.startswith("between")]


RISEN = table_of(rank("A", 5, 1100, 2000), B)
CHANGES = {
    # name: (findings, their code and place)
    "a change of just the limit": (beside(table_of(rank("A", 5, 1200, 1600)), table_of(A)), []),
    "a change above the limit": (beside(table_of(rank("A", 5, 1201, 2000)), table_of(A)), [("price-changed", ("A",))]),
    "a change below the limit": (beside(table_of(rank("A", 5, 1000, 1599)), table_of(A)), [("price-changed", ("A",))]),
    "a change within the limit is summed up": (
        found(table_of(rank("A", 5, 1100, 1900)), compared=[table_of(A)]),
        [("prices-differ", ())],
    ),
    "a rank that is gone": (
        beside(table_of(rank("A", 5, 1300, 1)), table_of(rank("A", 5, 1300, 1), rank("B", 50, 1000, 1))),
        [("price-changed", ("A",)), ("rank-gone", ("B",))],
    ),
    "a rank that begins later": (
        beside(
            table_of(rank("A", 5, 1300, 2), rank("B", 500, 1000, 1)),
            table_of(rank("A", 5, 1300, 2), rank("B", 50, 1000, 1)),
        ),
        [("price-changed", ("A",)), ("rank-moved", ("B",))],
    ),
    "a rank that is new": (beside(table_of(), table_of(A)), [("rank-added", ("B",))]),
    "a minimum that falls": (beside(table_of(minimum=5), table_of(minimum=50)), [("minimum-changed", ())]),
    "every discount as a fraction": (
        beside(
            table_of(discounts={2: "0.03", 3: "0.08", 4: "0.1", 5: "0.12", 6: "0.12"}),
            table_of(discounts=EIGHT),
            products=MARKED,
        ),
        [("discount-changed", ()), ("discount-tiny", ())],
    ),
    "a first list with discounts as fractions": (
        found(table_of(discounts=dict.fromkeys(range(2, 7), "0.5")), products=MARKED),
        [("discount-tiny", ())],
    ),
    "every discount gone": (
        beside(table_of(), table_of(discounts=EIGHT), products=MARKED),
        [("discount-lost", ())],
    ),
    "one discount gone, one new": (
        beside(table_of(discounts={2: "3", 4: "8"}), table_of(discounts={2: "3", 3: "8"}), products=MARKED),
        [("discount-lost", ()), ("discount-added", ())],
    ),
    "an addition price that never was": (
        beside(table_of(A, B), table_of(A, rank("B", 50, 990, None))),
        [("addition-price-added", ("B",))],
    ),
    "an addition price that was 0": (
        beside(table_of(A), table_of(rank("A", 5, 1000, 0))),
        [("addition-price-added", ("A",))],
    ),
    "a product that is gone": (
        found(table_of(), compared=[table_of(), table_of(code="P2")]),
        [("product-gone", ())],
    ),
    "a product that is new": (
        found(table_of(), table_of(code="P2"), compared=[table_of()]),
        [("product-added", ())],
    ),
    "a product that is registered otherwise": (
        found(
            table_of(),
            compared=[table_of()],
            around=Neighbours(on=ON, product_changes={"P1": {"en": "unit 本 → 台", "ja": "単位 本 → 台"}}),
        ),
        [("product-changed", ())],
    ),
    "no tax rate": (
        found(table_of(), tax_rates={}, around=Neighbours(on=ON)),
        [("tax-rate-missing", ())],
    ),
    "a price that goes back": (
        undone(RISEN, before=(table_of(),), following=(table_of(),)),
        [("following-goes-back", ("A",))],
    ),
    "a price that goes back in part": (
        undone(RISEN, before=(table_of(),), following=(table_of(rank("A", 5, 1050, 2000), B),)),
        [("following-goes-back", ("A",))],
    ),
    "a price that goes on rising": (
        undone(RISEN, before=(table_of(),), following=(table_of(rank("A", 5, 1150, 2000), B),)),
        [],
    ),
    "a price that another list changes": (
        undone(table_of(), before=(table_of(),), following=(RISEN,)),
        [],
    ),
    "a product that is gone again": (
        undone(table_of(), table_of(code="P2"), before=(table_of(),), following=(table_of(),)),
        [("following-product-gone", ())],
    ),
    "a first list beside a later one": (
        undone(RISEN, table_of(code="P2"), before=None, following=(table_of(),)),
        [("following-product-gone", ())],
    ),
    "a product that comes back": (
        undone(table_of(), before=(table_of(), table_of(code="P2")), following=(table_of(), table_of(code="P2"))),
        [("following-goes-back", ())],
    ),
    "a rank, a minimum and a discount that go again": (
        undone(
            table_of(minimum=7, discounts={2: "3"}), before=(table_of(A),), following=(table_of(A),)
        ),
        [("following-goes-back", ("B",))],
    ),
    "a change that the list in between made": (
        lost(table_of(), base=(table_of(),), between=(RISEN,)),
        [("between-goes-back", ("A",))],
    ),
    "a change that both made": (lost(RISEN, base=(table_of(),), between=(RISEN,)), []),
    "a product of the list in between": (
        lost(table_of(), base=(table_of(),), between=(table_of(), table_of(code="P2"))),
        [("between-product-gone", ())],
    ),
    "a product that the list in between took out": (
        lost(table_of(), table_of(code="P2"), base=(table_of(), table_of(code="P2")), between=(table_of(),)),
        [("between-goes-back", ())],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("findings", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_is_found(findings: list[Finding], expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(finding.code, finding.ranks) for finding in findings] == expected


def test_the_figures_of_a_change() -> None:
    new = table_of(rank("A", 5, 1201, 3000), rank("B", 50, 990, 1980))
    [finding] = beside(new, table_of())
    assert said(what_was_found, finding, "en") == (
        "P1: 2 price(s) change by more than 20 %, most of all the addition price at rank A: ¥2,000 → ¥3,000 (+50.0 %)."
    )
    assert said(what_was_found, finding, "ja") == (
        "P1：20％を超えて変わる単価が2件あります。最大はランクAの追加単価 ¥2,000 → ¥3,000（+50.0％）です。"
    )


def test_the_figures_of_what_goes_back() -> None:
    [finding] = CHANGES["a rank, a minimum and a discount that go again"][0]
    assert said(what_was_found, finding, "en") == (
        "P1: 5 change(s) of this list are undone on 2027-02-01 by February, which is published already: minimum at "
        "renewal 7 → 5, first quantity of rank B 50 → none, renewal price at rank B ¥990 → none, addition price at "
        "rank B ¥1,980 → none and 1 more."
    )
    assert said(what_was_found, finding, "ja").endswith("ランクBの追加単価 ¥1,980 → なし、ほか1件）。")


def test_the_figures_of_discounts() -> None:
    changed, tiny = CHANGES["every discount as a fraction"][0]
    assert said(what_was_found, changed, "ja").startswith(
        "P1：複数年割引が変わります（2年の割引 3％ → 0.03％、3年の割引 8％ → 0.08％、"
    )
    assert said(what_was_found, tiny, "en").startswith(
        "P1 has a multi-year discount below 1 %: 0.03 % for 2 years, 0.08 % for 3 years,"
    )


def test_a_price_of_every_kind_is_compared() -> None:
    """Whatever single value of a table differs, somebody is told."""
    base = table_of(discounts=EIGHT)
    others = [
        table_of(minimum=6, discounts=EIGHT),
        table_of(rank("A", 6, 1000, 2000), B, discounts=EIGHT),
        table_of(rank("A", 5, 1001, 2000), B, discounts=EIGHT),
        table_of(rank("A", 5, 1000, 2001), B, discounts=EIGHT),
        table_of(rank("A", 5, 1000, None), B, discounts=EIGHT),
        table_of(rank("X", 5, 1000, 2000), B, discounts=EIGHT),
        *(table_of(discounts=EIGHT | {years: "8.01"}) for years in EIGHT),
        *(table_of(discounts={one: text for one, text in EIGHT.items() if one != years}) for years in EIGHT),
    ]
    quiet = {(one.code, one.ranks) for one in found(base, compared=[base], products=MARKED)}
    for other in others:
        told = {(one.code, one.ranks) for one in found(other, compared=[base], products=MARKED)}
        assert told - quiet, other


def test_what_the_compared_list_has_too_is_not_new() -> None:
    """A paradox that moves by a license or two with the prices is the same one."""
    dear = table_of(A, rank("B", 50, 500), rank("C", 100, 400))
    findings = found(dear, compared=[table_of(A, rank("B", 50, 510))], with_paradoxes=True)
    paradoxes = [(one.ranks, one.is_new) for one in findings if one.code == "paradox"]
    assert paradoxes == [(("B", "C"), True), (("A", "B"), False)]


def test_the_sample_beside_itself_and_after_itself_has_nothing_new() -> None:
    prices = sample_tables()
    findings = lint(
        prices=prices,
        compared=prices,
        products=sample_products(),
        held=sample_products(),
        change_percent=Decimal(20),
        around=Neighbours(ON, prices, EARLIER, True, prices, LATER),
    )
    assert [finding.code for finding in findings if finding.is_new] == []
