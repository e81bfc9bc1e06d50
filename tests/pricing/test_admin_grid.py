"""A whole list as a grid of products by ranks: readable at a dozen products, found one's way in at hundreds."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from licensing.models import Product, Programme
from pricing.models import MultiYearDiscount, PriceList, PriceRank, PriceTable

pytestmark = pytest.mark.usefixtures("november")

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def programmes(db):
    return [
        Programme.objects.create(code="通常", name="通常", name_en="Standard"),
        Programme.objects.create(code="TRSL", name="TRSL", rank_basis="largest_product"),
    ]


@pytest.fixture
def draft(programmes):
    price_list = PriceList.objects.create(name="2026年12月版", effective_on=date(2026, 12, 1))
    table = add(price_list, programmes[0], "SMP-BS", "ビジネス", ("A", 2, 5000, 5100), ("B", 10, 4750, None))
    MultiYearDiscount.objects.create(price_table=table, years=3, percent=Decimal("8.00"))
    add(price_list, programmes[1], "SMP-CC", "クライアント", ("B", 25, 2390, 0), ("C", 1000, 2180, 4370))
    return price_list


def add(price_list, programme, code, name, *ranks):
    product = Product.objects.create(code=code, name=name, programme=programme, is_multi_year_discountable=True)
    table = PriceTable.objects.create(price_list=price_list, product=product, minimum_quantity=ranks[0][1])
    for rank, start, renewal, addition in ranks:
        PriceRank.objects.create(
            price_table=table, rank=rank, from_quantity=start, renewal_price=renewal, addition_price=addition
        )
    return table


def page_of(price_list, query=""):
    return f"/admin/pricing/pricelist/{price_list.pk}/change/{query}"


def grid_of(answer):
    """The grid's rows of cells, as read."""
    assert answer.status_code == 200
    table = answer.text.partition('class="price-grid"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in cells]


def products_of(answer):
    return [row[0].split()[0] for row in grid_of(answer) if row[2:3] == ["from quantity"]]


def test_products_by_ranks(desk, draft):
    assert grid_of(desk.get(page_of(draft))) == [
        ["product", "minimum at renewal", "rank", "A", "B", "C", "multi-year discount"],
        ["SMP-BS ビジネス Standard", "2", "from quantity", "2", "10", "–", "3: 8 %"],
        ["renewal price", "5,000", "4,750", ""],
        ["addition price", "5,100", "–", ""],
        ["SMP-CC クライアント TRSL to be ticked as read", "25", "from quantity", "–", "25", "1,000", "–"],
        ["renewal price", "", "2,390", "2,180"],
        ["addition price", "", "0", "4,370"],
    ]


def test_a_product_leads_to_its_table_and_a_draft_to_a_further_one(desk, draft, admin):
    link = f'<a href="/admin/pricing/pricetable/{draft.tables.first().pk}/change/">SMP-BS</a>'
    further = f'href="/admin/pricing/pricetable/add/?price_list={draft.pk}" class="addlink"'
    answer = desk.get(page_of(draft))
    assert link in answer.text
    assert further in answer.text
    PriceList.objects.update(published_at=NOW, published_by=admin)
    answer = desk.get(page_of(draft))
    assert link in answer.text
    assert further not in answer.text
    assert "only_found" not in answer.text
    assert "to be ticked as read" not in answer.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ｓｍｐ－ｃｃ", ["SMP-CC"]),
        ("?q=ｸﾗｲｱﾝﾄ", ["SMP-CC"]),
        ("?q=smp", ["SMP-BS", "SMP-CC"]),
        ("?q=zzz", []),
        ("?programme={trsl}", ["SMP-CC"]),
        ("?programme={trsl}&q=BS", []),
        ("?only_found=on", ["SMP-CC"]),
        ("?programme=9999", ["SMP-BS", "SMP-CC"]),
        ("?programme=x%00&q=%00", ["SMP-BS", "SMP-CC"]),
        ("?page=99", ["SMP-BS", "SMP-CC"]),
        ("?page=x", ["SMP-BS", "SMP-CC"]),
    ],
)
def test_what_is_shown_is_asked_for(desk, draft, programmes, query, found):
    answer = desk.get(page_of(draft, query.format(trsl=programmes[1].pk)))
    assert (products_of(answer) if found else grid_of(answer)) == found
    assert ("No product of this list fits." in answer.text) is not bool(found)


def test_hundreds_of_products_come_in_pages(desk, draft, programmes):
    for number in range(60):
        add(draft, programmes[0], f"X-{number:02}", "X", ("A", 1, 100, 100))
    first = desk.get(page_of(draft))
    assert len(products_of(first)) == 50
    assert "1–50 of 62" in first.text
    assert 'href="?page=2#tables"' in first.text
    assert products_of(desk.get(page_of(draft, "?page=2")))[0] == "X-48"
    assert "Price tables (62)" in " ".join(first.text.split())
    assert 'href="?q=X&amp;page=2#tables"' in desk.get(page_of(draft, "?q=X")).text


def test_a_list_without_products_says_so(desk, draft):
    PriceTable.objects.all().delete()
    answer = desk.get(page_of(draft))
    assert "The list has no price tables yet." in answer.text
    assert grid_of(answer) == []
