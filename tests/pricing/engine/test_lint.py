"""The linter: every code, what it is found at, what it leaves alone, and its words in both languages."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given

from pricing.engine.lint import SEVERITIES, Finding, Severity, lint, say_years
from pricing.engine.renewal import price_renewal
from pricing.engine.values import (
    EndOfSale,
    Holding,
    HoldingChoice,
    PriceTable,
    PriceTables,
    Product,
    RenewalRequest,
)
from pricing.engine.wording import Language
from pricing.wording import title_of, what_to_do_about, what_was_found
from pricing.wording.findings import TITLES, WORDS_OF_FINDINGS
from tests.examples import MANY_TIMES, examples
from tests.pricing.saying import said

from .lint_tables import SHARING, A, B, C, found, product_of, rank, table_of
from .sample_tables import ROOT, sample_products, sample_tables
from .strategies import CATEGORIES, ON, markets
from .test_lint_changes import CHANGES

ENDS: dict[Language, str] = {"ja": "。", "en": "."}


TRSL = [product_of("P1", trsl=True), product_of("P2", trsl=True)]
MARKED = [product_of(discountable=True)]

CASES = {
    # name: (findings, their code and place)
    "nothing to say": (found(table_of()), []),
    "no tables": (found(), [("no-tables", "", ())]),
    "no ranks": (found(PriceTable("P1", 5, ())), [("no-ranks", "P1", ())]),
    "minimum below the first rank": (found(table_of(minimum=4)), [("minimum-below-first-rank", "P1", ("A",))]),
    "no renewal price": (
        found(table_of(A, rank("B", 50, 0, 1980))),
        [("renewal-price-missing", "P1", ("B",))],
    ),
    "held, but not in the list": (
        found(table_of(), held=["P1", "P9"]),
        [("held-product-missing", "P9", ())],
    ),
    "ended, and with prices all the same": (
        found(table_of(), ended={"P1": EndOfSale(date(2027, 4, 1))}),
        [("ended-has-prices", "P1", ())],
    ),
    "a successor without prices": (
        found(table_of(), ended={"P9": EndOfSale(date(2027, 4, 1), product_of("P2"))}, held=["P9"]),
        [("successor-without-prices", "P9", ())],
    ),
    "newly ended": (
        found(table_of(), compared=[table_of(), table_of(code="P2")], ended={"P2": EndOfSale(date(2027, 4, 1))}),
        [("product-ended", "P2", ())],
    ),
    "newly ended, and held": (
        found(
            table_of(),
            compared=[table_of(), table_of(code="P2")],
            ended={"P2": EndOfSale(date(2027, 4, 1), product_of())},
            held=["P2"],
        ),
        [("product-ended", "P2", ())],
    ),
    "a discount that is not allowed": (found(table_of(discounts={2: "3"})), [("discount-not-allowed", "P1", ())]),
    "the renewal price rises": (
        found(table_of(A, rank("B", 50, 1001, 1990))),
        [("price-rises", "P1", ("A", "B"))],
    ),
    "the addition price rises": (
        found(table_of(A, rank("B", 50, 990, 2001))),
        [("price-rises", "P1", ("A", "B"))],
    ),
    "equal ranks": (
        found(table_of(A, rank("B", 50, 1000, 2000))),
        [("ranks-equal", "P1", ("A", "B")), ("ranks-equal", "P1", ("A", "B"))],
    ),
    "a discount that falls": (
        found(table_of(discounts={2: "3", 3: "8", 4: "7.5", 5: "8", 6: "8"}), products=MARKED),
        [("discount-falls", "P1", ())],
    ),
    "a discount that ends": (
        found(table_of(discounts={3: "8"}), products=MARKED),
        [("discount-ends", "P1", ())],
    ),
    "an addition price that is gone": (
        found(table_of(A, rank("B", 50, 990, None)), compared=[table_of()]),
        [("addition-price-lost", "P1", ("B",))],
    ),
    "an addition price that never was": (
        found(table_of(A, rank("B", 50, 990, None)), compared=[table_of(A, rank("B", 50, 990, None))]),
        [("addition-price-partly", "P1", ("B",))],
    ),
    "a product that is never added": (found(table_of(rank("A", 5, 10, None), rank("B", 50, 9, None))), []),
    "an addition price of 0": (
        found(table_of(A, rank("B", 50, 990, 0))),
        [("addition-price-zero", "P1", ("B",))],
    ),
    "a TRSL product without a rank of another": (
        found(table_of(A, B, C), table_of(A, B, code="P2"), products=TRSL),
        [("shared-rank-missing", "P2", ("C",))],
    ),
    "ranks of other programmes are their own": (found(table_of(A, B, C), table_of(A, B, code="P2")), []),
    "a TRSL rank that its minimum keeps away": (
        found(table_of(A, B), table_of(B, code="P2", minimum=50), products=TRSL),
        [],
    ),
    "a TRSL rank whose band just reaches the minimum": (
        found(table_of(A, B), table_of(B, code="P2", minimum=48), products=TRSL),
        [("minimum-below-first-rank", "P2", ("B",)), ("shared-rank-missing", "P2", ("A",))],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("findings", "expected"), CASES.values(), ids=CASES)
def test_what_is_found(findings: list[Finding], expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    told = [(finding.code, finding.product_code, finding.ranks) for finding in findings]
    assert told == expected


PARADOXES = [one for one in found(table_of(A, rank("B", 50, 500)), with_paradoxes=True) if one.code == "paradox"]
PARADOXES_OF_ONE = [one for one in found(table_of(A, rank("B", 50, 979)), with_paradoxes=True) if one.code == "paradox"]
FINDINGS = (
    [finding for findings, _ in (*CASES.values(), *CHANGES.values()) for finding in findings]
    + PARADOXES
    + PARADOXES_OF_ONE
)


def test_the_codes_are_the_stable_ones() -> None:
    """Records of published lists rely on them: a code may be added, never changed."""
    by_severity = {severity: {code for code in SEVERITIES if SEVERITIES[code] is severity} for severity in Severity}
    assert by_severity == {
        Severity.BLOCKS: {
            "no-tables", "no-ranks", "minimum-below-first-rank", "renewal-price-missing", "shared-rank-missing",
            "held-product-missing", "discount-not-allowed", "tax-rate-missing", "ended-has-prices",
            "successor-without-prices",
        },
        Severity.TICK: {
            "following-product-gone", "following-goes-back", "between-product-gone", "between-goes-back",
            "product-gone", "product-changed", "price-rises", "price-changed", "ranks-equal", "rank-gone", "rank-added",
            "rank-moved", "minimum-changed", "discount-lost", "discount-changed", "discount-added", "discount-tiny",
            "discount-falls", "addition-price-lost", "addition-price-added", "addition-price-zero", "product-ended",
        },
        Severity.INFORMATION: {
            "prices-differ", "product-added", "addition-price-partly", "discount-ends", "paradox",
        },
    }  # fmt: skip


def test_the_page_lists_the_codes() -> None:
    page = (ROOT / "docs" / "price-list-checks.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \| (\w+) \| \w.*\. \|$", page, re.MULTILINE) == [
        (code, severity.value) for code, severity in SEVERITIES.items()
    ]


def test_every_code_and_every_kind_of_words_is_shown() -> None:
    assert {finding.code for finding in FINDINGS} == set(SEVERITIES) == set(TITLES)
    assert {finding.words or finding.code for finding in FINDINGS} == set(WORDS_OF_FINDINGS)


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.words or finding.code)
def test_its_words(finding: Finding) -> None:
    for language, end in ENDS.items():
        sentences = said(what_was_found, finding, language), said(what_to_do_about, finding, language)
        for sentence in sentences:
            assert sentence.endswith(end)
            assert not re.search(r"[{}]|None|Decimal|\(\)", sentence), sentence
        assert sentences[0] != sentences[1]
        assert said(title_of, finding.code, language)


@pytest.mark.parametrize("name", WORDS_OF_FINDINGS)
def test_both_languages_mention_the_same_facts_in_the_same_form(name: str) -> None:
    for text in WORDS_OF_FINDINGS[name]:
        japanese, english = (
            {(fact, form) for _, fact, form, _ in Formatter().parse(said(str, text, language)) if fact is not None}
            for language in ENDS
        )
        assert japanese == english


def test_the_figures_of_a_paradox() -> None:
    [finding] = PARADOXES
    assert (finding.ranks, finding.years) == (("A", "B"), (1, 2, 3, 4, 5, 6))
    assert said(what_was_found, finding, "en") == (
        "P1, 1–6 year(s): 26 to 49 at rank A cost more than 50 at rank B. For 1: 26 cost ¥26,000, 50 cost ¥25,000."
    )


def test_a_paradox_that_moves_with_the_discount_is_told_for_each() -> None:
    table = table_of(rank("A", 1, 3), rank("B", 10, 2), minimum=1, discounts={2: "75"})
    paradoxes = [one for one in found(table, products=MARKED, with_paradoxes=True) if one.code == "paradox"]
    assert [(one.years, one.facts["first"], one.facts["years"]) for one in paradoxes] == [
        ((1, 3, 4, 5, 6), 7, 1),
        ((2,), 8, 2),
    ]


def test_the_gravest_first_then_by_product() -> None:
    tables = [table_of(rank("A", 5, 10), rank("B", 50, 11), code=code) for code in ("P3", "P1")]
    findings = found(*tables, table_of(minimum=1, code="P2"), compared=[table_of(code="P4")], held=["P9"])
    assert [(finding.code, finding.product_code) for finding in findings] == [
        ("minimum-below-first-rank", "P2"),
        ("held-product-missing", "P9"),
        ("product-gone", "P4"),
        ("price-rises", "P1"),
        ("price-rises", "P3"),
        ("ranks-equal", "P1"),
        ("ranks-equal", "P3"),
        ("product-added", "P1"),
        ("product-added", "P2"),
        ("product-added", "P3"),
    ]


def test_the_sample_list_has_paradoxes_and_nothing_else() -> None:
    findings = lint(
        prices=sample_tables(),
        compared=sample_tables(),
        products=sample_products(),
        held=sample_products(),
        change_percent=Decimal(20),
    )
    assert {finding.code for finding in findings} == {"paradox"}
    assert (len(findings), sum(finding.is_new for finding in findings)) == (63, 0)


@pytest.mark.parametrize(
    ("years", "said"), [((1,), "1"), ((1, 2, 3, 4, 5, 6), "1–6"), ((6, 2, 3), "2–3, 6"), ((2, 4, 6), "2, 4, 6")]
)
def test_years_in_a_sentence(years: tuple[int, ...], said: str) -> None:
    assert say_years(years) == said


def test_thousands_of_ranks_that_nobody_shares_are_told_once_per_product() -> None:
    """As where a column was taken for another: the page must still open."""
    products = {f"P{number:04}": product_of(f"P{number:04}", trsl=True) for number in range(2000)}
    tables = {code: table_of(rank(f"R{code}", 5, 100, 100), code=code) for code in products}
    findings = lint(
        prices=PriceTables("new", tables, {}), compared=None, products=products, held=(), change_percent=Decimal(20)
    )
    assert [finding.code for finding in findings] == ["shared-rank-missing"] * 2000
    assert {len(finding.ranks) for finding in findings} == {20}
    [begin, _rest] = said(what_was_found, findings[0], "en").split(" can decide ")
    assert begin == "P0000 has no rank RP0001, RP0002, RP0003, RP0004, RP0005, …, which P0001, P0002, P0003, …"


def refused_for_a_rank(prices: PriceTables, carrier: Product, other: Product, most: int) -> set[str]:
    """The ranks that renewals of the two are refused for, by trying every pair of quantities."""
    missing = set()
    expiry = ON + timedelta(days=30)
    for one in range(1, most + 1):
        for two in range(prices.tables[other.code].minimum_quantity, one + 1):
            choices = tuple(
                HoldingChoice(Holding(product.code, product, quantity, expiry), quantity)
                for product, quantity in ((carrier, one), (other, two))
            )
            for problem in price_renewal(RenewalRequest("L1", ON, 1, False, choices), prices).problems:
                if problem.code == "rank-missing" and problem.facts["product"] == other:
                    missing.add(str(problem.facts["rank"]))
    return missing


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
@examples(25)
@given(markets(same_bands=False, discounts=False, most=50))
def test_a_missing_shared_rank_is_what_a_renewal_would_be_refused_for(market) -> None:
    """Against every renewal of two TRSL products, with quantities up to beyond the last threshold."""
    sharing = [
        replace(product, programme=SHARING) for product in market.products if product.code in market.prices.tables
    ][:2]
    tables = {product.code: market.prices.tables[product.code] for product in sharing}
    prices = PriceTables("list", tables, dict.fromkeys(CATEGORIES, Decimal(10)))
    findings = lint(
        prices=prices,
        compared=None,
        products={product.code: product for product in sharing},
        held=(),
        change_percent=Decimal(20),
    )
    told = {(one.product_code, rank) for one in findings if one.code == "shared-rank-missing" for rank in one.ranks}
    tried = {
        (other.code, missing)
        for carrier in sharing
        for other in sharing
        if carrier != other and tables[other.code].ranks
        for missing in refused_for_a_rank(prices, carrier, other, 26)
    }
    assert told == tried
