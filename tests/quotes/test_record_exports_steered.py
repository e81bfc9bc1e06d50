"""Exports that are cancelled and begun again from their page."""

from typing import Any

import pytest

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from quotes.archive.exports import ExportWork, sweep_exports
from quotes.models import RecordExport
from tests.cast import NOW
from tests.making import given_quote
from tests.page import open_form
from tests.quotes.test_record_exports import fetch, start, work

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def exports(tmp_path, settings):
    settings.EXPORT_ROOT = tmp_path / "exports"
    return settings.EXPORT_ROOT


@pytest.fixture
def address(cast, desk, licenseid):
    given_quote(licenseid, by=cast.staff)
    return start(desk, "csv")


def batch() -> Any:
    return Batch.objects.get(pk=RecordExport.objects.get().batch_id)


def work_at_it(desired: type[ExportWork] = ExportWork) -> None:
    work_off(batch_pk=batch().pk, work=desired(), clock=lambda: NOW)


def steer(desk, address, how):
    response = desk.post(f"{address}{how}/")
    assert (response.status_code, response["Location"]) == (302, address)
    return open_form(desk, address)


def test_a_waiting_one_is_cancelled_and_begun_again(desk, address, exports):
    page = steer(desk, address, "cancel")
    assert "Cancelled by 青木 陽子." in page.text
    assert "Begin this work again" in page.text
    assert "Cancel this work" not in page.text
    work_at_it()
    assert (batch().state, exports.exists() and list(exports.iterdir())) == (Batch.State.CANCELLED, False)
    assert fetch(desk, address)[0]["Location"] == address
    page = steer(desk, address, "retry")
    assert "Waits for its turn …" in page.text
    assert "Cancel this work" in page.text
    work()
    response, content = fetch(desk, address)
    assert (response.status_code, b"Q2701-0001-00" in content) == (200, True)


def test_a_running_one_that_is_cancelled_leaves_no_file_for_long(desk, address, exports):
    class CancelledMeanwhile(ExportWork):
        def do_item(self, batch: Any, position: int, beat: Any) -> Any:
            write = super().do_item(batch, position, beat)
            steer(desk, address, "cancel")
            return write

    work_at_it(CancelledMeanwhile)
    assert (batch().state, batch().message) == (Batch.State.CANCELLED, "Cancelled by 青木 陽子.")
    assert RecordExport.objects.get().file_name == ""
    assert [each.suffix for each in exports.iterdir()] == [".csv"], "which nobody can fetch, until the sweeper comes"
    assert fetch(desk, address)[0]["Location"] == address
    assert (sweep_exports(now=NOW), list(exports.iterdir())) == (1, [])
    steer(desk, address, "retry")
    work()
    assert fetch(desk, address)[0].status_code == 200


def test_what_has_ended_is_neither_cancelled_nor_begun_again(desk, address):
    work()
    before = RecordExport.objects.values().get(), Batch.objects.values().get()
    assert "This work has ended already: there is nothing to cancel." in steer(desk, address, "cancel").text
    assert "Only work that failed or was cancelled can be begun again." in steer(desk, address, "retry").text
    assert (RecordExport.objects.values().get(), Batch.objects.values().get()) == before
    assert fetch(desk, address)[0].status_code == 200


def test_twice_is_once(desk, address):
    steer(desk, address, "cancel")
    assert "there is nothing to cancel" in steer(desk, address, "cancel").text
    steer(desk, address, "retry")
    assert "Only work that failed or was cancelled" in steer(desk, address, "retry").text
    assert batch().state == Batch.State.WAITING
