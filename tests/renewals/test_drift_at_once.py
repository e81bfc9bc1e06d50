"""Holdings that are changed while open quotes are priced again: real connections, PostgreSQL's order of numbers."""

import threading

import pytest
from django.db import transaction

from renewals.drift.tasks import sweep_drift
from renewals.models import QuoteDrift
from tests.at_once import at_once
from tests.cast import NOW, make_license_id
from tests.making import given_quote

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def held_becomes(licenseid, quantity):
    row = licenseid.holdings.get()
    row.quantity = quantity
    row.save()


def test_a_change_that_is_seen_after_a_later_one_is_noticed_on_the_same_day(cast):
    """The first to write ends last: its entry has the smaller number, and is seen when the larger one is known."""
    slow, quick = (make_license_id(cast.customer, f"LIC-{n}", ("SMP-BS", 45)) for n in (1, 2))
    quotes = [given_quote(one, by=cast.staff) for one in (slow, quick)]
    assert sweep_drift(now=NOW) == 2
    has_written, is_swept = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            held_becomes(slow, 50)
            has_written.set()
            assert is_swept.wait(30)

    def sweep_between():
        assert has_written.wait(30)
        held_becomes(quick, 50)
        swept = sweep_drift(now=NOW)
        is_swept.set()
        return swept

    assert at_once(write_slowly, sweep_between) == [None, 0]
    assert sweep_drift(now=NOW) == 2
    assert [QuoteDrift.objects.get(quote=quote).difference for quote in quotes] == [8_250, 8_250]
    assert sweep_drift(now=NOW) == 0
