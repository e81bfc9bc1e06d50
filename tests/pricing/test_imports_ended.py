"""販売終了 in price files: a file ends products, brings them back, or does not speak of it; so does the export."""

from datetime import date

import pytest
from django.utils import translation

from foundation.spreadsheets.datasets import Csv, CsvCp932, Xlsx
from licensing.models import Product, Programme
from pricing.check.operations import check_price_list
from pricing.files.operations import load_products
from pricing.files.reading import Ended, ends_of, make_dataset
from pricing.loader import load_ends, load_tables
from pricing.models import EndOfSale, ImportedTable, PriceList
from pricing.wording.findings import what_was_found
from tests.cast import sign_in
from tests.html import tight
from tests.pricing.files.workbooks import HEAD, make_csv, make_xlsx
from tests.pricing.saying import said
from tests.pricing.test_imports import make_world
from tests.pricing.test_new_products import DAY, check, confirm

ENDS = HEAD + ",販売終了日,後継製品"
SOLD = "SMP-2,1,A,1,,900,900,,"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def admin(db):
    return make_world()


def base() -> PriceList:
    return PriceList.objects.get(name="2026年10月版")


def kinds(upload) -> dict[str, str]:
    return dict(ImportedTable.objects.filter(price_import=upload).values_list("product_code", "kind"))


def errors(upload) -> list[tuple[int, str, str]]:
    return list(upload.problems.filter(is_error=True).values_list("row", "column", "reason"))


def end(code: str, since: date = date(2027, 3, 31), successor: str = "") -> EndOfSale:
    """In the list in force of this world, before it is published."""
    products = load_products()
    return EndOfSale.objects.create(
        price_list=base(), product=products[code], since_on=since, successor=products.get(successor)
    )


def test_a_file_ends_a_product_and_its_page_shows_it_as_a_change_of_its_own(admin):
    upload = check(admin, make_csv(SOLD, "SMP-1,,,,,,,令和9年3月31日,ｓｍｐ－2", head=ENDS), based_on=base())
    assert errors(upload) == []
    assert kinds(upload)["SMP-1"] == "ended"
    assert upload.check_batch.result["findings"]["product-ended"] == 1
    page = sign_in(admin).get(f"/admin/pricing/pricelist/imports/{upload.key}/").text
    assert "Not sold since 2027-03-31</b>· Successor: SMP-2" in tight(page)
    assert "1 product is not sold any more with the new list" in page
    draft = confirm(admin, upload)
    assert ends_of(load_ends(price_list=draft)) == {"SMP-1": Ended(date(2027, 3, 31), "SMP-2")}
    assert set(load_tables(price_list=draft)) == {"SMP-2"}


