"""Many numbers as one value of a query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.among import among, among_later, among_texts_later
from foundation.kept_query import KeptQuery
from licensing.models import Holding, LicenseID
from tests.cast import make_cast, make_license_id

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db):
    return make_cast()


def test_rows_are_found_by_one_parameter(cast):
    first, second = (make_license_id(cast.customer, code, ("SMP-BS", 45)) for code in ("LIC-1", "LIC-2"))
    numbers = [first.pk, first.pk, 10**12, *range(-500, 0)]
    with CaptureQueriesContext(connection) as made:
        assert list(LicenseID.objects.filter(pk__in=among(numbers))) == [first]
        assert Holding.objects.filter(licenseid__in=among(number for number in numbers)).get().licenseid_id == first.pk
        assert LicenseID.objects.exclude(pk__in=among([second.pk])).get() == first
        assert not LicenseID.objects.filter(pk__in=among([])).exists()
    assert len(made) == 4


def test_rows_are_deleted_by_it(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-CC", 45))
    one = licenseid.holdings.first()
    assert Holding.objects.filter(pk__in=among([one.pk])).delete()[0] == 1
    assert licenseid.holdings.count() == 1


def test_a_kept_query_is_given_other_numbers_each_time(cast):
    first, second = (make_license_id(cast.customer, code, ("SMP-BS", 45)) for code in ("LIC-1", "LIC-2"))
    kept = KeptQuery(lambda: LicenseID.objects.filter(pk__in=among_later("numbers")).order_by("pk").values_list("code"))
    asked = ([first.pk], [second.pk, first.pk, first.pk], [second.pk, 10**12], [])
    assert [kept.rows(numbers=numbers) for numbers in asked] == [
        [["LIC-1"]], [["LIC-1"], ["LIC-2"]], [["LIC-2"]], [],
    ]  # fmt: skip


def test_it_is_given_texts_likewise(cast):
    for code in ("LIC-1", "1", '名"前,{}'):
        make_license_id(cast.customer, code, ("SMP-BS", 45))
    codes = LicenseID.objects.filter(code__in=among_texts_later("codes")).order_by("pk").values_list("code", named=True)
    kept = KeptQuery(lambda: codes)
    asked = (["LIC-1", "LIC-1"], {"1", '名"前,{}'}, ["LIC-2", "' OR 1=1 --"], [])
    found = [[row.code for row in kept.rows(codes=texts)] for texts in asked]
    assert found == [["LIC-1"], ["1", '名"前,{}'], [], []]
