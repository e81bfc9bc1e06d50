"""A query whose SQL is kept finds what the query itself finds, with values of today."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import CharField, DateField
from django.test.utils import CaptureQueriesContext

from foundation.kept_query import KeptQuery, Later
from pricing.models import MultiYearDiscount
from tests.cast import make_cast

pytestmark = pytest.mark.both_databases


ON = "price_table__price_list__effective_on"


def discounts(codes, until):
    rows = MultiYearDiscount.objects.filter(price_table__product__code__in=codes, **{f"{ON}__lte": until})
    moment = "price_table__price_list__published_at"
    return rows.order_by("pk").values_list("pk", "price_table__product__code", "percent", ON, moment)


def built():
    return discounts([Later("code", CharField())], Later("until", DateField()))


def test_it_finds_what_the_query_finds(db):
    make_cast()
    kept, count = KeptQuery(built), 0
    codes = set(MultiYearDiscount.objects.values_list("price_table__product__code", flat=True))
    days = set(MultiYearDiscount.objects.values_list(ON, flat=True))
    for code in {*codes, "no such % code", "’ OR 1=1 --"}:
        for until in (date(2000, 1, 1), *days, date.max):
            expected = [list(row) for row in discounts([code], until)]
            assert kept.rows(code=code, until=until) == expected
            count += len(expected)
    assert count > 3


def test_it_is_built_once_for_a_connection_and_asked_each_time(db):
    make_cast()
    times = []

    def build():
        times.append(1)
        return built()

    kept, other = KeptQuery(build), KeptQuery(built)
    first = MultiYearDiscount.objects.order_by("pk")[0]
    code = first.price_table.product.code
    with CaptureQueriesContext(connection) as asked:
        before = kept.rows(code=code, until=date.max)
        assert kept.rows(code=code, until=date(2000, 1, 1)) == []
        assert other.rows(code=code, until=date.max) == before != []
    assert (len(times), len(asked.captured_queries)) == (1, 3)


def test_a_value_that_is_not_given_is_missed(db):
    with pytest.raises(KeyError, match="until"):
        KeptQuery(built).rows(code="A")
