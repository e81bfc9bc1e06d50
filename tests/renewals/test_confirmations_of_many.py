"""Many customers asked in one go: in the background, each once, and whoever cannot be asked keeps back no other."""

import pytest

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from foundation.mail.models import OutgoingMail
from licensing.models import Contact, Customer
from renewals.confirmations.many import AskWork
from renewals.models import QuantityConfirmation
from tests.cast import NOW, make_license_id
from tests.renewals.asking import entry_of, put

MANY = 24


@pytest.fixture
def license_ids(cast):
    """Of 24 customers, the last of which has no contact."""
    found = []
    for number in range(MANY):
        customer = Customer.objects.create(reseller=cast.aoba, name=f"第{number:02d}株式会社", kana=f"{number:02d}")
        if number < MANY - 1:
            Contact.objects.create(customer=customer, name="担当", email=f"c{number}@example.jp")
        found.append(make_license_id(customer, f"LIC-60{number:02d}", ("SMP-BS", 20 + number)))
    return found


def work(batch):
    work_off(batch_pk=batch.pk, work=AskWork(lambda: NOW), clock=lambda: NOW)
    batch.refresh_from_db()


def test_each_is_asked_once_and_who_was_not_is_named(cast, desk, license_ids):
    put([license_ids[3]], cast.colleague)  # asked already
    shown = desk.get("/confirmations/new/", {"license_id": [one.code for one in license_ids]})
    entry = entry_of(shown)
    assert "23 customers with an address" in shown.content.decode()
    assert [name for name in entry if name.startswith("to-")] == [f"to-{license_ids[-1].customer_id}"]
    page = desk.post("/confirmations/new/", {**entry, "act": "send"}, follow=True).content.decode()
    assert "The customers are being asked …" in page
    assert QuantityConfirmation.objects.count() == 1
    batch = Batch.objects.get()
    work(batch)
    work(batch)
    assert (QuantityConfirmation.objects.count(), OutgoingMail.objects.count()) == (23, 23)
    assert batch.result == {"asked": 22, "left": 1, "names": ["第03株式会社"]}
    page = desk.get("/confirmations/").content.decode()
    assert "22 customers were asked." in page
    assert "第03株式会社" in page


def test_a_worker_that_died_is_followed_by_one_that_asks_nobody_twice(cast, desk, license_ids):
    entry = entry_of(desk.get("/confirmations/new/", {"license_id": [one.code for one in license_ids]}))
    desk.post("/confirmations/new/", {**entry, "act": "send"})
    batch = Batch.objects.get()

    class Died(BaseException):
        """As a process that is killed: nothing handles it."""

    class Dying(AskWork):
        def do_item(self, batch, position, beat):
            if position == 7:
                raise Died
            return super().do_item(batch, position, beat)

    with pytest.raises(Died):
        work_off(batch_pk=batch.pk, work=Dying(lambda: NOW), clock=lambda: NOW)
    assert QuantityConfirmation.objects.count() == 7
    Batch.objects.update(leased_until=NOW)
    work(batch)
    assert (QuantityConfirmation.objects.count(), OutgoingMail.objects.count()) == (23, 23)
    assert batch.result["asked"] == 23


def test_another_reseller_sees_nothing_of_it(cast, desk, foreign_desk, license_ids):
    entry = entry_of(desk.get("/confirmations/new/", {"license_id": [one.code for one in license_ids]}))
    desk.post("/confirmations/new/", {**entry, "act": "send"})
    work(Batch.objects.get())
    page = foreign_desk.get("/confirmations/").content.decode()
    assert "customers were asked" not in page
    assert "株式会社0" not in page
