"""How many customers there are is kept: it is what the rows say, whatever is done to them in whatever order."""

import random
from collections.abc import Callable

import pytest
from django.db import connection

from foundation.integrity.counts import loose_rows, put_all_together, recount
from licensing.models import COUNTS, Customer, CustomerCount
from licensing.queries import count_customers, customers_by_name, visible_customers
from tests.at_once import at_once
from tests.cast import TODAY, make_cast, make_user

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db):
    return make_cast()


def of_resellers(cast) -> list[int]:
    return [count_customers(cast.staff), count_customers(cast.stranger), count_customers(cast.admin)]


def in_rows(cast) -> list[int]:
    return [visible_customers(user).count() for user in (cast.staff, cast.stranger, cast.admin)]


def test_who_sees_how_many(cast):
    assert of_resellers(cast) == in_rows(cast)
    assert count_customers(cast.admin) == count_customers(cast.staff) + count_customers(cast.stranger)
    person = make_user("buyer@example.jp", "購買", "customer", customer=cast.customer)
    assert count_customers(person) == 1
    person.is_active = cast.staff.is_active = False
    assert [count_customers(user) for user in (person, cast.staff, cast.price_admin)] == [0, 0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_the_count_is_what_the_rows_say(cast, seed):
    chance = random.Random(seed)
    resellers = [cast.aoba, cast.minato]
    made = Customer.objects.filter(name__startswith="数")

    def some() -> list[int]:
        numbers = list(made.values_list("pk", flat=True))
        return chance.sample(numbers, min(len(numbers), chance.randint(1, 5)))

    def add() -> None:
        Customer.objects.bulk_create(
            Customer(reseller=chance.choice(resellers), name=f"数{n}") for n in range(chance.randint(1, 9))
        )

    deeds: list[Callable[[], object]] = [
        add,
        add,
        lambda: Customer.objects.create(reseller=chance.choice(resellers), name="数"),
        lambda: Customer.objects.filter(pk__in=some()).update(reseller=chance.choice(resellers)),
        lambda: Customer.objects.filter(pk__in=some()).update(merged_into=cast.customer),
        lambda: Customer.objects.filter(pk__in=some()).update(merged_into=None, reseller=cast.aoba),
        lambda: Customer.objects.filter(pk__in=some()).update(name="数改"),
        lambda: Customer.objects.filter(pk__in=some()).delete(),
        lambda: put_all_together(most_loose=chance.randint(0, 9)),
        lambda: recount(COUNTS[0], connection),
    ]
    for _deed in range(40):
        chance.choice(deeds)()
        assert of_resellers(cast) == in_rows(cast)
    put_all_together()
    assert loose_rows(COUNTS[0], connection) == 0
    assert set(CustomerCount.objects.values_list("reseller", "customers")) == {
        (cast.aoba.pk, visible_customers(cast.staff).count()),
        (cast.minato.pk, visible_customers(cast.stranger).count()),
    }


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_nothing_counted_twice():
    """While several add and remove, others put the counts together and read them."""
    cast = make_cast()
    seen = []

    def change(number: int) -> None:
        for at in range(8):
            Customer.objects.bulk_create(Customer(reseller=cast.aoba, name=f"数{number}") for _n in range(3))
            Customer.objects.filter(name=f"数{number}").order_by("pk")[at % 2].delete()

    def keep() -> None:
        for _time in range(20):
            put_all_together()

    def read() -> None:
        """Count and rows in one statement: of one moment."""
        rows = "(SELECT COUNT(*) FROM licensing_customer WHERE merged_into_id IS NULL)"
        for _time in range(40):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT (SELECT SUM(customers) FROM licensing_customercount) - {rows}")
                seen.append(cursor.fetchone()[0])

    results = at_once(keep, keep, read, *(lambda number=number: change(number) for number in range(3)))
    assert [one for one in results if isinstance(one, Exception)] == []
    assert set(seen) == {0}
    assert of_resellers(cast) == in_rows(cast)
    assert Customer.objects.filter(name__startswith="数").count() == 3 * 8 * 2


def test_many_words_are_intersected(cast):
    """As many as a search has at most; and what is in two fields."""
    words = " ".join(f"語{n}" for n in range(60))
    assert list(customers_by_name(cast.staff, on=TODAY, text=words)) == []
    both = Customer.objects.create(reseller=cast.aoba, name="鶴亀工業", person="松本 梅子")
    Customer.objects.create(reseller=cast.aoba, name="鶴亀商事", person="竹田 桜")
    assert list(customers_by_name(cast.staff, on=TODAY, text="鶴亀 梅子")) == [both]
    assert list(customers_by_name(cast.staff, on=TODAY, text="鶴 亀 業 松 梅")) == [both]
    assert list(customers_by_name(cast.staff, on=TODAY, text="鶴亀 梅子 商事")) == []