@pytest.mark.parametrize(
    ("rows", "place", "reason"),
    [
        (("SMP-1,5,A,5,,2600,5200,2027/3/31,",), (2, "H: 販売終了日"), "SMP-1 also has prices in this file (row 2)."),
        (("SMP-1,5,A,5,,2600,5200,,", "SMP-1,,,,,,,2027/3/31,"), (3, "H: 販売終了日"), "SMP-1 also has prices"),
        (("SMP-1,,,,,,,,SMP-2",), (2, "H: 販売終了日"), "The day is missing from which SMP-1 is not sold"),
        (("SMP-1,,,,,,,平成39年3月31日,",), (2, "H: 販売終了日"), "平成 had no such day."),
        (("SMP-1,,,,,,,1999/3/31,",), (2, "H: 販売終了日"), "The day must lie between 2000 and 2099."),
        (("SMP-1,,,,,,,2027/3/31,", "SMP-1,,,,,,,2027/4/1,"), (3, "H: 販売終了日"), "Row 2 of the same product says"),
        (("SMP-1,,,,,,,2027/3/31,SMP-1",), (2, "I: 後継製品"), "A product cannot be its own successor."),
        (("SMP-1,,,,,,,2027/3/31,SMP-3",), (2, "I: 後継製品"), "SMP-3 has no prices in this file"),
        (("SMP-1,,,,,,,2027/3/31,SMP-3", "SMP-3,,,,,,,2027/3/31,"), (2, "I: 後継製品"), "SMP-3 has no prices"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_written(admin, rows, place, reason):
    upload = check(admin, make_csv(*rows, SOLD, head=ENDS))
    [(row, column, told)] = errors(upload)
    assert ((row, column), told[: len(reason)]) == (place, reason)
    assert EndOfSale.objects.count() == 0


@pytest.mark.parametrize("head", ["EOS", "end of sale", "終売日", "販売終了日（予定）", "Not sold since", "ended_on"])
def test_the_column_is_found_by_its_usual_names(admin, head):
    upload = check(admin, make_csv(SOLD, "SMP-1,,,,,,,2027-03-31,", head=f"{HEAD},{head},replacement"))
    assert (errors(upload), kinds(upload)["SMP-1"]) == ([], "ended")


def test_prices_for_a_product_that_is_ended_bring_it_back_and_that_is_said(admin):
    end("SMP-3")
    upload = check(admin, make_csv("SMP-3,1,A,1,,900,900,,", head=ENDS), based_on=base())
    notices = upload.problems.filter(is_error=False)
    assert [(row.row, row.reason) for row in notices] == [
        (2, "SMP-3 is not sold since 2027-03-31 in the list compared with. With these prices it is sold again.")
    ]
    assert kinds(upload)["SMP-3"] == "added"
    assert (
        "Until now: not sold since 2027-03-31"
        in sign_in(admin).get(f"/admin/pricing/pricelist/imports/{upload.key}/").text
    )


def test_a_file_that_does_not_speak_of_it_ends_nothing_and_brings_nothing_back(admin):
    end("SMP-3", successor="SMP-2")
    upload = check(admin, make_csv("SMP-2,1,A,1,,900,900"), based_on=base())
    assert (errors(upload), kinds(upload)["SMP-3"]) == ([], "same")
    assert "it stays as in the list compared with (SMP-3)" in upload.problems.get(is_error=False).reason
    assert ends_of(load_ends(price_list=confirm(admin, upload))) == {"SMP-3": Ended(date(2027, 3, 31), "SMP-2")}
    spoken = check(admin, make_csv(SOLD, head=ENDS), "2027年5月版", based_on=base())
    assert kinds(spoken)["SMP-3"] == "removed"


def test_a_matrix_of_the_vendor_ends_products_too(admin):
    rows = [
        ["製品コード", "最低購入本数", "販売終了日", "更新 A 1～24", "更新 B 25～", "追加 A 1～24", "追加 B 25～"],
        ["SMP-2", 1, None, 900, 800, 900, 800],
        ["SMP-1", None, date(2027, 3, 31), "-", "-", "-", "-"],
    ]
    upload = check(admin, make_xlsx(rows))
    assert (errors(upload), kinds(upload)) == ([], {"SMP-1": "ended", "SMP-2": "added"})


@pytest.mark.parametrize("form", [Xlsx, Csv, CsvCp932])
def test_the_export_goes_into_an_empty_portal_and_changes_nothing_where_it_came_from(admin, form):
    end("SMP-3", successor="SMP-2")
    tables, ended = load_tables(price_list=base()), ends_of(load_ends(price_list=base()))
    with translation.override("ja"):
        dataset = make_dataset(list(tables.values()), load_products(), is_sample=False, ended=ended)
        data = form().export_data(dataset)
    again = check(admin, data, based_on=base())
    assert set(kinds(again).values()) == {"same"}
    assert again.problems.count() == 0
    PriceList.objects.all().delete()
    Product.objects.all().delete()
    Programme.objects.all().delete()
    upload = check(admin, data, "2027年5月版")
    assert errors(upload) == []
    draft = confirm(admin, upload, makes_products=True)
    assert load_tables(price_list=draft) == tables
    assert ends_of(load_ends(price_list=draft)) == ended


def test_the_check_of_a_list_blocks_prices_of_an_ended_product_and_a_successor_without_prices(admin):
    def found():
        blocking = check_price_list(price_list=base(), on=DAY).blocking
        return {(one.code, one.product_code): said(what_was_found, one, "en") for one in blocking}

    end("SMP-1", successor="SMP-3")
    assert found()["ended-has-prices", "SMP-1"] == (
        "The list says that SMP-1 is not sold since 2027-03-31, and has prices for it: they would never be used."
    )
    assert found()["successor-without-prices", "SMP-1"] == (
        "SMP-3 is named as the successor of SMP-1, but the list has no prices for it."
    )
    base().tables.filter(product__code="SMP-1").delete()
    EndOfSale.objects.update(successor=Product.objects.get(code="SMP-2"))
    assert not {"ended-has-prices", "successor-without-prices"} & {code for code, _product in found()}


TOLD = "If the product is not sold any more, enter the first such day in the column Not sold since"


@pytest.mark.parametrize("word", ["販売終了", "終売", "（廃番）", "discontinued", "End of Sale", "ＥＯＳ"])
def test_a_word_in_place_of_a_price_is_told_to_be_a_day_in_its_column(admin, word):
    upload = check(admin, make_csv(f"SMP-1,,,,,{word},{word}", "SMP-2,1,A,1,,900,900"))
    assert [(row, column, told[: len(TOLD)]) for row, column, told in errors(upload)] == [
        (2, "F: renew_unit_price", TOLD)
    ]
    assert EndOfSale.objects.count() == 0


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ("SMP-1,5,A,5,,2600,販売終了,,", ["G: add_unit_price"]),
        ("SMP-1,5,A,5,,販売終了,5200,,", ["F: renew_unit_price"]),
        ("SMP-1,,,,,,,販売終了,", ["H: 販売終了日"]),
        ("SMP-1,,,,,販売終了,,販売終了,", ["H: 販売終了日"]),
        ("SMP-1,販売終了,,,,,,,", ["B: min_renew_qty"]),
        ("SMP-1,,販売終了,,,,,,", ["C: rank"]),
    ],
)
def test_such_a_word_is_told_once_at_its_cell_wherever_it_stands(admin, row, places):
    upload = check(admin, make_csv(row, SOLD, head=ENDS))
    assert [column for _row, column, told in errors(upload) if told.startswith(TOLD)] == places
    assert len(errors(upload)) == 1


def test_with_its_day_such_a_word_is_no_price(admin):
    upload = check(admin, make_csv("SMP-1,,,,,販売終了,販売終了,2027/3/31,SMP-2", SOLD, head=ENDS))
    assert (errors(upload), kinds(upload)["SMP-1"]) == ([], "ended")


def test_what_has_ended_in_the_compared_list_is_not_counted_as_ended_anew(admin):
    """The preview counts what the check of the draft finds."""
    end("SMP-1", successor="SMP-2")  # still with its prices, which the check of the base blocks
    end("SMP-3")
    rows = ("SMP-1,,,,,,,2027/3/31,SMP-2", "SMP-3,,,,,,,2027/3/31,")
    upload = check(admin, make_csv(SOLD, *rows, head=ENDS), based_on=base())
    assert errors(upload) == []
    assert "product-ended" not in upload.check_batch.result["findings"]
    assert kinds(upload) == {"SMP-1": "same", "SMP-2": "changed", "SMP-3": "same"}
    draft = confirm(admin, upload)
    assert "product-ended" not in {one.code for one in check_price_list(price_list=draft, on=DAY).findings}


def test_a_product_that_ends_is_counted_once_on_the_preview(admin):
    upload = check(admin, make_csv(SOLD, "SMP-1,,,,,,,2027/3/31,", head=ENDS), based_on=base())
    page = sign_in(admin).get(f"/admin/pricing/pricelist/imports/{upload.key}/").text
    assert upload.check_batch.result["findings"]["product-ended"] == 1
    assert page.count("Taken out of sale") == 1
    draft = confirm(admin, upload)
    found = [one.code for one in check_price_list(price_list=draft, on=DAY).findings]
    assert found.count("product-ended") == 1
    assert "product-gone" not in found
