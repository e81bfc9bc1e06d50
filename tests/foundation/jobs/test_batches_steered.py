"""Background work is cancelled and begun again from its page; a file that cannot be used is refused, no failure."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchNotSteered, cancel_batch, retry_batch, start_batch, sweep, work_off
from licensing.models import User
from pricing.files.operations import CheckFile, upload_prices
from pricing.files.tasks import check_price_file
from pricing.models import PriceImport, TaxRate
from tests.cast import sign_in
from tests.foundation.jobs.counting import Counting, count

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"), time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(db):
    return User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")


@pytest.fixture
def price_admin(db):
    return User.objects.create_user(email="prices@portal.example.jp", name="園田", role="price_admin")


def start(admin: User, **parameters: object) -> Batch:
    return start_batch(task=count, parameters={"items": 3} | parameters, by=admin, now=NOW)


def counted() -> int:
    return TaxRate.objects.filter(category="counted").count()


def test_failed_work_goes_on_where_it_stopped(admin):
    batch = start(admin, refuses=1)
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    Batch.objects.filter(pk=batch.pk).update(parameters={"items": 3})
    retry_batch(batch=batch, by=admin, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.message, batch.finished_at, batch.done_count) == ("waiting", "", None, 1)
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.done_count, counted()) == ("done", 3, 3)
    with pytest.raises(BatchNotSteered, match="Only work that failed or was cancelled"):
        retry_batch(batch=batch, by=admin, now=NOW)
    with pytest.raises(BatchNotSteered, match="has ended already"):
        cancel_batch(batch=batch, by=admin, now=NOW)


def test_cancelled_work_writes_nothing_more(admin):
    """Also where a worker is at it: what it has not written is void."""
    batch = start(admin)

    class Cancelled(Counting):
        def do_item(self, batch, position, beat):
            write = super().do_item(batch, position, beat)
            if position == 1:
                cancel_batch(batch=batch, by=admin, now=NOW)
            return write

    work_off(batch_pk=batch.pk, work=Cancelled(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.message, counted()) == ("cancelled", "Cancelled by 香坂.", 1)
    assert batch.is_finished
    assert sweep(now=datetime(2026, 11, 24, tzinfo=UTC)) == 0
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    assert counted() == 1
    retry_batch(batch=batch, by=admin, now=NOW)
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert (batch.state, counted()) == ("done", 3)


def test_a_file_that_is_none_is_refused(price_admin):
    """It is no failure: the page says what to do, and offers nothing that would come to the same."""
    upload = upload_prices(
        content=b"a,b\n1,2\n", file_name="a.csv", based_on=None, name="新", effective_on=NOW.date(),
        task=check_price_file, by=price_admin, now=NOW,
    )  # fmt: skip
    work_off(batch_pk=upload.check_batch_id, work=CheckFile(), clock=lambda: NOW)
    batch = Batch.objects.get()
    assert (batch.state, batch.message != "") == ("refused", True)
    with pytest.raises(BatchNotSteered):
        retry_batch(batch=batch, by=price_admin, now=NOW)
    page = sign_in(price_admin).get(reverse("admin:pricing_pricelist_imported", args=[upload.key])).text
    assert "The file is refused:" in page
    assert "Begin this work again" not in page


def test_the_buttons_stand_on_the_page_of_the_work(price_admin):
    upload = upload_prices(
        content=b"a,b\n1,2\n", file_name="a.csv", based_on=None, name="新", effective_on=NOW.date(),
        task=check_price_file, by=price_admin, now=NOW,
    )  # fmt: skip
    desk, page = sign_in(price_admin), reverse("admin:pricing_pricelist_imported", args=[upload.key])
    cancel = reverse("admin:foundation_batch_cancel", args=[upload.check_batch_id])
    retry = reverse("admin:foundation_batch_retry", args=[upload.check_batch_id])
    assert f'action="{cancel}"' in desk.get(page).text
    assert desk.post(cancel, {"back": page}).url == page
    answer = desk.get(page).text
    assert "Cancelled by 園田." in answer
    assert f'action="{retry}"' in answer
    assert desk.post(cancel, {"back": "nosuch"}).status_code == 302  # neither an address nor the name of one
    assert desk.post(cancel, {"back": "https://evil.example/"}).url == reverse(
        "admin:foundation_batch_change", args=[upload.check_batch_id]
    )
    assert desk.get(retry).status_code == 405
    desk.post(retry, {"back": page})
    assert PriceImport.objects.get().check_batch.state == "waiting"


def test_a_price_admin_steers_no_work_on_records(admin, price_admin):
    batch = start(admin)
    desk = sign_in(price_admin)
    assert desk.post(reverse("admin:foundation_batch_cancel", args=[batch.pk])).url == reverse(
        "admin:foundation_batch_changelist"
    )
    batch.refresh_from_db()
    assert batch.state == "waiting"
