"""An exported list, imported again, is the same list; and nobody's spreadsheet program calculates what we wrote."""

import csv
import io
import unicodedata
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from foundation.spreadsheets.datasets import Csv, CsvCp932, Xlsx, find_lost
from licensing.models import Product
from pricing.engine.rank import in_code_order
from pricing.engine.values import PriceRank, PriceTable
from pricing.files.reading import Change, compare_tables, kind_of, largest_percent, make_dataset, read_prices
from pricing.files.reading import table_as_json as as_json
from pricing.files.reading import table_from_json as from_json
from pricing.files.reading.cells import is_end_word
from tests.examples import MANY_TIMES, examples

from .workbooks import make_products, make_table, with_discounts

CODES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,11}\Z")
RANK_CHARACTERS = sorted(
    {
        character
        for first in range(0x20, 0x100)
        for second in range(0x20, 0x100)
        for character in bytes([first, second]).decode("cp932", "ignore")
        if unicodedata.category(character) not in ("Cc", "Co", "Zs", "Zl", "Zp")
    }
)
"""All that comes back from cp932 as it was."""
RANK_TEXTS = st.text(st.sampled_from(RANK_CHARACTERS), min_size=1, max_size=6).filter(
    lambda text: text.strip() == text and not is_end_word(text)
)
"""Words such as 販売終了 are no rank: they say that the product is not sold any more."""
NAME_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
PERCENTS = st.decimals("0.01", "99.99", places=2)


@st.composite
def tables(draw: st.DrawFn, code: str) -> PriceTable:
    names = draw(st.lists(RANK_TEXTS, min_size=1, max_size=5, unique_by=lambda text: text))
    names.sort(key=in_code_order)
    starts = sorted(draw(st.sets(st.integers(1, 9_999_999), min_size=len(names), max_size=len(names))))
    prices = st.integers(0, 99_999_999)
    ranks = tuple(
        PriceRank(name, start, draw(prices), draw(st.none() | prices))
        for name, start in zip(names, starts, strict=True)
    )
    discounts = draw(st.dictionaries(st.integers(2, 6), PERCENTS, max_size=5))
    return PriceTable(code, draw(st.integers(1, 9_999_999)), ranks, discounts)


@st.composite
def price_lists(draw: st.DrawFn) -> tuple[dict[str, PriceTable], dict[str, Product]]:
    codes = draw(st.lists(CODES, min_size=1, max_size=4, unique_by=str.casefold))
    products = make_products(*codes, discountable=codes)
    for product in products.values():
        product.name = draw(st.text(NAME_CHARACTERS, max_size=12))
    return {code: draw(tables(code)) for code in codes}, products


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
@examples(12)
@given(exported=price_lists(), is_sample=st.booleans(), language=st.sampled_from(["ja", "en"]))
def test_what_is_exported_comes_back_exactly(exported, is_sample, language):
    before, products = exported
    for code, table in before.items():
        assert from_json(code, as_json(table)) == table, "as it is kept"
    for format_class in (Xlsx, Csv, CsvCp932):
        with translation.override(language):
            data = format_class().export_data(make_dataset(before.values(), products, is_sample=is_sample))
            found = read_prices(data, products=products, before=before)
        assert (found.error_count, [problem for problem in found.problems if problem.is_error]) == (0, [])
        assert found.tables == before
        assert found.is_sample == (True if is_sample else None)
        assert {compare_tables(before[code], table).kind for code, table in found.tables.items()} == {"same"}


def test_no_table_is_kept_as_none():
    assert as_json(None) is None
    assert from_json("x", None) is None


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "=cmd|' /C calc'!A0"]


