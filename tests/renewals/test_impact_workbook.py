"""The workbook of an impact: everything in it, numbers as numbers, texts as texts, and no formula ever."""

from datetime import datetime
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from licensing.models import Customer
from pricing.models import PriceTable
from renewals.models import ImpactFile, ImpactRun
from tests.cast import make_license_id
from tests.making import given_quote
from tests.renewals.impacts import calculate, make_draft


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def open_book(run: ImpactRun):
    return load_workbook(BytesIO(bytes(ImpactFile.objects.get(run=run).content)))


def test_every_row_stands_in_it_with_its_figures(cast, licenseid):
    make_license_id(cast.foreign_customer, "LIC-9001", ("SMP-WM", 100))
    quote = given_quote(licenseid, by=cast.staff, changes={"years": "2"})
    draft = make_draft(cast)
    PriceTable.objects.filter(price_list=draft, product__code="SMP-WM").delete()
    book = open_book(calculate(draft, cast.admin))
    assert book.sheetnames == [
        "Coming renewals", "Coming renewals By reseller", "Coming renewals By product",
        "Open quotes", "Open quotes By reseller", "Open quotes By product", "About",
    ]  # fmt: skip
    sheet = book["Coming renewals"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (
        "license ID", "customer", "reseller", "support expiry", "products", "before", "after", "difference",
        "difference in percent", "outcome", "ranks", "refusals and warnings",
    )  # fmt: skip
    assert rows[1] == (
        "LIC-1001", "株式会社髙﨑製作所", "青葉見本システム株式会社", datetime(2027, 3, 31), "SMP-BS", 202_500, 222_750,
        20_250, 10, "dearer", "SMP-BS C", None,
    )  # fmt: skip
    assert rows[2][:11] == (
        "LIC-9001", "有限会社波止場商会", "株式会社みなと見本情報", datetime(2027, 3, 31), "SMP-WM", 246_000, None,
        None, None, "refused only with the draft", "SMP-WM C",
    )  # fmt: skip
    assert rows[2][11].startswith("no-price-table: ")
    assert len(rows) == 3
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:L3")
    assert [sheet.cell(2, column).number_format for column in (1, 4, 6, 8, 9)] == [
        "@", "yyyy-mm-dd", "#,##0", "#,##0", "0.00",
    ]  # fmt: skip
    quotes = list(book["Open quotes"].iter_rows(values_only=True))
    assert (quotes[1][0], quotes[1][1], quotes[1][6]) == (quote.number, "LIC-1001", 405_000)
    totals = list(book["Coming renewals By reseller"].iter_rows(values_only=True))
    assert totals[1:] == [
        ("青葉見本システム株式会社", 1, 1, 0, 0, 202_500, 222_750, 20_250),
        ("株式会社みなと見本情報", 1, 0, 0, 1, 0, 0, 0),
    ]
    assert dict(book["About"].iter_rows(values_only=True))["compared with"] == "2026年10月版"


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "0123", "\t=1", "x\x0by", "㈱" * 90]
)
def test_a_name_is_never_a_formula_nor_breaks_the_file(cast, name):
    customer = Customer.objects.create(reseller=cast.aoba, name=name)
    make_license_id(customer, "0012", ("SMP-BS", 45))
    sheet = open_book(calculate(make_draft(cast), cast.admin))["Coming renewals"]
    cell, code = sheet["B2"], sheet["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == (name.replace("\x0b", ""), "s", "@")
    assert (code.value, code.data_type) == ("0012", "s")
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_it_is_written_in_the_language_of_who_started_it(cast, licenseid):
    with translation.override("ja"):
        run = calculate(make_draft(cast), cast.admin)
    assert open_book(run).sheetnames[0] == "更新予定"
