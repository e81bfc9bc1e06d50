"""Who looks after a customer: by hand, by lists, at once for many, and when somebody leaves or goes elsewhere."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from licensing.models import Customer, User
from licensing.operations.companies import CUSTOMER_FIELDS, add_customer
from licensing.operations.owners import OwnerRefused, change_owners, hand_over
from licensing.operations.people import deactivate_person
from tests.at_once import at_once, first_and_then
from tests.cast import NOW, Cast, make_cast, sign_in

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


def owner_of(customer: Customer) -> User | None:
    return Customer.objects.select_related("owner").get(pk=customer.pk).owner


def test_customers_are_given_and_the_history_says_so(cast: Cast) -> None:
    own = Customer.objects.filter(reseller=cast.staff.reseller)
    numbers = list(own.values_list("pk", flat=True))
    assert change_owners(customers=numbers, owner=cast.staff, by=cast.manager, now=NOW) == len(numbers)
    assert change_owners(customers=numbers, owner=cast.staff, by=cast.manager, now=NOW) == 0
    last = Customer.history.filter(id=numbers[0]).latest()
    assert (last.owner_id, last.history_user_id, last.history_date) == (cast.staff.pk, cast.manager.pk, NOW)
    assert change_owners(customers=numbers[:1], owner=None, by=cast.staff, now=NOW) == 1
    assert own.filter(owner=None).count() == 1


def test_nobody_from_elsewhere_owns_a_customer(cast: Cast) -> None:
    customer, stranger = Customer.objects.filter(reseller=cast.staff.reseller)[0], cast.stranger
    with pytest.raises(OwnerRefused, match="is not one of your people any more"):
        change_owners(customers=[customer.pk], owner=stranger, by=cast.staff, now=NOW)
    assert change_owners(customers=[customer.pk], owner=stranger, by=stranger, now=NOW) == 0  # not theirs
    customer.owner = stranger
    with pytest.raises(ValidationError, match="not one of this reseller’s people"):
        customer.full_clean()
    with pytest.raises(IntegrityError, match="the owner of a customer"), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(owner=stranger)
    assert owner_of(customer) is None
    change_owners(customers=[customer.pk], owner=cast.staff, by=cast.staff, now=NOW)
    with pytest.raises(IntegrityError, match="the owner of a customer"), transaction.atomic():
        User.objects.filter(pk=cast.staff.pk).update(reseller=stranger.reseller)


def test_who_enters_a_customer_looks_after_it(cast: Cast) -> None:
    values = {name: getattr(Customer(language="ja"), name) for name in CUSTOMER_FIELDS} | {"name": "新しい商店"}
    assert cast.staff.reseller is not None
    added = add_customer(reseller=cast.staff.reseller, values=values, owner=cast.staff)
    assert owner_of(added) == cast.staff


def test_who_leaves_hands_over(cast: Cast) -> None:
    numbers = list(Customer.objects.filter(reseller=cast.staff.reseller).values_list("pk", flat=True))
    change_owners(customers=numbers, owner=cast.staff, by=cast.manager, now=NOW)
    with pytest.raises(OwnerRefused, match="cannot take these customers over"):
        hand_over(person=cast.staff, to=cast.staff, by=cast.manager, now=NOW)
    deactivate_person(person=cast.staff, by=cast.manager, now=NOW, heir=cast.manager)
    assert cast.manager.owned_customers.count() == len(numbers)
    assert not User.objects.get(pk=cast.staff.pk).is_active
    with pytest.raises(OwnerRefused):
        hand_over(person=cast.manager, to=cast.staff, by=cast.manager, now=NOW)


def test_the_pages(cast: Cast) -> None:
    customer = Customer.objects.filter(reseller=cast.staff.reseller)[0]
    browser = sign_in(cast.staff)
    address = reverse("customer_owner", args=[customer.pk])
    answer = browser.post(address, {"owner": cast.staff.pk}, follow=True)
    assert [str(said) for said in answer.context["messages"]] == [
        f"{cast.staff.name} looks after {customer.name} from now on."
    ]
    assert owner_of(customer) == cast.staff
    for wrong in (cast.stranger.pk, "x", "9" * 30):
        answer = browser.post(address, {"owner": wrong}, follow=True)
        assert [str(said) for said in answer.context["messages"]] == ["Choose one of your people from the list."]
    assert owner_of(customer) == cast.staff
    manager = sign_in(cast.manager)
    page = manager.get(reverse("manage_person", args=[cast.staff.pk])).content.decode()
    assert f"{cast.staff.name} looks after 1 customer. Who does from now on?" in " ".join(page.split())
    answer = manager.post(reverse("manage_deactivate", args=[cast.staff.pk]), {"owner": cast.manager.pk})
    assert (answer.status_code, owner_of(customer)) == (302, cast.manager)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_managers_hand_the_same_customers_over() -> None:
    """All of them go to one of the two, and whoever comes second is told that nothing was left."""
    with time_machine.travel(NOW, tick=True):
        cast = make_cast()
        numbers = list(Customer.objects.filter(reseller=cast.aoba).values_list("pk", flat=True))
        change_owners(customers=numbers, owner=cast.staff, by=cast.manager, now=NOW)
        moved = at_once(
            lambda: hand_over(person=cast.staff, to=cast.manager, by=cast.manager, now=NOW),
            lambda: hand_over(person=cast.staff, to=cast.colleague, by=cast.manager, now=NOW),
        )
        assert sorted(moved) == [0, len(numbers)]
        owners = set(Customer.objects.filter(pk__in=numbers).values_list("owner", flat=True))
        assert owners == {cast.manager.pk if moved[0] else cast.colleague.pk}
        assert Customer.history.filter(id__in=numbers, owner_id__in=owners).count() == len(numbers)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_left_first", [True, False])
def test_nobody_who_leaves_at_that_moment_is_left_with_customers(is_left_first: bool) -> None:
    with time_machine.travel(NOW, tick=True), translation.override("en"):
        cast = make_cast()
        numbers = list(Customer.objects.filter(reseller=cast.aoba).values_list("pk", flat=True))
        both = [
            lambda: deactivate_person(person=cast.colleague, by=cast.manager, now=NOW, heir=cast.manager),
            lambda: change_owners(customers=numbers, owner=cast.colleague, by=cast.staff, now=NOW),
        ]
        said = first_and_then(*(both if is_left_first else reversed(both)))
        owners = set(Customer.objects.filter(pk__in=numbers).values_list("owner", flat=True))
        if is_left_first:
            assert isinstance(said[1], OwnerRefused)
            assert owners == {None}
        else:
            assert said[0] == len(numbers)
            assert owners == {cast.manager.pk}
