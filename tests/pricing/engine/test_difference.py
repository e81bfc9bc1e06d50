"""Two pricings of one request, step by step."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pricing.engine.difference import compare_steps
from pricing.engine.renewal import price_renewal
from pricing.engine.values import (
    Addition,
    Holding,
    HoldingChoice,
    PriceRank,
    PriceTable,
    PriceTables,
    Product,
    Programme,
    RankBasis,
    RenewalRequest,
)

SINGLE = Programme("P", "P", RankBasis.OWN_QUANTITY)
PRODUCT = Product("P", "P", SINGLE, is_multi_year_discountable=True)
REQUEST = RenewalRequest(
    license_id="L",
    on=date(2027, 1, 15),
    years=3,
    is_reduced=False,
    holdings=(HoldingChoice(Holding("h", PRODUCT, 45, date(2027, 3, 31)), 45),),
    additions=(Addition("a", PRODUCT, 5),),
)


def tables(name="old", price=1000, second=40, discounts=None, tax="10"):
    ranks = (PriceRank("A", 1, 1200, 1500), PriceRank("B", second, price, 1400))
    return PriceTables(name, {"P": PriceTable("P", 1, ranks, discounts or {})}, {"standard": Decimal(tax)})


def changed(old, new, request=REQUEST):
    pairs = compare_steps(price_renewal(request, old), price_renewal(request, new))
    return [(pair.line, (pair.new or pair.old).step) for pair in pairs if pair.is_changed]


def test_a_list_of_another_name_with_the_same_prices_differs_nowhere():
    assert changed(tables(), tables("new")) == []
    pairs = compare_steps(price_renewal(REQUEST, tables()), price_renewal(REQUEST, tables("new")))
    assert "price-list" not in [pair.new.step for pair in pairs]
    assert {pair.line for pair in pairs} == {"h", "a", None}


def test_a_price_changes_what_follows_from_it():
    assert changed(tables(), tables("new", price=1100)) == [
        ("h", "renewal-price"),
        ("h", "renewal-amount"),
        ("a", "renewal-price"),
        ("a", "addition-amount"),
        (None, "subtotal"),
        (None, "tax-down"),
        (None, "total"),
    ]


def test_a_threshold_changes_the_rank():
    found = changed(tables(), tables("new", second=60))
    assert found[:3] == [("h", "rank-own"), ("h", "renewal-price"), ("h", "renewal-amount")]


def test_a_step_that_only_one_has_is_a_change_in_its_line():
    assert changed(tables(), tables("new", discounts={3: Decimal(10)})) == [
        ("h", "discount"),
        ("a", "discount"),
        (None, "subtotal"),
        (None, "tax-down"),
        (None, "total"),
    ]
    pairs = compare_steps(price_renewal(REQUEST, tables(discounts={3: Decimal(10)})), price_renewal(REQUEST, tables()))
    [gone, _also] = [pair for pair in pairs if pair.new is None]
    assert (gone.line, gone.rule, gone.old.step) == ("h", "R10", "discount")


def test_a_refused_pricing_has_no_steps():
    refused = PriceTables("new", {}, {})
    pairs = compare_steps(price_renewal(REQUEST, tables()), price_renewal(REQUEST, refused))
    assert {pair.new for pair in pairs} == {None}
    one_year = replace(REQUEST, years=1, additions=())
    assert changed(tables(), tables(), one_year) == []
    assert compare_steps(price_renewal(REQUEST, refused), price_renewal(REQUEST, refused)) == ()
