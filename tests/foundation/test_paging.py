"""Pages of lists whose rows are read by their numbers."""

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.paging import FARTHEST, KeysFirst
from licensing.models import Customer
from tests.cast import make_cast

pytestmark = pytest.mark.both_databases
PER_PAGE = 3


@pytest.fixture
def customers(db):
    """Eleven, some of whose names are the same."""
    reseller = make_cast().aoba
    Customer.objects.bulk_create(Customer(reseller=reseller, name=f"同名{n % 4}") for n in range(11))
    return Customer.objects.filter(name__startswith="同名").order_by("kana", "-name", "pk")


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize(
    "asked", [None, "1", "2", "3", "4", "5", "99", "0", "-1", "x", "２", str(10**30), FARTHEST + 1]
)
def test_every_page_is_that_of_the_whole_list(customers, asked, is_known):
    """Also those that are read from the end, and those that are not there."""
    usual = Paginator(customers, PER_PAGE).get_page(asked)
    pages = KeysFirst(customers, PER_PAGE, shown=Customer.objects.all(), count=11 if is_known else None)
    page = pages.get_page(asked)
    assert list(page) == list(usual)
    assert (page.number, page.paginator.count, page.has_next()) == (usual.number, 11, usual.has_next())


def test_a_list_without_rows_has_one_page(customers):
    page = KeysFirst(customers.filter(name="x"), PER_PAGE, shown=Customer.objects.all()).get_page("1")
    assert (list(page), page.number, page.paginator.count) == ([], 1, 0)


@pytest.mark.parametrize("asked", ["1", "4"])
def test_it_counts_and_looks_up_in_one_query(customers, asked):
    with CaptureQueriesContext(connection) as queries:
        list(KeysFirst(customers, PER_PAGE, shown=Customer.objects.all()).get_page(asked))
    assert len(queries) == 2
