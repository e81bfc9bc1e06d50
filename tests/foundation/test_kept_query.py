"""A query whose SQL is kept finds what the query itself finds, with values of today."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import CharField, DateField, F, IntegerField
from django.test.utils import CaptureQueriesContext

from foundation.kept_query import KeptQuery, KeptRows, Later
from licensing.models import Holding, LicenseID, User
from pricing.models import MultiYearDiscount
from tests.cast import make_cast, make_license_id

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


def held(**which):
    return Holding.objects.filter(**which).select_related("product__programme").order_by("pk")


def built_rows():
    return held(licenseid__code=Later("code", CharField()))


def seen(rows):
    return [(row, {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}) for row in rows]


def make_holdings():
    cast = make_cast()
    make_license_id(cast.customer, "LIC-1", ("SMP-CC", 320), ("SMP-CS", 120), ("SMP-SW", 45))
    make_license_id(cast.english_customer, "LIC-2", ("SMP-CC", 10))


def test_rows_are_those_of_the_query_with_what_belongs_to_them(db):
    make_holdings()
    kept, count = KeptRows(built_rows), 0
    for code in {*LicenseID.objects.values_list("code", flat=True), "no such % code"}:
        expected = list(held(licenseid__code=code))
        with CaptureQueriesContext(connection) as asked:
            found = kept.rows(code=code)
            assert seen(found) == seen(expected)
            assert seen(row.product for row in found) == seen(row.product for row in expected)
            assert seen(row.product.programme for row in found) == seen(row.product.programme for row in expected)
        assert len(asked.captured_queries) == 1
        assert all(row._state.db == "default" and not row._state.adding for row in found)
        count += len(found)
    assert count == 4


def test_what_belongs_to_nobody_is_none(db):
    make_cast()
    kept = KeptRows(lambda: User.objects.filter(pk=Later("pk", IntegerField())).select_related("reseller"))
    for user in User.objects.all():
        with CaptureQueriesContext(connection) as asked:
            [found] = kept.rows(pk=user.pk)
            assert (found, found.reseller_id) == (user, user.reseller_id)
            assert (found.reseller and found.reseller.pk) == user.reseller_id
        assert len(asked.captured_queries) == 1
    assert User.objects.filter(reseller=None).exists()


def test_a_row_that_changes_is_found_as_it_is_now(db):
    make_holdings()
    kept, code = KeptRows(built_rows), "LIC-1"
    [first, *_others] = kept.rows(code=code)
    Holding.objects.filter(pk=first.pk).update(quantity=first.quantity + 7)
    assert kept.rows(code=code)[0].quantity == first.quantity + 7
    with pytest.raises(KeyError, match="code"):
        kept.rows()


def test_rows_have_what_is_annotated(db):
    make_holdings()
    twice = KeptRows(lambda: built_rows().annotate(twice=F("quantity") * 2).order_by("-quantity")[:2])
    found = twice.rows(code="LIC-1")
    assert [(row.quantity, row.twice) for row in found] == [(320, 640), (120, 240)]
