"""The columns of a price table: one list, through which it is read, written, copied, compared and told."""

from dataclasses import fields

import pytest
from django.utils import translation

from pricing import models
from pricing.engine.lint_changes import values_of
from pricing.engine.values import PRICES, RANK_COLUMNS, TABLE_COLUMNS, PriceRank, PriceTable
from pricing.files.reading import compare_tables, table_as_json, table_from_json
from pricing.files.reading.columns import LABELS, NAMES
from pricing.files.reading.resource import PriceRow, PriceRowResource
from pricing.wording.changes import say_changes
from tests.pricing.files.workbooks import make_table

COLUMNS = {**TABLE_COLUMNS, **RANK_COLUMNS}


def test_the_lists_name_every_column_of_the_values():
    """What is not in them would be lost by a copy, and by a file."""
    ranks = {field.name for field in fields(PriceRank)}
    tables = {field.name for field in fields(PriceTable) if field.init}
    assert ranks == {"rank", *RANK_COLUMNS}
    assert tables == {"product_code", "ranks", "multi_year_discounts", *TABLE_COLUMNS}
    assert set(PRICES) < set(RANK_COLUMNS)
    assert len(set(COLUMNS.values())) == len(COLUMNS)


def test_the_lists_name_every_column_of_the_database():
    ranks = {field.name for field in models.PriceRank._meta.concrete_fields}
    tables = {field.name for field in models.PriceTable._meta.concrete_fields}
    assert ranks == {"id", "price_table", "rank", *RANK_COLUMNS}
    assert tables == {"id", "price_list", "product", *TABLE_COLUMNS}


def test_price_files_have_every_column():
    assert set(COLUMNS) <= {field.name for field in fields(PriceRow)}
    for names in (LABELS, NAMES, PriceRowResource.fields):
        assert set(COLUMNS) <= set(names)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "minimum at renewal 5 → none, first quantity of rank A 5 → none, renewal price at rank A ¥2,600 → none, "
         "addition price at rank A ¥5,200 → none"),
        ("ja", "最低購入本数 5 → なし、ランクAの開始数量 5 → なし、ランクAの更新単価 ¥2,600 → なし、"
         "ランクAの追加単価 ¥5,200 → なし"),
    ],
)  # fmt: skip
def test_histories_have_words_for_every_column(language, told):
    values = values_of(make_table("SMP-1", ("A", 5, 2600, 5200)))
    assert [name for name, _of in values] == list(COLUMNS.values())
    with translation.override(language):
        assert say_changes([(key, value, None) for key, value in values.items()]) == told


def test_uploads_are_kept_as_they_always_were():
    """Rows of uploads that were kept before a change of the code are read after it."""
    table = make_table("SMP-1", ("A", 5, 2600, 5200), ("B", 25, 2390, None), minimum=10)
    kept = {"minimum": 10, "ranks": [["A", 5, 2600, 5200], ["B", 25, 2390, None]], "discounts": {}}
    assert table_as_json(table) == kept
    assert table_from_json("SMP-1", kept) == table


@pytest.mark.parametrize("name", COLUMNS)
def test_a_difference_in_any_column_is_one(name):
    old = make_table("SMP-1", ("A", 5, 2600, 5200))
    content = table_as_json(old)
    if name in TABLE_COLUMNS:
        content[TABLE_COLUMNS[name]] += 1
    else:
        content["ranks"][0][1 + list(RANK_COLUMNS).index(name)] += 1
    change = compare_tables(old, table_from_json("SMP-1", content))
    columns = {**change.columns, **change.ranks[0].columns}
    assert (change.kind, [other for other, one in columns.items() if one.differs]) == ("changed", [name])
