"""The decision sheet of the form: quantities by terms, what is said of them, and a cell that becomes the form's."""

import json
from datetime import date

import pytest
from django.utils import translation

from licensing.models import LicenseID
from renewals.form.tried import read_tried
from renewals.form.views.decision import lay_out_decision
from renewals.form.views.opened import price_form
from renewals.models import QuoteDraft
from tests.cast import make_license_id, publish_prices
from tests.making import everything_written, fill, holding_of
from tests.page import Page, open_form, send
from tests.quotes.answers import URL


def sheet_of(licenseid: LicenseID, **changes):
    with translation.override("en"):
        form = fill(licenseid, changes)
        found = lay_out_decision(form=form, calculation=price_form(form), code=licenseid.code)
        assert found is not None
        return found


@pytest.fixture
def hundred(cast) -> LicenseID:
    """E4: 100 of SMP-CC."""
    return make_license_id(cast.customer, "LIC-1700", ("SMP-CC", 100))


def tries(licenseid: LicenseID, *texts: str, prefix: str = "") -> dict[str, str]:
    """What is typed for its products, in the order of their codes."""
    held = licenseid.holdings.select_related("product").order_by("product__code")
    return {f"{prefix}try-{one.product_id}": text for one, text in zip(held, texts, strict=False)}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("80 120", (80, 120)),
        ("８０、１２０", (80, 120)),
        ("８０　＋２０ −5", (80, 120, 95)),
        ("+ 20", (120,)),
        ("1,200本, 30", (1_200, 30)),
        ("80 80", (80,)),
        ("", ()),
        ("\x00", ()),
    ],
)
def test_what_is_read_as_quantities(text, read):
    assert (read_tried(text, held=100).quantities, read_tried(text, held=100).error) == (read, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("80 many", "“many” is not a quantity. Write numbers with spaces between them, such as 80 120 or +20."),
        ("-101", "“-101” is not possible. A quantity is from 0 to 9,999,999."),
        ("10000000", "“10000000” is not possible. A quantity is from 0 to 9,999,999."),
        ("9" * 60, f"“{'9' * 60}” is not possible. A quantity is from 0 to 9,999,999."),
        ("1.5", "“1.5” is not a quantity. Write numbers with spaces between them, such as 80 120 or +20."),
        ("1 2 3 4 5 6 7", "At most 6 quantities can be compared at once."),
    ],
)
def test_what_cannot_be_read_says_so_and_leaves_nothing_read(text, said):
    with translation.override("en"):
        assert (read_tried(text, held=100).quantities, read_tried(text, held=100).error) == ((), said)


def test_the_phone_call(hundred):
    """Keep 100, go down to 80, add 20, for 1, 3 or 5 years: renewal prices 1,920 (D) and 2,180 (C), addition 3,850."""
    found = sheet_of(hundred, **tries(hundred, "80 120"))
    rows = {row.quantities[0].quantity: row for row in found.rows}
    assert [row.quantities[0].quantity for row in found.rows] == [25, 50, 80, 100, 120]
    asked = {
        quantity: {cell.years: cell.subtotal for cell in rows[quantity].cells if cell.years in (1, 3, 5)}
        for quantity in (100, 80, 120)
    }
    assert asked == {
        100: {1: 192_000, 3: 576_000, 5: 960_000},
        80: {1: 174_400, 3: 523_200, 5: 872_000},
        120: {1: 269_000, 3: 269_000 + 2 * 230_400, 5: 269_000 + 4 * 230_400},
    }
    cell = rows[120].cells[2]
    assert (cell.total, cell.per_year, cell.per_license, cell.difference) == (802_780, 243_267, 2_027, 153_800)
    kept = rows[100]
    assert (kept.reasons, kept.is_asked, kept.is_kept) == (
        ["What is held", "As entered", "Cheapest from what is entered"],
        True,
        True,
    )
    assert [cell.is_asked for cell in kept.cells] == [True, False, False, False, False, False]
    assert kept.cells[0].difference is None
    eighty = rows[80].quantities[0]
    assert (eighty.rank_when_kept, eighty.rank, eighty.is_rank_changed) == ("D", "C", True)


