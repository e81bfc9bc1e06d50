"""Reads `tests/scenarios/*.toml`, whose README tells how they are written, into requests for the engine."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pricing.engine.pricing import RenewalPricing
from pricing.engine.quote import QuotePricing, price_quote
from pricing.engine.renewal import price_renewal
from pricing.engine.values import (
    ANYBODY,
    MOST_YEARS,
    Addition,
    EndOfSale,
    FreeLine,
    Holding,
    HoldingChoice,
    OfferedPrice,
    PriceRank,
    PriceTable,
    PriceTables,
    Product,
    Programme,
    QuotedElsewhere,
    RankBasis,
    RenewalRequest,
    Segment,
    TaxRounding,
)

from .sample_tables import PRICE_LIST, PROGRAMMES, ROOT, TAX_RATES, sample_products, sample_tables

FOLDER = ROOT / "tests" / "scenarios"

GIVEN = {
    "id", "ja", "en", "rules", "quote_date", "years", "reduced", "holdings", "additions", "license_ids", "products",
    "no_table", "no_price_list", "tax_rates", "tax_rounding", "programmes", "ended", "customer_segment", "expect",
    "quote",
}  # fmt: skip
EXPECTED = {"lines", "subtotal", "tax", "total", "tax_by_rate", "problems", "kept", "left_out_that_counts"}
OF_QUOTE = {
    "subtotal", "tax", "total", "tax_by_rate", "problems", "reduction", "list_subtotal", "percent_off", "free_lines",
    "valid_until",
}  # fmt: skip
RENEW_WORDS = {"left out": None, "discontinued": 0}
CUSTOMERS: Mapping[str, Segment | None] = {"anybody": ANYBODY, "unknown": None}
RANKED_BY = {"largest product": RankBasis.LARGEST_PRODUCT, "own quantity": RankBasis.OWN_QUANTITY}


@dataclass(frozen=True)
class Scenario:
    """One situation of one license ID, and what must come of it."""

    id: str
    file: str
    title: Mapping[str, str]
    rules: tuple[str, ...]
    request: RenewalRequest
    price_tables: PriceTables
    expected: Mapping[str, Any]
    usual_term: Mapping[str, Any]

    def price(self) -> RenewalPricing:
        return price_renewal(self.request, self.price_tables)


@dataclass(frozen=True)
class QuoteScenario:
    """Several license IDs in one quote, and what must come of the whole (R18). Keys are `license ID/name`."""

    id: str
    file: str
    requests: tuple[RenewalRequest, ...]
    price_tables: PriceTables
    expected: Mapping[str, Any]

    def price(self) -> QuotePricing:
        reduction = self.expected.get("reduction", 0)
        until = self.expected.get("valid_until")
        return price_quote(
            self.requests, self.price_tables, reduction=reduction, free_lines=self.free_lines, valid_until=until
        )

    @property
    def free_lines(self) -> tuple[FreeLine, ...]:
        rows = self.expected.get("free_lines", [])
        return tuple(
            FreeLine(str(at), row["description"], row["quantity"], row["price"], row["tax"])
            for at, row in enumerate(rows)
        )


@dataclass(frozen=True)
class Own:
    """The products and programmes that a file or a scenario invents, beside those of the sample."""

    products: Mapping[str, Any]
    programmes: Mapping[str, Any]

    def product(self, code: str) -> Product:
        given = self.products.get(code)
        if given is None:
            product = sample_products()[code]
            return replace(product, programme=self.programme(product.programme.code))
        return Product(
            code=code,
            name=given.get("name", code),
            programme=self.programme(given["programme"]),
            is_multi_year_discountable=given.get("multi_year_discountable", False),
            tax_category=given.get("tax_category", "standard"),
            segment=_segment(given.get("segment")),
        )

    def programme(self, code: str) -> Programme:
        """One of the sample's; what is written of it here stands over what it has there."""
        given = self.programmes.get(code)
        if given is None:
            return PROGRAMMES[code]
        usual = PROGRAMMES.get(code)
        basis = RANKED_BY[given["ranked_by"]] if "ranked_by" in given else usual and usual.rank_basis
        assert basis is not None, f"{code}: how are its ranks decided?"
        return Programme(
            code,
            given.get("name", code),
            basis,
            given.get("most_years", MOST_YEARS),
            given.get("late_renewal_days"),
            given.get("name_en", ""),
        )


def _segment(given: str | None) -> Segment | None:
    return Segment(given) if given else None


