"""Which prices are in force on a day, and how rows become the engine's values."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import Customer, Holding, LicenseID, Product, Programme, Reseller, User
from pricing.engine.values import MOST_YEARS, RankBasis, Segment
from pricing.engine.values import Holding as HoldingValue
from pricing.engine.values import PriceRank as RankValue
from pricing.engine.values import PriceTable as TableValue
from pricing.engine.values import Product as ProductValue
from pricing.engine.values import Programme as ProgrammeValue
from pricing.lists.operations.publish import PublishRefused, publish, withdraw
from pricing.loader import holding_values, load_prices, load_tables, load_tax_rates, product_value, segment_value
from pricing.models import MultiYearDiscount, PriceList, PriceRank, PriceTable, TaxRate
from pricing.queries import is_sample_in_use, price_lists_around
from tests.cast import make_tax_rates

pytestmark = pytest.mark.both_databases

LARGEST = RankBasis.LARGEST_PRODUCT
NOW = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)
OCTOBER, DECEMBER = date(2026, 10, 1), date(2026, 12, 1)


@pytest.fixture
def admin(db):
    return User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")


@pytest.fixture
def products(db):
    make_tax_rates("standard", "reduced")
    trsl = Programme.objects.create(code="TRSL", name="TRSL", rank_basis="largest_product")
    other = Programme.objects.create(code="通常", name="通常", name_en="Usual", most_years=3, late_renewal_days=30)
    return {
        "SMP-CC": Product.objects.create(code="SMP-CC", name="Client", name_en="Client (en)", programme=trsl),
        "SMP-WM": Product.objects.create(
            code="SMP-WM",
            name="WebManager",
            programme=other,
            segment=" 官公庁",
            is_multi_year_discountable=True,
            tax_category="reduced",
        ),
    }


def make_list(products, name="2026年10月版", day=OCTOBER, price=1_000, codes=("SMP-CC",), **fields):
    """A draft in which each product has the ranks A from 5 and B from 50."""
    price_list = PriceList.objects.create(name=name, effective_on=day, **fields)
    for code in codes:
        table = PriceTable.objects.create(price_list=price_list, product=products[code], minimum_quantity=5)
        PriceRank.objects.create(price_table=table, rank="B", from_quantity=50, renewal_price=price - 100)
        PriceRank.objects.create(
            price_table=table, rank="A", from_quantity=5, renewal_price=price, addition_price=price * 2
        )
    return price_list


def price_on(day, code="SMP-CC"):
    """The renewal price of rank A on the day; None where the product or the list is missing."""
    table = load_prices(on=day).tables.tables.get(code)
    return table.ranks[0].renewal_price if table else None


# --- Which list -----------------------------------------------------------------------------------------------------


def test_a_list_is_in_force_from_its_first_day(products, admin):
    october = publish(price_list=make_list(products), by=admin, now=NOW)
    assert price_lists_around(on=date(2026, 9, 30)) == (None, october)
    assert price_lists_around(on=OCTOBER) == (october, None)
    assert price_lists_around(on=date(2099, 12, 31)) == (october, None)


def test_the_latest_that_is_effective_is_in_force(products, admin):
    """Whatever the order in which they were written or published."""
    december = publish(price_list=make_list(products, "12月", DECEMBER, 1_200), by=admin, now=NOW)
    march = publish(price_list=make_list(products, "3月", date(2027, 3, 1), 1_300), by=admin, now=NOW)
    october = publish(price_list=make_list(products, "10月", OCTOBER, 1_000), by=admin, now=NOW)
    assert price_lists_around(on=date(2026, 11, 30)) == (october, december)
    assert price_lists_around(on=DECEMBER) == (december, march)
    assert price_lists_around(on=date(2027, 3, 1)) == (march, None)
    days = (date(2026, 9, 30), OCTOBER, date(2026, 11, 30), DECEMBER, date(2027, 2, 28), date(2027, 3, 1))
    assert [price_on(day) for day in days] == [None, 1_000, 1_000, 1_200, 1_200, 1_300]


def test_a_draft_never_counts(products, admin):
    make_list(products, "草案", OCTOBER)
    make_list(products, "草案2", DECEMBER)
    assert price_lists_around(on=DECEMBER) == (None, None)
    published = publish(price_list=make_list(products, "公開", OCTOBER, 1_100), by=admin, now=NOW)
    assert price_lists_around(on=OCTOBER) == (published, None)
    assert price_lists_around(on=DECEMBER) == (published, None)
    assert price_on(DECEMBER) == 1_100


def test_of_two_for_the_same_day_only_one_can_be_published(products, admin):
    first, second = make_list(products, "一", price=1_000), make_list(products, "二", price=2_000)
    publish(price_list=first, by=admin, now=NOW)
    with pytest.raises(PublishRefused):
        publish(price_list=second, by=admin, now=NOW)
    assert price_lists_around(on=OCTOBER) == (first, None)
    assert price_on(OCTOBER) == 1_000


def test_nothing_published_is_no_prices_and_no_error(products):
    prices = load_prices(on=OCTOBER)
    assert (prices.price_list, prices.next_price_list, prices.tables.price_list, dict(prices.tables.tables)) == (
        None, None, "", {},
    )  # fmt: skip


def test_a_product_that_a_list_leaves_out_has_no_table(products, admin):
    """Not even an earlier list's: a list is all prices of its time."""
    publish(price_list=make_list(products, codes=("SMP-CC", "SMP-WM")), by=admin, now=NOW)
    december = make_list(products, "12月", DECEMBER, codes=("SMP-CC",))
    publish(price_list=december, by=admin, now=NOW, acknowledged=["product-gone"])
    assert set(load_prices(on=OCTOBER).tables.tables) == {"SMP-CC", "SMP-WM"}
    assert set(load_prices(on=DECEMBER).tables.tables) == {"SMP-CC"}