def test_the_whole_quote_has_its_free_lines_and_no_cell_has(hundred):
    """R23, with tax: (192,000 + 50,000) × 1.1, and for 3 years (576,000 + 50,000) × 1.1."""
    line = {
        "free-0-description": "設定作業費",
        "free-0-quantity": "2",
        "free-0-price": "25000",
        "free-0-tax": "standard",
    }
    cells = next(row.cells for row in sheet_of(hundred, **line).rows if row.is_kept)
    assert [(cell.subtotal, cell.total) for cell in (cells[0], cells[2])] == [(192_000, 266_200), (576_000, 688_600)]
    cells = next(row.cells for row in sheet_of(hundred, **line | {"free-0-price": "-1"}).rows if row.is_kept)
    assert (cells[0].subtotal, cells[0].total) == (192_000, None)


def test_a_cell_that_is_refused_says_why(hundred):
    [row] = [row for row in sheet_of(hundred, **tries(hundred, "3")).rows if row.quantities[0].quantity == 3]
    cell = row.cells[0]
    assert (cell.subtotal, cell.refused and cell.refused.short) == (None, "Minimum")
    assert cell.refused is not None
    assert cell.refused.sentences == [
        f"{row.quantities[0].name} (SMP-CC): 3 is below the minimum of 5 at renewal.",
    ]


def test_what_is_said_of_quantities(hundred, cast):
    publish_prices("2027年2月版", date(2027, 2, 1), by=cast.admin, percent=110)
    pk = holding_of(hundred).pk
    advice = sheet_of(hundred, is_reduced="on", **{f"quantity-{pk}": "95"}).advice
    assert advice is not None
    assert advice.together == [
        "From 1 February 2027 “2027年2月版” applies: ¥227,810, against ¥207,100 until then (+¥20,710).",
    ]
    assert advice.products[0].sentences == [
        "Reducing costs less from 88 on (¥191,840, against ¥192,000 for keeping 100), "
        "but 89–99 cost as much as keeping or more.",
        "Of 95 and more, 100 cost least: ¥192,000, against ¥207,100 for 95.",
        "5 more (100) reach rank D: ¥192,000, against ¥207,100 now (▲¥15,100).",
    ]
    plot = advice.products[0].plot
    assert plot is not None
    assert [(mark.kind, mark.quantity, mark.total) for mark in plot.marks] == [
        ("held", 100, 192_000),
        ("asked", 95, 207_100),
        ("best", 100, 192_000),
    ]
    assert [(one.rank, one.first, one.last) for one in plot.pieces] == [("B", 47, 49), ("C", 50, 99), ("D", 100, 121)]


def test_several_products_are_looked_at_together(cast):
    licenseid = make_license_id(cast.customer, "LIC-1701", ("SMP-CC", 100), ("SMP-CS", 90))
    pk = licenseid.holdings.get(product__code="SMP-CC").pk
    found = sheet_of(licenseid, is_reduced="on", **{f"quantity-{pk}": "95"}, **tries(licenseid, "80 60", "70"))
    typed = [[one.quantity for one in row.quantities] for row in found.rows if "Typed" in row.reasons]
    assert typed == [[80, 70], [60, 90]] or typed == [[60, 90], [80, 70]]
    assert found.advice is not None
    assert found.advice.together[1] == (
        f"Of what is entered and more, {found.fields[0].product} 100 costs least: "
        "¥405,300, against ¥449,200 as entered."
    )


def test_what_is_reduced_and_added_in_one_is_told_to_be_no_cell(hundred):
    """80 of 100 renewed and 30 added: 110 on the sheet are 100 renewed and 10 added, which costs something else."""
    pk = holding_of(hundred).pk
    code = hundred.holdings.get().product.code
    added = {"addition-0-product": code, "addition-0-quantity": "30"}
    found = sheet_of(hundred, is_reduced="on", **{f"quantity-{pk}": "80"}, **added)
    [row] = [row for row in found.rows if row.quantities[0].quantity == 110]
    assert (row.reasons[0], row.is_asked) == ("Quantity as entered, what is held renewed first", False)
    assert row.cells[0].subtotal == 230_500  # 100 at 1,920 and 10 at 3,850
    assert found.advice is not None
    assert found.advice.together[0] == (
        "What is entered reduces a product and adds to it, and costs ¥269,100. Here as much of its quantity is "
        "renewed as is held."
    )


def test_what_is_left_out_and_expires_meanwhile_makes_waiting_dearer(cast):
    """E17: SMP-CC decides the rank of SMP-IM until it expires, although it is left out (R4)."""
    licenseid = make_license_id(cast.customer, "LIC-1702", ("SMP-CC", 120), ("SMP-IM", 30))
    licenseid.holdings.filter(product__code="SMP-CC").update(support_expires_on=date(2027, 2, 10))
    pk = licenseid.holdings.get(product__code="SMP-CC").pk
    advice = sheet_of(licenseid, **{f"renew-{pk}": ""}).advice
    assert advice is not None
    assert advice.together == [
        "From 11 February 2027 what is left out counts no more: ¥49,800, against ¥39,900 until then (+¥9,900).",
    ]


