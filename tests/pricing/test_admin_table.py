"""One product's table in the administration: numbers as they are typed, findings, the plot, the list's history."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import zeal

from licensing.models import Product, Programme
from pricing.models import MultiYearDiscount, PriceList, PriceRank, PriceTable
from tests.html import tight

pytestmark = pytest.mark.usefixtures("november")

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ADD = "/admin/pricing/pricetable/add/"


@pytest.fixture
def product(db):
    programme = Programme.objects.create(code="通常", name="通常")
    return Product.objects.create(
        code="SMP-WM", name="WebManager", programme=programme, is_multi_year_discountable=True
    )


@pytest.fixture
def draft(db):
    return PriceList.objects.create(name="2026年12月版", effective_on=date(2026, 12, 1))


@pytest.fixture
def table(draft, product):
    table = PriceTable.objects.create(price_list=draft, product=product, minimum_quantity=10)
    for rank, start, price in (("A", 10, 3080), ("B", 50, 2770), ("C", 100, 2460)):
        PriceRank.objects.create(
            price_table=table, rank=rank, from_quantity=start, renewal_price=price, addition_price=price + 1
        )
    return table


def page_of(table):
    return f"/admin/pricing/pricetable/{table.pk}/change/"


def filled(product, draft, *ranks, minimum="10", discounts=()):
    data = {"price_list": draft.pk, "product": product.pk, "minimum_quantity": minimum}
    for name, rows, columns in (
        ("ranks", ranks, ("rank", "from_quantity", "renewal_price", "addition_price")),
        ("multi_year_discounts", discounts, ("years", "percent")),
    ):
        data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            data |= {f"{name}-{number}-{column}": text for column, text in zip(columns, row, strict=True)}
    return data


def read(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def test_numbers_are_typed_as_people_have_them(desk, product, draft):
    ranks = [
        ("Ａ", "１０", "￥３，０８０", "¥4,400"),
        (" Ｂ ", "５０本", "2,770円", "3 960"),
        ("C", "１、０００", "２４６０", ""),
    ]
    data = filled(
        product, draft, *ranks, minimum=" １０ ", discounts=[("２", "３％"), ("3", "８．５"), ("4", "9.50 %")]
    )
    answer = desk.post(ADD, data)
    assert (answer.status_code, answer.url) == (302, f"/admin/pricing/pricelist/{draft.pk}/change/")
    table = PriceTable.objects.get()
    assert table.minimum_quantity == 10
    assert list(table.ranks.values_list("rank", "from_quantity", "renewal_price", "addition_price")) == [
        ("A", 10, 3080, 4400),
        ("B", 50, 2770, 3960),
        ("C", 1000, 2460, None),
    ]
    assert list(table.multi_year_discounts.values_list("years", "percent")) == [
        (2, Decimal(3)),
        (3, Decimal("8.5")),
        (4, Decimal("9.5")),
    ]


@pytest.mark.parametrize(
    ("rank", "said"),
    [
        (("A", "10", "1.5", "1"), "“1.5” is not a whole number. Write it in digits, like 12."),
        (("A", "10", "1,50", "1"), "“1,50” is not a whole number. Write it in digits, like 12."),
        (("A", "10", "三千", "1"), "“三千” is not a whole number. Write it in digits, like 12."),
        (("A", "10", "9" * 5000, "1"), "Ensure this value has at most 40 characters (it has 5000)."),
        (("A", "10", "9" * 20, "1"), f"“{'9' * 20}” is too large a number. Check how many digits it has."),
        (("A", "0", "1", "1"), "Ensure this value is greater than or equal to 1."),
        (("A", "10", "-1", "1"), "Ensure this value is greater than or equal to 0."),
        (("A", "10", "▲1", "1"), "Ensure this value is greater than or equal to 0."),
        (("A", "10", "1", "100,000,000"), "A unit price must be at most 99,999,999 yen."),
        (("A", "10", "\0", "1"), "Null characters are not allowed."),
        (("　", "10", "1", "1"), "This field is required."),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_clear_words(desk, product, draft, rank, said):
    answer = desk.post(ADD, filled(product, draft, rank))
    assert answer.status_code == 200
    assert said in read(answer)
    assert PriceTable.objects.count() == 0


@pytest.mark.parametrize(
    ("discount", "said"),
    [
        (("2", "abc"), "“abc” is not a percentage. Write it in digits, like 2.5."),
        (("2", "100"), "Ensure this value is less than or equal to 99.99."),
        (("2", "0"), "Ensure this value is greater than or equal to 0.01."),
        (("2", "1.234"), "Ensure that there are no more than 2 decimal places."),
        (("7", "3"), "Ensure this value is less than or equal to 6."),
        (("1", "3"), "Ensure this value is greater than or equal to 2."),
    ],
)
def test_discounts_that_cannot_be_are_refused_in_clear_words(desk, product, draft, discount, said):
    answer = desk.post(ADD, filled(product, draft, ("A", "10", "1", "1"), discounts=[discount]))
    assert answer.status_code == 200
    assert said in read(answer)
    assert PriceTable.objects.count() == 0


def test_another_table_is_added_to_the_same_list(desk, product, draft):
    data = filled(product, draft, ("A", "10", "2", ""))
    answer = desk.post(ADD, data | {"_addanother": "1"})
    assert answer.url == f"{ADD}?price_list={draft.pk}"
    assert f'<option value="{draft.pk}" selected>' in desk.get(answer.url).text
    again = desk.post(ADD, data)
    assert again.status_code == 200
    assert "This price list already has a table for the product." in read(again)
    assert PriceTable.objects.count() == 1


def test_ranks_that_only_differ_in_width_are_the_same(desk, product, draft):
    answer = desk.post(ADD, filled(product, draft, ("A", "10", "2", ""), ("Ａ", "20", "1", "")))
    assert "The rank A stands twice. Give each rank its own code." in read(answer)


def test_saving_what_is_shown_changes_nothing(desk, table):
    MultiYearDiscount.objects.create(price_table=table, years=3, percent=Decimal("8.00"))
    answer = desk.get(page_of(table))
    shown = dict(re.findall(r'<input type="(?:text|hidden)" name="([^"]+)" value="([^"]*)"', answer.text))
    assert (shown["ranks-0-renewal_price"], shown["multi_year_discounts-0-percent"]) == ("3,080", "8")
    with zeal.zeal_ignore():  # Django looks every row of a formset up by itself
        assert desk.post(page_of(table), shown).status_code == 302
    assert table.price_list.events.count() == 0
    shown["ranks-0-renewal_price"] = "３，０９０"
    with zeal.zeal_ignore():
        assert desk.post(page_of(table), shown).status_code == 302
    assert PriceRank.objects.get(rank="A").renewal_price == 3090
    kept = {"fields": ["prices of SMP-WM"], "changes": [["renewal", "A", 3080, 3090]]}
    assert [event.detail for event in table.price_list.events.all()] == [kept]


def test_the_history_of_the_list_tells_of_tables_added_and_deleted(desk, admin, product, draft):
    desk.post(ADD, filled(product, draft, ("A", "10", "2", "")))
    table = PriceTable.objects.get()
    assert desk.post(f"/admin/pricing/pricetable/{table.pk}/delete/", {"post": "yes"}).status_code == 302
    assert [event.detail["fields"] for event in draft.events.all()] == [
        ["prices of SMP-WM added"],
        ["prices of SMP-WM deleted"],
    ]
    page = read(desk.get(f"/admin/pricing/pricelist/{draft.pk}/change/"))
    assert "香坂 管理: changed (prices of SMP-WM deleted; minimum at renewal" in page
    assert "renewal price at rank A ¥2 → none" in page


def test_the_page_tells_the_findings_of_its_product(desk, table, admin):
    PriceRank.objects.filter(rank="B").update(renewal_price=3081)
    told = "to be ticked as read SMP-WM: the renewal price rises from ¥3,080 at rank A to ¥3,081 at rank B."
    assert told in read(desk.get(page_of(table)))
    PriceList.objects.update(published_at=NOW, published_by=admin)
    assert told not in read(desk.get(page_of(table)))


# --- The plot -------------------------------------------------------------------------------------------------------


def figures_of(answer):
    table = answer.text.partition('id="plot-figures"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    return [
        [" ".join(re.sub(r"<[^>]*>", "", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def test_the_figures_beside_the_plot(desk, table):
    assert figures_of(desk.get(page_of(table))) == [
        ["A", "10–49", "¥3,080", "¥30,800–¥150,920", "45–49: 50 cost ¥138,500"],
        ["B", "50–99", "¥2,770", "¥138,500–¥274,230", "89–99: 100 cost ¥246,000"],
        ["C", "100–", "¥2,460", "¥246,000–", "–"],
    ]


def test_for_several_years_with_their_discount(desk, table):
    MultiYearDiscount.objects.create(price_table=table, years=3, percent=Decimal(8))
    answer = desk.get(page_of(table) + "?years=3")
    assert "Total price over quantity, 3 years" in answer.text
    assert '<a href="?years=3#plot" aria-current="true">3 years</a>' in tight(answer.text)
    assert figures_of(answer)[2] == ["C", "100–", "¥2,460", "¥678,960–", "–"]


def test_the_drawing(desk, table):
    svg = desk.get(page_of(table)).text.partition('<svg class="plot"')[2].partition("</svg>")[0]
    assert (svg.count("<polyline"), svg.count('class="shade"'), svg.count('class="drop"')) == (3, 2, 2)
    assert [text for text in re.findall(r'<text[^>]*>([^<]*)</text>', svg) if "¥" not in text] == [
        "10", "A", "50", "B", "100", "C",
    ]  # fmt: skip
    assert "¥100,000" in svg
    assert "style=" not in svg
    for points in re.findall(r'points="([^"]+)"', svg):
        pairs = [tuple(map(float, pair.split(","))) for pair in points.split()]
        assert pairs == sorted(pairs, key=lambda pair: pair[0])
        assert all(92 <= x <= 744 and 16 <= y <= 256 for x, y in pairs)
        assert pairs[0][1] > pairs[-1][1]
    for x, before, after in re.findall(r'class="drop" x1="([\d.]+)" x2="[\d.]+" y1="([\d.]+)" y2="([\d.]+)"', svg):
        assert float(before) < float(after), x


@pytest.mark.parametrize("query", ["?years=0", "?years=7", "?years=x", "?years=%00", "?years=", "?years=１"])
def test_other_years_are_one(desk, table, query):
    assert "Total price over quantity, 1 year<" in tight(desk.get(page_of(table) + query).text)


@pytest.mark.parametrize("price", [0, 1, 99_999_999])
def test_strange_prices_are_drawn_too(desk, table, price):
    PriceRank.objects.exclude(rank="A").delete()
    PriceRank.objects.update(renewal_price=price, from_quantity=2_000_000_000)
    for years in (1, 6):
        answer = desk.get(page_of(table) + f"?years={years}")
        assert answer.status_code == 200
        assert figures_of(answer)[0][0] == "A"


def test_without_ranks_there_is_no_plot(desk, table):
    PriceRank.objects.all().delete()
    answer = desk.get(page_of(table))
    assert answer.status_code == 200
    assert "<polyline" not in answer.text
