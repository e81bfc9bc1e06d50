"""What the database gives up for the sake of another is begun anew, and nothing else is."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from foundation.transactions import MOST_ATTEMPTS, one_transaction
from licensing.models import Customer, Reseller
from tests.at_once import at_once
from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres
def test_two_that_wait_for_each_other_both_come_to_their_end():
    cast = make_cast()
    both_hold_one = threading.Barrier(2)
    attempts = []

    @one_transaction
    def rename(first: int, second: int, name: str) -> str:
        attempts.append(name)
        Customer.objects.select_for_update(no_key=True).get(pk=first)
        if len(attempts) <= 2:
            both_hold_one.wait(10)
        Customer.objects.select_for_update(no_key=True).get(pk=second)
        Customer.objects.filter(pk__in=(first, second)).update(person=name)
        return name

    one, other = cast.customer.pk, cast.foreign_customer.pk
    assert at_once(lambda: rename(one, other, "A"), lambda: rename(other, one, "B")) == ["A", "B"]
    assert len(attempts) == 3
    cast.customer.refresh_from_db()
    cast.foreign_customer.refresh_from_db()
    assert cast.customer.person == cast.foreign_customer.person


def test_what_is_wrong_itself_is_not_tried_again():
    attempts = []

    @one_transaction
    def add_twice() -> None:
        attempts.append(1)
        for _time in range(2):
            Reseller.objects.create(code="same", name="同じ")

    with pytest.raises(IntegrityError):
        add_twice()
    assert (len(attempts), Reseller.objects.count()) == (1, 0)


@pytest.mark.postgres
def test_it_ends_after_some_attempts_and_inside_another_after_one():
    attempts = []

    @one_transaction
    def fail() -> None:
        attempts.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$")

    with pytest.raises(OperationalError, match="no"):
        fail()
    assert len(attempts) == MOST_ATTEMPTS
    with pytest.raises(OperationalError, match="no"), transaction.atomic():
        fail()
    assert len(attempts) == MOST_ATTEMPTS + 1
