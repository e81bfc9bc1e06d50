"""Words found in search keys by an index, on PostgreSQL: the same rows as everywhere."""

import pytest
from django.db import connection

from foundation.text.parts import parts_of
from licensing.models import Customer
from licensing.queries import customers_by_name
from tests.cast import TODAY, make_cast

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db):
    return make_cast()


NAMES = ("株式会社高崎製作所", "高崎100%ガラス", "堀", "髙﨑 商事", "A_B\\C", "ＡＢＣ", "高" * 200)


@pytest.mark.parametrize(
    ("word", "parts"),
    [("", []), ("堀", ["堀"]), ("高崎", ["高崎"]), ("高崎製作", ["崎製作", "高崎製"]), ("aaaa", ["aaa"])],
)
def test_the_longest_parts_of_a_word(word, parts):
    assert parts_of(word) == parts


@pytest.mark.parametrize(
    "word", ["高", "高崎", "崎製作", "高崎製作所", "0%", "%", "_", "a_b", "\\", "abc", "堀", "高" * 200, "無"]
)
def test_it_finds_what_stands_in_the_key(cast, word):
    rows = [Customer.objects.create(reseller=cast.aoba, name=name) for name in NAMES]
    expected = [row.pk for row in rows if word in row.search_key]
    found = Customer.objects.filter(pk__in=[row.pk for row in rows], search_key__contains=word).order_by("pk")
    assert list(found.values_list("pk", flat=True)) == expected


def test_the_index_serves_the_search(cast):
    if connection.vendor != "postgresql":
        return
    indexes = ("customer_by_parts", "customer_by_contact_parts", "license_id_by_parts", "contact_by_parts")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        for index in indexes:  # what earlier tests left waiting to be put in makes an index dearer
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
    plan = customers_by_name(cast.staff, on=TODAY, text="高崎").explain()
    for index in indexes:
        assert index in plan, plan


def test_every_index_gathers_what_it_is_to_hold(db):
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reloptions FROM pg_class WHERE relkind = 'i' AND relname LIKE '%\\_parts'")
        found = dict(cursor.fetchall())
    gathered = ["fastupdate=on", "gin_pending_list_limit=256"]
    assert found == dict.fromkeys(
        (
            *("customer_by_parts", "customer_by_contact_parts", "license_id_by_parts", "contact_by_parts"),
            *("user_by_parts", "quote_by_parts", "quote_by_order_parts"),
        ),
        gathered,
    )
