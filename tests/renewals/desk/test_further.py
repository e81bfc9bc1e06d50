"""Pages that go on after a row: every row once, in the list's order, whatever it is sorted by."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from licensing.models import Customer
from renewals.desk.filters import SORTS, Filter
from renewals.desk.further import Start, read_start, rows_from
from renewals.desk.queries import found_rows, sorted_rows
from renewals.desk.refresh import refresh
from renewals.models import DeskRow
from tests.cast import EXPIRY, NOW, TODAY, Cast, make_cast, make_license_id

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db: None) -> Cast:
    """Rows that share what they are sorted by, and rows that have nothing there."""
    made = make_cast()
    for number in range(11):
        owner = (made.staff, made.manager, None)[number % 3]
        customer = Customer.objects.create(reseller=made.aoba, name=f"第{number // 3}株式会社", owner=owner)
        expires = EXPIRY + timedelta(days=number // 2)
        make_license_id(customer, f"LIC-{number:02}", ("SMP-BS", 20 + 5 * (number // 4)), expires=expires)
    make_license_id(made.foreign_customer, "LIC-99", ("SMP-BS", 20))
    refresh(on=TODAY, most=100)
    for at, row in enumerate(DeskRow.objects.order_by("code")):
        changes = {"moved_at": NOW + timedelta(hours=at // 2)} if at % 3 else {}
        changes |= {"amount": None} if at % 5 == 0 else {}
        changes |= {"step_on": None} if at % 4 == 0 else {}
        DeskRow.objects.filter(pk=row.pk).update(**changes)
    return made


def test_every_row_comes_once_and_in_order(cast: Cast) -> None:
    found = found_rows(cast.staff, Filter(due="all"), on=TODAY)
    for sort in (*SORTS, *(f"-{name}" for name in SORTS)):
        whole = [row.pk for row in sorted_rows(found, sort)]
        assert len(whole) == 11
        for most in (1, 3):
            walked: list[int] = []
            start = Start()
            while rows := list(rows_from(found, sort, start)[:most]):
                walked += [row.pk for row in rows]
                start = Start(rows[-1])
            assert walked == whole, sort


def test_another_resellers_row_is_no_place_to_begin(cast: Cast) -> None:
    foreign = DeskRow.objects.get(code="LIC-99")
    assert read_start(QueryDict(f"after={foreign.pk}&passed=4"), cast.staff) == Start()
    own = DeskRow.objects.get(code="LIC-03")
    assert read_start(QueryDict(f"after={own.pk}&passed=4"), cast.staff) == Start(own, 4)
    assert read_start(QueryDict(f"after={own.pk}&passed=４"), cast.staff) == Start(own, 0)