def test_of_a_quote_over_several_the_others_stay_as_they_are(desk, cast, hundred, licenseid):
    url = f"{URL}?with=LIC-1700"
    entry = open_form(desk, url).fields | {f"offered-{holding_of(licenseid).pk}": ["10 %"]}  # the sheet is of the list
    before = everything_written()
    answered = send(desk, f"{URL}decision/", entry | {"decision": ["LIC-1700"]})
    page = Page(answered)
    assert (answered.status_code, everything_written() == before) == (200, True)
    buttons = page.all(lambda element: element.has_class("take"))
    cell = next(one for one in buttons if one["aria-current"])
    assert cell.text().startswith("¥192,000 enter")
    texts = [one.text() for one in page.all(lambda element: element.has_class("figures-of-cell"))]
    assert "with tax ¥433,950 a year ¥192,000 each, a year ¥1,920" in texts
    three = next(one for one in buttons if one.text().startswith("¥576,000"))
    taken = Page(send(desk, URL, entry, three["value"]))
    number = hundred.pk
    assert (taken.fields[f"{number}-years"], taken.fields["years"]) == (["3"], ["1"])


@pytest.mark.parametrize(("quantity", "row"), [(80, None), (120, "20")])
def test_a_cell_becomes_what_the_form_asks_for(desk, hundred, quantity, row):
    """With scripts and without: the same fields; nothing is written."""
    url = "/license-ids/LIC-1700/quote/"
    entry = open_form(desk, url).fields | {name: [text] for name, text in tries(hundred, str(quantity)).items()}
    before = everything_written()
    page = Page(send(desk, url, entry, "decision LIC-1700"))
    [button] = [
        one for one in page.all(lambda element: element.has_class("take")) if f" {quantity} for 3 years" in one.text()
    ]
    taken = Page(send(desk, url, entry | {"decision": ["LIC-1700"]}, button["value"]))
    pk = holding_of(hundred).pk
    assert taken.fields["years"] == ["3"]
    assert taken.fields.get("is_reduced") == (["on"] if quantity < 100 else None)
    assert taken.fields[f"quantity-{pk}"] == [str(min(quantity, 100))]
    assert taken.fields["addition-0-quantity"] == [row or ""]
    assert taken.has_id(f"decision-title-{hundred.pk}")  # it stays open
    swapped = send(desk, f"{url}change/", entry, button["value"])
    told = json.loads(swapped["HX-Trigger"])["portal:fields"]
    assert {name: taken.fields.get(name, [""])[0] for name in told} == told
    assert everything_written() == before


@pytest.mark.parametrize(
    "action", ["take 3", "take 9 1:1", "take 1 999999:5", "take 1-1 1:1", "take 1 1:99999999", "take 0 1:9"]
)
def test_a_cell_of_no_sheet_changes_nothing(desk, hundred, action):
    url = "/license-ids/LIC-1700/quote/"
    entry = open_form(desk, url).fields
    page = Page(send(desk, url, entry, action))
    assert (page.status, page.fields["years"], page.total) == (200, ["1"], "¥211,200")


def test_what_is_typed_into_the_sheet_is_no_part_of_the_draft(desk, hundred):
    url = "/license-ids/LIC-1700/quote/"
    entry = open_form(desk, url).fields | {name: ["many"] for name in tries(hundred, "many")}
    page = Page(send(desk, f"{url}decision/", entry | {"decision": ["LIC-1700"]}))
    [wrong] = page.all(lambda element: element.has_class("field-error"))
    assert wrong.text().startswith("“many” is not a quantity.")
    assert send(desk, url, entry, "save").status_code == 302
    assert QuoteDraft.objects.get().as_typed == {}


def test_nothing_that_is_quoted_has_no_sheet(desk, hundred):
    url = "/license-ids/LIC-1700/quote/"
    entry = open_form(desk, url).fields
    entry.pop(f"renew-{holding_of(hundred).pk}")
    page = Page(send(desk, f"{url}decision/", entry | {"decision": ["LIC-1700"]}))
    words = "Nothing is quoted of this license ID, so there is nothing to compare."
    assert [one.text() for one in page.root.walk() if one.tag == "p"] == [words]
    assert send(desk, f"{url}decision/", entry | {"decision": ["LIC-9999"]}).status_code == 200