def test_no_cell_is_a_formula():
    products = make_products(*(f"SMP-{n}" for n in range(len(DANGEROUS))))
    before = {}
    for name, (code, product) in zip(DANGEROUS, products.items(), strict=True):
        product.name = name
        before[code] = make_table(code, (name[:10].strip(), 1, 100, None))
    dataset = make_dataset(before.values(), products, is_sample=False)
    as_csv, as_xlsx = Csv().export_data(dataset), Xlsx().export_data(dataset)
    rows = list(csv.reader(io.StringIO(as_csv.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == [f"'{name}" for name in DANGEROUS]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx)).active
    assert [(cell.value, cell.data_type) for cell in sheet["B"][1:]] == [(name, "s") for name in DANGEROUS]
    for data in (as_csv, as_xlsx):
        assert read_prices(data, products=products, before=before).tables == before


def test_a_workbook_is_pleasant_to_work_in():
    products = make_products("0012", discountable=["0012"])
    table = with_discounts(make_table("0012"), y2="3.50", y3="10")
    with translation.override("ja"):
        data = Xlsx().export_data(make_dataset([table], products, is_sample=False))
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("価格表の版", "A2", "A1:AA3")
    assert [cell.value for cell in sheet[1]][:9] == [
        "製品コード", "製品名", "プログラム", "更新時の最低購入本数", "ランク", "数量（から）", "数量（まで）",
        "更新単価", "追加単価"
    ]  # fmt: skip
    assert [cell.value for cell in sheet[2]] == [
        "0012", "製品 0012", "通常", 5, "A", 5, 24, 2600, 5200, 3.5, 10, None, None, None, None, None,
        None, None, "本", None, 1, "standard", "通常", "Standard", "own_quantity", 6, None
    ]  # fmt: skip
    assert [cell.value for cell in sheet[3]][8:] == [None] * 19
    assert (sheet["A2"].data_type, sheet["H2"].number_format, sheet["A1"].font.bold) == ("s", "#,##0", True)


def test_what_cp932_cannot_hold_is_told_and_marked():
    products = make_products("SMP-1", "SMP-2")
    products["SMP-1"].name = "𠮷野家 ㈱髙﨑 ①～ é"
    products["SMP-2"].name = "製品\x80"  # could be written, but nothing readable comes back; nobody sees it
    dataset = make_dataset([make_table("SMP-1"), make_table("SMP-2")], products, is_sample=False)
    [lost] = find_lost(dataset)
    assert (lost.row, lost.text, lost.characters) == (2, "𠮷野家 ㈱髙﨑 ①～ é", "𠮷é")
    text = CsvCp932().export_data(dataset).decode("cp932")
    assert "〓野家 ㈱髙﨑 ①～ 〓" in text
    assert "𠮷野家 ㈱髙﨑 ①～ é" in Csv().export_data(dataset).decode("utf-8-sig")


def test_differences_by_rank_with_their_percentage():
    old = with_discounts(make_table("SMP-1", ("A", 5, 2600, 5200), ("B", 25, 2390, None), ("C", 50, 100, 0)), y2="3")
    new = with_discounts(make_table("SMP-1", ("A", 5, 2678, 5200), ("B", 30, 2390, 4000), ("D", 90, 9, 9)), y3="8")
    change = compare_tables(old, new)
    assert change.kind == "changed"
    assert [(rank.rank, rank.kind) for rank in change.ranks] == [
        ("A", "changed"), ("B", "changed"), ("D", "added"), ("C", "removed")
    ]  # fmt: skip
    first, second, *_rest = change.ranks
    price = first.columns["renewal_price"]
    assert (price.old, price.new, price.percent) == (2600, 2678, Decimal("3.0"))
    assert first.columns["addition_price"] == Change(5200, 5200)
    assert (second.columns["from_quantity"], second.columns["addition_price"].percent) == (Change(25, 30), None)
    assert [(years, one.old, one.new) for years, one in change.discounts] == [(2, 3, None), (3, None, 8)]
    assert largest_percent(old, new) == Decimal("3.0")
    assert [largest_percent(*sides) for sides in ((old, old), (None, new), (old, None))] == [0, 0, 0]
    kinds = [kind_of(*sides) for sides in ((old, new), (old, old), (None, new), (old, None))]
    assert kinds == ["changed", "same", "added", "removed"]
    assert (compare_tables(None, new).kind, compare_tables(old, None).kind, compare_tables(old, old).kind) == (
        "added",
        "removed",
        "same",
    )
    cheaper = make_table("SMP-1", ("A", 5, 1300, 5300))
    assert largest_percent(old, cheaper) == Decimal("-50.0")
    assert not compare_tables(old, cheaper).columns["minimum_quantity"].differs