def test_sample_prices_are_in_use_once_published(products, admin):
    draft = make_list(products, is_sample=True)
    publish(price_list=make_list(products, "12月", DECEMBER), by=admin, now=NOW)
    assert not is_sample_in_use()
    publish(price_list=draft, by=admin, now=NOW)
    assert is_sample_in_use()


# --- Read once ------------------------------------------------------------------------------------------------------


def test_a_new_list_is_used_from_its_day_on_without_a_restart(products, admin):
    publish(price_list=make_list(products), by=admin, now=NOW)
    assert (price_on(OCTOBER), price_on(DECEMBER)) == (1_000, 1_000)
    dearer = make_list(products, "12月", DECEMBER, 1_200)
    publish(price_list=dearer, by=admin, now=NOW, acknowledged={"price-changed"})
    assert [price_on(day) for day in (OCTOBER, date(2026, 11, 30), DECEMBER)] == [1_000, 1_000, 1_200]
    assert load_prices(on=DECEMBER).tables.price_list == "12月"


def test_a_draft_that_changes_before_it_is_published(products, admin):
    draft = make_list(products)
    assert load_tables(price_list=draft)["SMP-CC"].ranks[0].renewal_price == 1_000
    PriceRank.objects.filter(rank="A").update(renewal_price=1_111)
    assert load_tables(price_list=draft)["SMP-CC"].ranks[0].renewal_price == 1_111
    publish(price_list=draft, by=admin, now=NOW)
    assert price_on(OCTOBER) == 1_111


def test_published_tables_are_read_once(products, admin):
    publish(price_list=make_list(products, codes=("SMP-CC", "SMP-WM")), by=admin, now=NOW)
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load_prices(on=OCTOBER)
        counts.append(len(queries))
    assert counts[1:] == [2, 2]
    assert counts[0] > 2


def test_a_list_that_was_withdrawn_and_published_again_has_its_new_prices(products, admin):
    """It keeps its number; the moment of publishing tells the two apart."""
    price_list = publish(price_list=make_list(products, price=1_000), by=admin, now=NOW)
    assert price_on(OCTOBER) == 1_000
    withdraw(price_list=price_list, reason="typo", by=admin, now=NOW)
    PriceRank.objects.update(renewal_price=5_000)
    publish(price_list=price_list, by=admin, now=NOW.replace(hour=2), acknowledged={"ranks-equal"})
    assert price_on(OCTOBER) == 5_000


@pytest.mark.parametrize("price", [1_000, 2_000])
def test_nothing_crosses_between_tests(products, admin, price):
    """Either run writes the same list at the same moment with another price."""
    publish(price_list=make_list(products, price=price), by=admin, now=NOW)
    assert price_on(OCTOBER) == price


