"""Prices in the administration: drafts are edited and published, published lists are only read."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import zeal
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licensing.models import Product, Programme
from pricing.models import MultiYearDiscount, PriceList, PriceRank, PriceTable, TaxRate

pytestmark = pytest.mark.usefixtures("november")

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2026, 12, 1)


@pytest.fixture
def product(db):
    programme = Programme.objects.create(code="通常", name="通常")
    return Product.objects.create(code="SMP-BS", name="ビジネスセキュリティ", programme=programme)


@pytest.fixture
def draft(db):
    return PriceList.objects.create(name="2026年12月版", effective_on=DAY)


@pytest.fixture
def table(draft, product):
    return make_table(draft, product)


@pytest.fixture
def published(draft, table, admin):
    PriceList.objects.filter(pk=draft.pk).update(published_at=NOW, published_by=admin)
    draft.refresh_from_db()
    return draft


def make_table(price_list: PriceList, product: Product) -> PriceTable:
    table = PriceTable.objects.create(price_list=price_list, product=product, minimum_quantity=2)
    PriceRank.objects.create(price_table=table, rank="A", from_quantity=2, renewal_price=5000, addition_price=5100)
    PriceRank.objects.create(price_table=table, rank="B", from_quantity=10, renewal_price=4750, addition_price=None)
    return table


def address(model: str, view: str = "changelist", *args: object) -> str:
    return reverse(f"admin:pricing_{model}_{view}", args=args)


def found(desk: Client, model: str, query: dict[str, str]) -> list[str]:
    answer = desk.get(address(model), query)
    assert answer.status_code == 200
    return [str(row) for row in answer.context["cl"].result_list]


def table_data(
    price_list: PriceList, product: Product, ranks: list[tuple[str, ...]], discounts: list[tuple[str, str]] = ()
) -> dict[str, str]:
    data = {"price_list": str(price_list.pk), "product": str(product.pk), "minimum_quantity": "2"}
    data |= {"ranks-TOTAL_FORMS": str(len(ranks)), "ranks-INITIAL_FORMS": "0"}
    data |= {"multi_year_discounts-TOTAL_FORMS": str(len(discounts)), "multi_year_discounts-INITIAL_FORMS": "0"}
    for number, row in enumerate(ranks):
        names = ("rank", "from_quantity", "renewal_price", "addition_price")
        data |= {f"ranks-{number}-{name}": value for name, value in zip(names, row, strict=True)}
    for number, row in enumerate(discounts):
        data |= {
            f"multi_year_discounts-{number}-{name}": value
            for name, value in zip(("years", "percent"), row, strict=True)
        }
    return data


A = ("A", "2", "5000", "5000")
B = ("B", "10", "4750", "4750")


def refusals(desk: Client, data: dict[str, str]) -> list[str]:
    """What the page says to a table that it refuses, above its inlines; and no table was written."""
    answer = desk.post(address("pricetable", "add"), data)
    assert answer.status_code == 200
    assert PriceTable.objects.count() == 0
    return [str(text) for part in answer.context["inline_admin_formsets"] for text in part.formset.non_form_errors()]


# --- Drafts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_opens(desk, table, language):
    rate = TaxRate.objects.create(percent=Decimal(10), effective_on=date(2019, 10, 1))
    rows = {"pricelist": table.price_list, "pricetable": table, "taxrate": rate}
    for model, row in rows.items():
        for url in (address(model), address(model, "add"), address(model, "change", row.pk)):
            assert desk.get(url, headers={"accept-language": language}).status_code == 200


def test_a_table_is_entered_with_ranks_and_discounts(desk, draft, product):
    Product.objects.update(is_multi_year_discountable=True)
    data = table_data(draft, product, [B, A], [("2", "3"), ("3", "8")])
    answer = desk.post(address("pricetable", "add"), data)
    assert answer.status_code == 302
    assert list(PriceRank.objects.values_list("rank", "from_quantity", "renewal_price", "addition_price")) == [
        ("A", 2, 5000, 5000),
        ("B", 10, 4750, 4750),
    ]
    assert list(MultiYearDiscount.objects.values_list("years", "percent")) == [(2, Decimal(3)), (3, Decimal(8))]


@pytest.mark.parametrize(
    ("ranks", "message"),
    [
        ([], "A price table needs at least one rank. Enter its code, quantity and prices."),
        (
            [A, ("B", "2", "4750", "4750")],
            "The ranks A and B both begin at 2. Give each its own quantity.",
        ),
        ([A, ("A", "10", "4750", "4750")], "The rank A stands twice. Give each rank its own code."),
        (
            [("A", "10", "5000", "5000"), ("B", "2", "4750", "4750")],
            "The ranks are not in order: A begins at 10, but B at fewer. Look for swapped quantities.",
        ),
        (
            [("10", "2", "5000", "5000"), ("9", "10", "4750", "4750")],
            "The ranks are not in order: 9 begins at 10, but 10 at fewer. Look for swapped quantities.",
        ),
    ],
)
def test_ranks_that_do_not_fit_together_are_refused(desk, draft, product, ranks, message):
    assert refusals(desk, table_data(draft, product, ranks)) == [message]
    assert PriceRank.objects.count() == 0


def test_ranks_ascend_as_people_count(desk, draft, product):
    ranks = [("9", "2", "5000", ""), ("10", "10", "4750", ""), ("１１", "20", "4500", "")]
    assert desk.post(address("pricetable", "add"), table_data(draft, product, ranks)).status_code == 302
    assert PriceRank.objects.count() == 3


def test_deleting_the_last_rank_is_refused(desk, table):
    data = {"minimum_quantity": "2", "ranks-TOTAL_FORMS": "2", "ranks-INITIAL_FORMS": "2"}
    data |= {"multi_year_discounts-TOTAL_FORMS": "0", "multi_year_discounts-INITIAL_FORMS": "0"}
    for number, rank in enumerate(table.ranks.all()):
        data |= {
            f"ranks-{number}-id": str(rank.pk),
            f"ranks-{number}-price_table": str(table.pk),
            f"ranks-{number}-rank": rank.rank,
            f"ranks-{number}-from_quantity": str(rank.from_quantity),
            f"ranks-{number}-renewal_price": str(rank.renewal_price),
            f"ranks-{number}-DELETE": "on",
        }
    with zeal.zeal_ignore():  # Django looks every row of a formset up by itself
        answer = desk.post(address("pricetable", "change", table.pk), data)
    assert [str(text) for text in answer.context["inline_admin_formsets"][0].formset.non_form_errors()] == [
        "A price table needs at least one rank. Enter its code, quantity and prices."
    ]
    assert PriceRank.objects.count() == 2
    del data["ranks-0-DELETE"]
    with zeal.zeal_ignore():
        assert desk.post(address("pricetable", "change", table.pk), data).status_code == 302
    assert [rank.rank for rank in table.ranks.all()] == ["A"]


def test_a_discount_needs_a_product_that_may_have_one(desk, draft, product):
    assert refusals(desk, table_data(draft, product, [A], [("2", "3")])) == [
        "SMP-BS ビジネスセキュリティ may not have a multi-year discount (R10). Delete the discounts, or first mark the "
        "product as one that may have them."
    ]


def test_two_discounts_for_one_number_of_years_are_refused(desk, draft, product):
    Product.objects.update(is_multi_year_discountable=True)
    assert refusals(desk, table_data(draft, product, [A], [("2", "3"), ("2", "4")])) == [
        "Two discounts are for 2 years. Keep one of them."
    ]


def test_figures_that_are_only_read_have_separators(desk, published):
    table = published.tables.get()
    content = desk.get(address("pricetable", "change", table.pk)).content.decode()
    for name, text in (("from_shown", "10"), ("renewal_shown", "4,750"), ("addition_shown", "5,100")):
        assert re.search(rf'<td class="field-{name}">\s*<p>{text}</p>', content)


def test_a_tax_rate_is_shown_without_idle_digits(desk):
    TaxRate.objects.create(percent=Decimal(10), effective_on=date(2019, 10, 1))
    assert '<td class="field-rate">10 %</td>' in desk.get(address("taxrate")).content.decode()


# --- Publishing -----------------------------------------------------------------------------------------------------


def list_data(price_list: PriceList, **changes: str) -> dict[str, str]:
    return {"name": price_list.name, "effective_on": "2026-12-01", "note": ""} | changes


def test_a_published_list_is_only_read(desk, published, table):
    url = address("pricelist", "change", published.pk)
    content = desk.get(url).content.decode()
    assert 'name="_save"' not in content
    assert "Add a product" not in content
    assert "4,750" in content
    assert desk.post(url, list_data(published, name="Other")).status_code == 403
    assert desk.post(address("pricelist", "delete", published.pk), {"post": "yes"}).status_code == 403
    desk.post(address("pricelist"), {"action": "delete_selected", "_selected_action": published.pk, "post": "yes"})
    assert list(PriceList.objects.values_list("name", flat=True)) == ["2026年12月版"]


def test_a_published_table_is_only_read(desk, published, table):
    url = address("pricetable", "change", table.pk)
    content = desk.get(url).content.decode()
    assert 'name="_save"' not in content
    assert 'name="ranks-0-renewal_price"' not in content
    data = {"minimum_quantity": "1", "ranks-TOTAL_FORMS": "0", "ranks-INITIAL_FORMS": "0"}
    assert desk.post(url, data).status_code == 403
    assert desk.post(address("pricetable", "delete", table.pk), {"post": "yes"}).status_code == 403
    desk.post(address("pricetable"), {"action": "delete_selected", "_selected_action": table.pk, "post": "yes"})
    table.refresh_from_db()
    assert (table.minimum_quantity, table.ranks.count()) == (2, 2)


def test_a_published_list_gets_no_further_table(desk, published, product):
    other = Product.objects.create(code="SMP-AO", name="Apex", programme=product.programme)
    answer = desk.post(address("pricetable", "add"), table_data(published, other, [A, B]))
    assert answer.context["adminform"].form.errors == {
        "price_list": [
            "2026年12月版 is published and does not change any more. Choose a draft, or make a new price list."
        ]
    }
    assert PriceTable.objects.count() == 1


def test_a_table_does_not_move_to_another_list(desk, draft, table):
    other = PriceList.objects.create(name="Other", effective_on=date(2027, 1, 1))
    content = desk.get(address("pricetable", "change", table.pk)).content.decode()
    assert 'name="price_list"' not in content
    assert 'name="product"' not in content
    assert other.tables.count() == 0


# --- Searching, filtering, few queries ------------------------------------------------------------------------------


def test_lists_and_tables_are_found(desk, published, table, product):
    newer = PriceList.objects.create(name="2027年1月版", effective_on=date(2027, 1, 1), is_sample=True)
    assert found(desk, "pricelist", {"q": "２０２７年"}) == ["2027年1月版"]
    assert found(desk, "pricelist", {"state": "waiting"}) == ["2026年12月版"]
    assert found(desk, "pricelist", {"state": "draft"}) == ["2027年1月版"]
    assert found(desk, "pricelist", {"is_sample__exact": "1"}) == ["2027年1月版"]
    make_table(newer, product)
    assert found(desk, "pricetable", {"q": "smpbs 12月"}) == ["2026年12月版 SMP-BS ビジネスセキュリティ"]
    assert found(desk, "pricetable", {"price_list__id__exact": str(newer.pk)}) == [
        "2027年1月版 SMP-BS ビジネスセキュリティ"
    ]


def count_queries(desk: Client, url: str) -> int:
    desk.get(url)  # what a process asks only once
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url).status_code == 200
    return len(queries)


def test_pages_of_a_dozen_take_the_queries_of_pages_of_one(desk, draft, table, product, admin):
    rate = TaxRate.objects.create(percent=Decimal(5), effective_on=date(2000, 1, 1))
    PriceList.objects.create(name="L1", effective_on=date(2020, 1, 1), published_at=NOW, published_by=admin)
    urls = [
        address("pricelist"),
        address("pricelist", "change", draft.pk),
        address("pricetable"),
        address("pricetable", "change", table.pk),
        address("taxrate"),
    ]

    def add_rows(number: int) -> None:
        other = Product.objects.create(code=f"X-{number}", name="X", programme=product.programme)
        more = make_table(draft, other)
        MultiYearDiscount.objects.create(price_table=more, years=2, percent=Decimal(3))
        PriceRank.objects.create(price_table=table, rank=f"Z{number}", from_quantity=number * 100, renewal_price=1)
        PriceList.objects.create(
            name=f"L{number}", effective_on=date(2020, 1, number), published_at=NOW, published_by=admin
        )
        TaxRate.objects.create(percent=rate.percent, effective_on=date(2000 + number, 1, 1))

    add_rows(2)  # a page without any discount asks for none
    with_few = {url: count_queries(desk, url) for url in urls}
    for number in range(3, 13):
        add_rows(number)
    assert {url: count_queries(desk, url) for url in urls} == with_few
