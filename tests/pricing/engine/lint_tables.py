"""Small price tables, and what the linter finds in them."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from pricing.engine.lint import Finding, Neighbours, Severity, lint
from pricing.engine.values import EndOfSale, PriceRank, PriceTable, PriceTables, Product, Programme, RankBasis

SHARING = Programme("SHARING", "共通", RankBasis.LARGEST_PRODUCT, name_en="Shared")
SINGLE = Programme("SINGLE", "単独", RankBasis.OWN_QUANTITY)
A, B, C = PriceRank("A", 5, 1000, 2000), PriceRank("B", 50, 990, 1980), PriceRank("C", 100, 985, 1970)


def product_of(code: str = "P1", *, trsl: bool = False, discountable: bool = False) -> Product:
    return Product(code, code, SHARING if trsl else SINGLE, discountable)


def table_of(
    *ranks: PriceRank, code: str = "P1", minimum: int = 5, discounts: Mapping[int, str] | None = None
) -> PriceTable:
    percents = {years: Decimal(text) for years, text in (discounts or {}).items()}
    return PriceTable(code, minimum, ranks or (A, B), percents)


def found(
    *tables: PriceTable,
    compared: Collection[PriceTable] | None = None,
    products: Collection[Product] = (),
    held: Collection[str] = (),
    with_paradoxes: bool = False,
    with_information: bool = True,
    around: Neighbours | None = None,
    tax_rates: Mapping[str, Decimal] | None = None,
    ended: Mapping[str, EndOfSale] | None = None,
) -> list[Finding]:
    known = {table.product_code: product_of(table.product_code) for table in (*tables, *(compared or ()))}
    known |= {product.code: product for product in products}
    before = None if compared is None else PriceTables("old", {table.product_code: table for table in compared}, {})
    rates = {"standard": Decimal(10)} if tax_rates is None else tax_rates
    findings = lint(
        prices=PriceTables("new", {table.product_code: table for table in tables}, rates, ended or {}),
        compared=before,
        products=known,
        held=held,
        change_percent=Decimal(20),
        around=around,
    )
    findings = tuple(one for one in findings if with_information or one.severity is not Severity.INFORMATION)
    return [finding for finding in findings if with_paradoxes or finding.code != "paradox"]


def rank(code: str, start: int, renewal: int, addition: int | None = 1) -> PriceRank:
    return PriceRank(code, start, renewal, addition)
