"""Orders as files for other programs: every field there and back, and nothing lost unsaid."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from licensing.models import Product
from pricing.models import TaxRate
from quotes.handover.fields import FIELDS, read_order, read_orders
from quotes.handover.layouts import layouts, slip_quantity, with_reductions
from quotes.handover.operations import save_columns
from quotes.handover.queries import chosen_orders, columns_of, orders_between
from quotes.handover.writing import Unknown, unknown_characters, write_orders
from quotes.models import FieldOrder
from quotes.record.transitions import record_order, reopen
from tests.cast import NOW, make_license_id, sign_in
from tests.making import everything_written, given_quote

pytestmark = pytest.mark.django_db
ALL = [(name, str(field.words)) for name, field in FIELDS.items()]
DAY = date(2027, 1, 15)


@pytest.fixture
def ordered(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff, changes={"subject": '件名, "引用"', "note": "よろしく"})
    record_order(quote=quote, order_number="0012-注", ordered_on=DAY, by=cast.staff, now=NOW)
    [loaded] = chosen_orders(cast.staff, [quote.key])
    return loaded


def written(value, day="%Y-%m-%d"):
    """A value as a text file has it, said here once more."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime(day)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def test_the_one_reader_says_what_the_record_says(ordered):
    row = read_order(ordered)[0]
    line = ordered.document["lines"][0]
    assert len(FIELDS) >= 40
    assert (row["quote_number"], row["ordered_on"], row["order_number"]) == (ordered.number, DAY, "0012-注")
    assert (row["amount"], row["quantity"], row["product_code"]) == (
        line["amount"],
        line["quantity"],
        line["product_code"],
    )
    assert (row["total"], row["tax_percent"], row["term_until"]) == (
        ordered.total,
        Decimal(10),
        date.fromisoformat(line["term_until"]),
    )


def test_products_of_several_rates_each_say_theirs(cast):
    """R14, R20: of 192,000 and 39,900 a 値引き of 10,000 takes 8,279.4… and 1,720.5…, the rest from the largest."""
    TaxRate.objects.create(category="reduced", percent=Decimal(8), effective_on=date(2019, 10, 1))
    Product.objects.filter(code="SMP-IM").update(tax_category="reduced")
    one = make_license_id(cast.customer, "LIC-1", ("SMP-CC", 100), ("SMP-IM", 30))
    quote = given_quote(one, by=cast.staff, changes={"reduction": "10000"})
    told = ("product_code", "amount", "tax_percent", "rate_subtotal", "rate_tax")
    rows = read_order(quote)
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("SMP-CC", 192_000, 10, 183_720, 18_372),
        ("SMP-IM", 39_900, 8, 38_180, 3_054),
    ]
    assert [(row["amount"], row["tax_percent"]) for row in with_reductions(rows)[2:]] == [(-8_280, 10), (-1_720, 8)]
    assert quote.total == 243_326


@pytest.mark.parametrize("name", ["yayoi-quote", "yayoi-order", "yayoi-sale", "freee", "csv", "cp932"])
def test_every_field_goes_through_a_text_file_and_back(ordered, name):
    layout, rows = layouts(ALL)[name], read_order(ordered)
    assert unknown_characters(rows, layout) == []
    text = write_orders(rows, layout).decode(layout.encoding)
    found = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=layout.delimiter))
    assert len(found) == len(rows)
    there = {column.name: column.head for column in layout.columns if column.name}
    if name == "yayoi-quote":
        there["issued_on"] = "伝票日付"
    assert set(there) == set(FIELDS)
    for row, read in zip(rows, found, strict=True):
        assert {field: read[there[field]] for field in FIELDS} == {
            field: written(value, layout.day) for field, value in row.items()
        }


def test_every_field_goes_through_a_workbook_and_back(ordered):
    rows = read_order(ordered)
    book = load_workbook(io.BytesIO(write_orders(rows, layouts(ALL)["xlsx"])))
    heads, *found = book.active.iter_rows(values_only=True)
    assert list(heads) == [head for _name, head in ALL]
    for row, read in zip(rows, found, strict=True):
        back = [
            value.date() if FIELDS[name].kind == "day" and value else value or ("" if row[name] == "" else value)
            for (name, _head), value in zip(ALL, read, strict=True)
        ]
        assert back == list(row.values())


def test_a_slip_multiplies_to_the_amount():
    assert slip_quantity({"quantity": 48, "unit": "本", "amount": 141_120}) == (48, "本", 2_940)
    assert slip_quantity({"quantity": 7, "unit": "本", "amount": 100}) == (1, "式", 100)


def test_a_reduction_on_the_whole_is_a_row_of_a_slip_so_that_it_adds_up(ordered):
    rows = [row | {"reduction": 500} for row in read_order(ordered)]
    for name in ("yayoi-order", "freee"):
        layout = layouts(ALL)[name]
        text = write_orders(rows, layout).decode(layout.encoding)
        found = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=layout.delimiter))
        assert sum(int(row["数量"]) * int(row["単価"]) for row in found) == sum(row["amount"] for row in rows) - 500
        assert (len(found), found[-1]["単価"]) == (len(rows) + 1, "-500")


def test_no_cell_is_a_formula_and_numbers_below_zero_stay_numbers(ordered):
    [row, *_rest] = read_order(ordered)
    row = row | {"subject": "=1+1", "note": "@x", "amount": -5}
    text = write_orders([row], layouts([("subject", "-件名"), ("note", "備考"), ("amount", "金額")])["cp932"])
    assert list(csv.reader(io.StringIO(text.decode("cp932")))) == [["'-件名", "備考", "金額"], ["'=1+1", "'@x", "-5"]]