# --- Rows to values -------------------------------------------------------------------------------------------------


def test_a_table_as_the_engine_sees_it(products, admin):
    draft = make_list(products, codes=("SMP-CC", "SMP-WM"))
    table = draft.tables.get(product=products["SMP-WM"])
    MultiYearDiscount.objects.create(price_table=table, years=3, percent=Decimal("8"))
    MultiYearDiscount.objects.create(price_table=table, years=2, percent=Decimal("3.5"))
    ranks = (RankValue("A", 5, 1_000, 2_000), RankValue("B", 50, 900, None))
    with CaptureQueriesContext(connection) as queries:
        tables = load_tables(price_list=draft)
    assert tables == {
        "SMP-CC": TableValue("SMP-CC", 5, ranks, {}),
        "SMP-WM": TableValue("SMP-WM", 5, ranks, {2: Decimal("3.5"), 3: Decimal(8)}),
    }
    assert len(queries) == 3


def test_each_category_has_its_rate_of_the_day(db):
    for category, percent, day in (
        ("standard", 8, date(2014, 4, 1)), ("standard", 10, date(2019, 10, 1)), ("reduced", 8, date(2019, 10, 1)),
        ("standard", 12, date(2027, 4, 1)),
    ):  # fmt: skip
        TaxRate.objects.create(category=category, percent=Decimal(percent), effective_on=day)
    rates = {
        day: load_tax_rates(on=day)
        for day in (date(2014, 3, 31), date(2019, 9, 30), date(2019, 10, 1), date(2027, 3, 31), date(2027, 4, 1))
    }
    assert list(rates.values()) == [
        {}, {"standard": 8}, {"standard": 10, "reduced": 8}, {"standard": 10, "reduced": 8},
        {"standard": 12, "reduced": 8},
    ]  # fmt: skip
    assert load_prices(on=date(2027, 4, 1)).tables.tax_rates == {"standard": 12, "reduced": 8}


def test_holdings_as_the_engine_sees_them(products):
    reseller = Reseller.objects.create(code="aoba", name="青葉")
    licenseid = LicenseID.objects.create(code="LIC-1", customer=Customer.objects.create(reseller=reseller, name="見本"))
    rows = [
        Holding.objects.create(licenseid=licenseid, product=product, quantity=7, support_expires_on=DECEMBER)
        for product in products.values()
    ]
    other = ProgrammeValue("通常", "通常", RankBasis.OWN_QUANTITY, most_years=3, late_renewal_days=30, name_en="Usual")
    assert holding_values(rows) == [
        HoldingValue(
            str(rows[0].pk),
            ProductValue(
                "SMP-CC",
                "Client",
                ProgrammeValue("TRSL", "TRSL", LARGEST),
                False,
                "standard",
                "Client (en)",
                unit="本",
            ),
            7,
            DECEMBER,
        ),
        HoldingValue(
            str(rows[1].pk),
            ProductValue("SMP-WM", "WebManager", other, True, "reduced", "", Segment("官公庁"), unit="本"),
            7,
            DECEMBER,
        ),
    ]


@pytest.mark.parametrize(
    ("typed", "segment"),
    [
        ("", None),
        (" ", None),
        ("一般", None),
        ("一 般", None),
        ("官公庁", "官公庁"),
        ("官公庁\u3000", "官公庁"),
        ("ＮＰＯ", "NPO"),
    ],
)
def test_a_product_for_everybody_has_no_segment(products, typed, segment):
    product = products["SMP-CC"]
    product.segment = typed
    assert product_value(product).segment == (Segment(segment) if segment else None)


def test_a_customer_of_the_general_segment_is_known_to_be_one():
    assert segment_value("一般") == Segment("一般")
    assert segment_value("　") is None
    assert [segment_value(name).name_en for name in ("一般", "官公庁", "教育", "医療")] == [
        "general", "public sector", "education", "医療",
    ]  # fmt: skip


def test_the_engine_and_the_rows_know_the_same_longest_term():
    assert settings.LONGEST_TERM == MOST_YEARS
    assert Programme._meta.get_field("most_years").default == MOST_YEARS