@lru_cache(maxsize=1)
def all_scenarios() -> tuple[Scenario, ...]:
    """Every scenario, file by file; one that shows several license IDs stands here once for each."""
    return tuple(
        scenario
        for path in sorted(FOLDER.glob("*.toml"))
        for scenario in _read(path.stem, tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
    )


@lru_cache(maxsize=1)
def all_quotes() -> tuple[QuoteScenario, ...]:
    """Every scenario of several license IDs that says what one quote over them comes to."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        for one in content["scenario"]:
            if expected := one.get("quote"):
                assert not expected.keys() - OF_QUOTE, f"{one['id']}: unknown {sorted(expected.keys() - OF_QUOTE)}"
                own = _own(content, one)
                requests = tuple(_named(_request(one, part, content["usual"], own)) for part in one["license_ids"])
                found.append(QuoteScenario(one["id"], path.stem, requests, _price_tables(one, own), expected))
    return tuple(found)


def _named(request: RenewalRequest) -> RenewalRequest:
    """With keys that no other license ID has."""
    return replace(
        request,
        holdings=tuple(
            replace(one, holding=replace(one.holding, key=f"{request.license_id}/{one.holding.key}"))
            for one in request.holdings
        ),
        additions=tuple(replace(one, key=f"{request.license_id}/{one.key}") for one in request.additions),
    )


def _own(content: Mapping[str, Any], one: Mapping[str, Any]) -> Own:
    return Own(
        {**content.get("products", {}), **one.get("products", {})},
        {**content.get("programmes", {}), **one.get("programmes", {})},
    )


def scenario_named(scenario_id: str) -> Scenario:
    return next(scenario for scenario in all_scenarios() if scenario.id == scenario_id)


def work_out(working: str) -> Decimal:
    """A sum as a person writes it: `2,180 × 45 × 3`, `6,993 × (100 − 8) / 100`."""
    plain = working.replace(",", "").replace("×", "*").replace("−", "-")
    if not re.fullmatch(r"[\d\s+*/().-]+", plain):
        raise ValueError(f"not a sum: {working}")
    value = eval(re.sub(r"(\d+(?:\.\d+)?)", r"Decimal('\1')", plain), {"Decimal": Decimal})
    assert isinstance(value, Decimal)
    return value


def _read(file: str, content: dict[str, Any]) -> list[Scenario]:
    usual = content.pop("usual")
    ours = {"products": content.pop("products", {}), "programmes": content.pop("programmes", {})}
    written = content.pop("scenario")
    content.pop("about")
    assert not content, f"{file}: unknown {sorted(content)}"
    found = []
    for one in written:
        assert not one.keys() - GIVEN, f"{file}, {one['id']}: unknown {sorted(one.keys() - GIVEN)}"
        parts = one.get("license_ids") or [{"id": one["id"], **one}]
        for part in parts:
            scenario_id = one["id"] if part["id"] == one["id"] else f"{one['id']} {part['id']}"
            expected = part["expect"]
            assert not expected.keys() - EXPECTED, f"{scenario_id}: unknown {sorted(expected.keys() - EXPECTED)}"
            own = _own(ours, one)
            found.append(
                Scenario(
                    id=scenario_id,
                    file=file,
                    title={"ja": one["ja"], "en": one["en"]},
                    rules=tuple(one["rules"]),
                    request=_request(one, part, usual, own),
                    price_tables=_price_tables(one, own),
                    expected=expected,
                    usual_term=usual["term"],
                )
            )
    return found


def _request(one: dict[str, Any], part: dict[str, Any], usual: dict[str, Any], own: Own) -> RenewalRequest:
    holdings = [
        HoldingChoice(
            Holding(
                key=given.get("name", given["product"]),
                product=own.product(given["product"]),
                quantity=given["held"],
                support_expires_on=given.get("support_until", usual["support_until"]),
            ),
            _renewal_quantity(given),
            tuple(
                QuotedElsewhere(other["number"], other["is"] == "ordered", other["from"], other.get("until"))
                for other in given.get("other_quotes", [])
            ),
            _offered(given.get("offered")),
        )
        for given in part.get("holdings", [])
    ]
    additions = [
        Addition(
            given.get("name", f"+{given['product']}"),
            own.product(given["product"]),
            given["add"],
            _offered(given.get("offered")),
        )
        for given in part.get("additions", [])
    ]
    names = [choice.holding.key for choice in holdings] + [addition.key for addition in additions]
    assert len(set(names)) == len(names), f"{one['id']}: a name stands twice"
    return RenewalRequest(
        license_id=part["id"],
        on=one.get("quote_date", usual["quote_date"]),
        years=part.get("years", one.get("years", 1)),
        is_reduced=part.get("reduced", one.get("reduced", False)),
        holdings=tuple(holdings),
        additions=tuple(additions),
        tax_rounding=TaxRounding(one.get("tax_rounding", "down")),
        customer_segment=CUSTOMERS.get(given := one.get("customer_segment", "anybody"), Segment(given)),
    )


def _offered(given: str | int | None) -> OfferedPrice | None:
    """`10 %`, or yen."""
    if isinstance(given, str):
        return OfferedPrice(percent=Decimal(given.removesuffix(" %")))
    return None if given is None else OfferedPrice(amount=given)


def _renewal_quantity(given: dict[str, Any]) -> int | None:
    renew = given.get("renew", given["held"])
    if isinstance(renew, str):
        return RENEW_WORDS[renew]
    assert isinstance(renew, int)
    return renew


def _price_tables(one: dict[str, Any], own: Own) -> PriceTables:
    tax_rates = {category: Decimal(rate) for category, rate in one.get("tax_rates", TAX_RATES).items()}
    if one.get("no_price_list"):
        return PriceTables("", {}, tax_rates)
    ended = {
        row["product"]: EndOfSale(row["since"], own.product(row["successor"]) if "successor" in row else None)
        for row in one.get("ended", [])
    }
    tables = {code: table for code, table in sample_tables().tables.items() if code not in ended}
    for code, given in own.products.items():
        tables[code] = PriceTable(
            product_code=code,
            minimum_quantity=given.get("minimum", 1),
            ranks=_ranks(given["ranks"]),
            multi_year_discounts={
                int(years): Decimal(percent) for years, percent in given.get("multi_year_discounts", {}).items()
            },
        )
    for code in one.get("no_table", []):
        del tables[code]
    return PriceTables(PRICE_LIST, tables, tax_rates, ended)


def _ranks(given: Sequence[Mapping[str, Any]]) -> tuple[PriceRank, ...]:
    return tuple(PriceRank(row["rank"], row["from"], row["renewal"], row.get("addition")) for row in given)
