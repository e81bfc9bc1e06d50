"""A customer comes to another reseller while a page of the old one is sent: nothing of it reaches the new one."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from licensing.contacts.operations import add_contact, change_contact, mark_contact
from licensing.keeping.operations import HeldRow, add_license_id, correct_code, save_holdings
from licensing.models import Contact, Customer, Holding, LicenseID
from licensing.operations.companies import CUSTOMER_FIELDS, change_customer
from renewals.desk.operations import enter
from renewals.models import DeskEntry, QuietCustomer
from renewals.reminders.settings import silence
from tests.cast import EXPIRY, NOW, Cast, make_cast, make_license_id

DEEDS: dict[str, tuple[type[Exception], Callable[[Cast, LicenseID, Contact], Any]]] = {
    "a note for a renewal": (
        LicenseID.DoesNotExist,
        lambda cast, licenseid, contact: enter(
            licenseid=licenseid, expires_on=EXPIRY, follow_up_on=date(2027, 2, 1), note="社内のメモ",
            declined_reason="", by=cast.staff, now=NOW,
        ),
    ),
    "what is held": (
        LicenseID.DoesNotExist,
        lambda cast, licenseid, contact: save_holdings(
            licenseid=licenseid, note="メモ", rows=[HeldRow(None, cast.products["SMP-BS"], 1, EXPIRY)]
        ),
    ),
    "another code": (
        LicenseID.DoesNotExist,
        lambda cast, licenseid, contact: correct_code(licenseid=licenseid, code="LIC-9", seen=licenseid.code),
    ),
    "a license ID": (
        Customer.DoesNotExist,
        lambda cast, licenseid, contact: add_license_id(customer=licenseid.customer, code="LIC-9", note=""),
    ),
    "a contact": (
        Customer.DoesNotExist,
        lambda cast, licenseid, contact: add_contact(customer=licenseid.customer, values={"name": "新井 空"}),
    ),
    "a contact's name": (
        Customer.DoesNotExist,
        lambda cast, licenseid, contact: change_contact(contact=contact, values={"name": "新井 空"}),
    ),
    "a contact that goes": (
        Customer.DoesNotExist, lambda cast, licenseid, contact: mark_contact(contact=contact, is_gone=True),
    ),
    "the customer's name": (
        Customer.DoesNotExist,
        lambda cast, licenseid, contact: change_customer(
            customer=licenseid.customer, values={**dict.fromkeys(CUSTOMER_FIELDS, ""), "name": "別の社名"}
        ),
    ),
    "no reminders": (
        Customer.DoesNotExist,
        lambda cast, licenseid, contact: silence(customer=licenseid.customer, is_quiet=True, by=cast.staff, now=NOW),
    ),
}  # fmt: skip
MODELS = (Customer, Contact, LicenseID, Holding, DeskEntry, QuietCustomer)


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


def everything() -> list[list[Any]]:
    return [list(model._base_manager.order_by("pk").values()) for model in MODELS]


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_entered_by_the_old_reseller_does_not_reach_the_new_one(cast: Cast, deed: str) -> None:
    refused, do = DEEDS[deed]
    made = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    someone = Contact.objects.create(customer=cast.customer, name="連絡 先")
    licenseid = LicenseID.objects.select_related("customer").get(pk=made.pk)  # as the page had them
    contact = Contact.objects.select_related("customer").get(pk=someone.pk)
    Customer.objects.filter(pk=cast.customer.pk).update(reseller=cast.minato)
    before = everything()
    with pytest.raises(refused):
        do(cast, licenseid, contact)
    assert everything() == before