def test_a_text_of_several_lines_or_with_tabs_is_one_cell_of_a_slip(ordered):
    [row, *_rest] = read_order(ordered)
    row = row | {"note": "一\r\n二\t三　四"}
    for name, note in (("yayoi-sale", "一 二 三　四"), ("csv", "一\r\n二\t三　四")):
        layout = layouts([("note", "見積備考")])[name]
        text = write_orders([row], layout).decode(layout.encoding)
        assert text.count("\t") == (2 * (len(layout.columns) - 1) if name == "yayoi-sale" else 1)
        [found] = csv.DictReader(io.StringIO(text, newline=""), delimiter=layout.delimiter)
        assert note in found.values()


def test_what_cp932_lacks_is_named_and_replaced_only_when_asked(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff, changes={"subject": "葛󠄀と𠮷野 ～", "note": ""})
    record_order(quote=quote, ordered_on=DAY, by=cast.staff, now=NOW)
    rows = read_orders(chosen_orders(cast.staff, [quote.key]))
    layout = layouts([("quote_number", "番号"), ("subject", "件名")])["cp932"]
    unknown = unknown_characters(rows, layout)
    assert Unknown(quote.number, "件名", "𠮷") in unknown
    assert next(one.code_point for one in unknown if one.character == "𠮷") == "U+20BB7"
    client = sign_in(cast.staff, language="ja")
    asked = {"quote": str(quote.key), "which": "ticked", "form": "yayoi-order"}
    refused = client.post("/handover/file/", asked)
    page = refused.content.decode()
    assert (refused.status_code, "U+20BB7" in page, quote.number in page) == (422, True, True)
    answer = client.post("/handover/file/", asked | {"replace": "on"})
    assert answer.status_code == 200
    assert "〓野 ～" in answer.content.decode("cp932")
    assert client.post("/handover/file/", asked | {"form": "freee"}).content.decode("utf-8-sig").count("𠮷") >= 1


def test_only_what_is_ordered_and_one_s_own_by_its_day(cast, licenseid, ordered):
    open_one = given_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45)), by=cast.staff)
    assert [one.pk for one in orders_between(cast.staff, DAY, DAY)] == [ordered.pk]
    assert list(orders_between(cast.staff, date(2027, 1, 16), None)) == []
    assert chosen_orders(cast.staff, [open_one.key]) == []
    client = sign_in(cast.staff, language="ja")
    answer = client.post("/handover/file/", {"quote": str(open_one.key), "which": "ticked", "form": "freee"})
    assert (answer.status_code, "選び直して" in answer.content.decode()) == (422, True)
    everything = client.post("/handover/file/", {"which": "all", "form": "csv", "first_day": "2027/1/1"})
    assert ordered.number in everything.content.decode("utf-8-sig")
    assert client.get(f"/handover/?quote={ordered.key}").content.decode().count(" checked") >= 1


def test_columns_are_the_reseller_s_own_in_its_order_and_names(cast, ordered):
    client = sign_in(cast.manager, language="ja")
    typed = {f"place_{name}": "" for name in FIELDS} | {f"head_{name}": "" for name in FIELDS}
    typed |= {"place_amount": "２", "head_amount": "売価", "place_subject": "1"}
    before = everything_written()
    refused = client.post("/handover/columns/", typed | {"place_amount": "1", "head_amount": "件名"})
    assert (refused.status_code, everything_written()) == (422, before)
    assert client.post("/handover/columns/", typed).status_code == 302
    assert columns_of(cast.aoba, "table") == [("subject", "件名"), ("amount", "売価")]
    assert columns_of(cast.minato, "table")[0][0] == "quote_number"
    save_columns(reseller=cast.aoba, purpose="table", columns=[("amount", "金額")], look=lambda _row: None)
    assert FieldOrder.objects.get().columns == [["amount", "金額"]]
    answer = sign_in(cast.staff).post("/handover/file/", {"quote": str(ordered.key), "which": "ticked", "form": "csv"})
    assert answer.content.decode("utf-8-sig").splitlines()[0] == "金額"


def test_the_entry_sheet_has_each_field_to_copy_in_the_order_of_the_reseller(cast, ordered):
    client = sign_in(cast.staff, language="ja")
    address = f"/quotes/{ordered.key}/entry/"
    page = client.get(address).content.decode()
    assert 'id="order-order_number" value="0012-注" readonly' in page
    assert f'id="line-1-amount" value="{ordered.document["lines"][0]["amount"]}" readonly' in page
    assert 'id="order-ordered_on" value="2027/01/15" readonly' in page
    assert 'data-copy="order-order_number" data-said="copied"' in page
    wanted = [("amount", "売価"), ("subject", "件名"), ("quantity", "数")]
    save_columns(reseller=cast.aoba, purpose="entry", columns=wanted, look=lambda _row: None)
    page = client.get(address).content.decode()
    assert [page.index(f'for="{name}"') for name in ("order-subject", "line-1-amount", "line-1-quantity")] == sorted(
        page.index(f'for="{name}"') for name in ("order-subject", "line-1-amount", "line-1-quantity")
    )
    assert "order-order_number" not in page
    reopen(quote=ordered, reason="誤り", by=cast.staff, now=NOW)
    assert client.get(address).url == f"/quotes/{ordered.key}/"
