"""Price lists and tax rates: what the database refuses, and what it says."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import translation

from licensing.models import Product, Programme, Reseller, User
from pricing.models import (
    CostRate,
    EndOfSale,
    GoldenAcceptance,
    GoldenCase,
    GoldenChange,
    ImportedTable,
    MultiYearDiscount,
    PriceImport,
    PriceList,
    PriceRank,
    PriceTable,
    TaxRate,
)
from tests.violations import taken_of, told_of

DAY = date(2026, 10, 1)
PUBLISHED_AT = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def rows(db):
    """A published list; a draft with one table, one rank, one discount; and a tax rate."""
    programme = Programme.objects.create(code="通常", name="通常")
    product = Product.objects.create(code="SMP-WM", name="InterScan WebManager", programme=programme)
    PriceList.objects.create(name="2026年10月版", effective_on=DAY, published_at=PUBLISHED_AT)
    price_list = PriceList.objects.create(name="2027年4月版", effective_on=date(2027, 4, 1))
    table = PriceTable.objects.create(price_list=price_list, product=product, minimum_quantity=10)
    PriceRank.objects.create(price_table=table, rank="A", from_quantity=10, renewal_price=3080, addition_price=4400)
    MultiYearDiscount.objects.create(price_table=table, years=2, percent=Decimal("3"))
    TaxRate.objects.create(percent=Decimal("10"), effective_on=date(2019, 10, 1))
    User.objects.create_user(email="admin@portal.example.jp", name="A", role="admin")
    return {"product": product, "price_list": price_list, "table": table}


def end_of_sale(rows) -> EndOfSale:
    """One that is there already."""
    given = {"price_list": rows["price_list"], "product": rows["product"], "since_on": DAY}
    EndOfSale.objects.get_or_create(**given)
    return EndOfSale(**given)


def cost_rate(rows, **values) -> CostRate:
    reseller, _new = Reseller.objects.get_or_create(name="青葉見本システム株式会社")
    given = {"reseller": reseller, "product": rows["product"], "percent": Decimal("80"), "effective_on": DAY}
    return CostRate(**given | values)


def twice(build, rows, **values):
    """The second of two of the same."""
    build(rows, **values).save()
    return build(rows, **values)


def golden_case(**values) -> GoldenCase:
    by = User.objects.get(email="admin@portal.example.jp")
    given = {"name": "E1", "asked": {}, "expected": {}, "expected_from": "-", "kept_by": by, "kept_at": PUBLISHED_AT}
    return GoldenCase(**given | values)


def acceptance(rows, **values) -> GoldenAcceptance:
    case = golden_case(name=f"E{GoldenCase.objects.count()}")
    case.save()
    given = {"price_list": rows["price_list"], "case": case, "expected": {}, "found": {}, "reason": "-"}
    return GoldenAcceptance(**given | {"by": case.kept_by, "at": PUBLISHED_AT} | values)


def golden_change(rows) -> GoldenChange:
    """One that is there already."""
    accepted = acceptance(rows)
    accepted.save()
    GoldenChange.objects.create(acceptance=accepted, published_at=PUBLISHED_AT)
    return GoldenChange(acceptance=accepted, published_at=PUBLISHED_AT)


def price_import() -> PriceImport:
    """An upload in which SMP-1 stands already."""
    by = User.objects.get_or_create(email="admin@portal.example.jp", defaults={"role": "admin"})[0]
    values = {"size": 1, "name": "-", "effective_on": DAY, "uploaded_by": by, "uploaded_at": PUBLISHED_AT}
    found, is_new = PriceImport.objects.get_or_create(file_name="x.csv", defaults=values)
    if is_new:
        ImportedTable.objects.create(price_import=found, product_code="SMP-1", kind="added", new={"minimum": 1})
    return found


def rank(r: dict, **changes: object) -> PriceRank:
    values = {"rank": "B", "from_quantity": 50, "renewal_price": 2770, "addition_price": 3960} | changes
    return PriceRank(price_table=r["table"], **values)


def discount(r: dict, years: int, percent: str) -> MultiYearDiscount:
    return MultiYearDiscount(price_table=r["table"], years=years, percent=Decimal(percent))


YEARS_RULE = "A multi-year discount is for 2 to 6 years."
PERCENT_RULE = "The discount must be more than 0 and less than 100 percent."
TAX_RULE = "A tax rate is at least 0 and less than 100 percent."
ONE_THING = "A cost rate is of a product or of a programme, one of the two."
COST_RULE = "A cost rate is 1 to 100 percent of the list price."

VIOLATIONS: list[tuple[str, Callable[[dict], models.Model], str]] = [
    (
        "price_list_one_published_per_day",
        lambda r: PriceList(name="Another", effective_on=DAY, published_at=PUBLISHED_AT),
        "Another published price list takes effect on this day.",
    ),
    (
        "price_table_one_per_product",
        lambda r: PriceTable(price_list=r["price_list"], product=r["product"], minimum_quantity=5),
        "This price list already has a table for the product.",
    ),
    (
        "price_table_minimum_positive",
        lambda r: PriceTable(
            price_list=PriceList.objects.get_or_create(name="Draft", effective_on=DAY)[0],
            product=r["product"],
            minimum_quantity=0,
        ),
        "The minimum at renewal must be at least 1.",
    ),
    ("price_rank_one_per_code", lambda r: rank(r, rank="A"), "The table already has a rank with this code."),
    (
        "price_rank_one_per_quantity",
        lambda r: rank(r, from_quantity=10),
        "The table already has a rank from this quantity.",
    ),
    ("price_rank_quantity_positive", lambda r: rank(r, from_quantity=0), "A rank begins at 1 or more."),
    (
        "price_rank_prices_sensible",
        lambda r: rank(r, renewal_price=100_000_000),
        "A unit price must be at most 99,999,999 yen.",
    ),
    (
        "price_list_day_sensible",
        lambda r: PriceList(name="Typo", effective_on=date(2127, 1, 1)),
        "The day must lie between 2000 and 2099. Look for a typo.",
    ),
    ("price_rank_code_not_empty", lambda r: rank(r, rank=""), "Enter the rank's code."),
    (
        "multi_year_discount_one_per_years",
        lambda r: discount(r, 2, "5"),
        "The table already has a discount for this number of years.",
    ),
    ("multi_year_discount_years_range", lambda r: discount(r, 1, "5"), YEARS_RULE),
    ("multi_year_discount_years_range", lambda r: discount(r, 7, "5"), YEARS_RULE),
    ("multi_year_discount_percent_range", lambda r: discount(r, 3, "0"), PERCENT_RULE),
    ("multi_year_discount_percent_range", lambda r: discount(r, 3, "100"), PERCENT_RULE),
    (
        "end_of_sale_one_per_product",
        lambda r: end_of_sale(r),
        "This price list already says that the product is not sold any more.",
    ),
    (
        "end_of_sale_day_sensible",
        lambda r: EndOfSale(price_list=r["price_list"], product=r["product"], since_on=date(1999, 12, 31)),
        "The day must lie between 2000 and 2099. Look for a typo.",
    ),
    (
        "end_of_sale_other_successor",
        lambda r: EndOfSale(price_list=r["price_list"], product=r["product"], since_on=DAY, successor=r["product"]),
        "A product cannot be its own successor.",
    ),
    (
        "tax_rate_one_per_day",
        lambda r: TaxRate(percent=Decimal("12"), effective_on=date(2019, 10, 1)),
        "This tax category already has a rate from this day.",
    ),
    (
        "tax_rate_withdrawn_before_its_day",
        lambda r: TaxRate(percent=Decimal("12"), effective_on=DAY, withdrawn_on=DAY),
        "A tax rate can only be withdrawn before its first day.",
    ),
    ("tax_rate_percent_range", lambda r: TaxRate(percent=Decimal("-1"), effective_on=DAY), TAX_RULE),
    ("tax_rate_percent_range", lambda r: TaxRate(percent=Decimal("100"), effective_on=DAY), TAX_RULE),
    (
        "imported_table_once",
        lambda r: ImportedTable(price_import=price_import(), product_code="SMP-1", kind="added", new={"minimum": 1}),
        "The product is in this file already.",
    ),
    (
        "imported_table_something",
        lambda r: ImportedTable(price_import=price_import(), product_code="SMP-2", kind="same"),
        "The product has prices neither before nor after.",
    ),
    ("golden_case_name_not_empty", lambda r: golden_case(name=""), "Enter the name of the case."),
    ("golden_acceptance_has_reason", lambda r: acceptance(r, reason=""), "Write why the difference is right."),
    ("golden_change_once", lambda r: golden_change(r), "This change is noted already."),
    ("cost_rate_of_one_thing", lambda r: cost_rate(r, product=None), ONE_THING),
    ("cost_rate_of_one_thing", lambda r: cost_rate(r, programme=r["product"].programme), ONE_THING),
    ("cost_rate_percent_range", lambda r: cost_rate(r, percent=Decimal("0.99")), COST_RULE),
    ("cost_rate_percent_range", lambda r: cost_rate(r, percent=Decimal("100.01")), COST_RULE),
    (
        "cost_rate_day_sensible",
        lambda r: cost_rate(r, effective_on=date(1999, 12, 31)),
        "The day must lie between 2000 and 2099. Look for a typo.",
    ),
    (
        "cost_rate_one_per_product_and_day",
        lambda r: twice(cost_rate, r),
        "The product already has a cost rate from this day. Change that one.",
    ),
    (
        "cost_rate_one_per_programme_and_day",
        lambda r: twice(cost_rate, r, product=None, programme=r["product"].programme),
        "The programme already has a cost rate from this day. Change that one.",
    ),
]


@pytest.mark.both_databases
def test_the_database_refuses(rows):
    assert taken_of(VIOLATIONS, rows) == []


def test_the_refusal_in_words(rows):
    told = told_of(VIOLATIONS, rows)
    assert told == [[message] for _name, _build, message in VIOLATIONS]


def test_every_constraint_has_its_violation():
    constraints = {
        rule.name for model in apps.get_app_config("pricing").get_models() for rule in model._meta.constraints
    }
    assert constraints == {name for name, _build, _message in VIOLATIONS}


@pytest.mark.both_databases
def test_drafts_may_share_a_day(rows):
    PriceList.objects.create(name="Draft 1", effective_on=DAY)
    PriceList.objects.create(name="Draft 2", effective_on=DAY)
    assert PriceList.objects.filter(effective_on=DAY).count() == 3


@pytest.mark.both_databases
def test_negative_prices_are_refused(rows):
    for changes in ({"renewal_price": -1}, {"addition_price": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rank(rows, **changes).save()
    assert PriceRank.objects.count() == 1


@pytest.mark.both_databases
def test_what_belongs_to_a_list_goes_with_it(rows):
    rows["price_list"].delete()
    counts = [model.objects.count() for model in (PriceTable, PriceRank, MultiYearDiscount)]
    assert counts == [0, 0, 0]
