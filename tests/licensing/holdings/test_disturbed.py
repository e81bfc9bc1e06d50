"""What may come between while a list is written or undone: two at once, a killed worker; and strangers' lists."""

from typing import Any

import pytest
from django.utils import timezone, translation

from foundation.jobs.models import Batch
from licensing.holdings import tasks
from licensing.holdings.operations import UndoList, WriteList, choose_columns, confirm_list, keep_list, undo_list
from licensing.models import Customer, HeldImport, Holding, LicenseID, Product
from tests.at_once import at_once
from tests.cast import NOW, Cast, make_cast, make_license_id
from tests.foundation.jobs.workers import kill_while_at_work, let_finish

from .lists import HEAD, as_csv
from .strangers import EXPECTED, LISTS
from .test_importing import _in_english, bring, cast, held, product_codes, work, write

pytestmark = pytest.mark.both_databases
__all__ = ["_in_english", "cast"]


@pytest.mark.postgres  # the engine of all batches is killed on both databases: test_batches.py
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing() -> None:
    cast = make_cast()
    first = product_codes()[0]
    rows = [["緑建設", f"BULK-{number}", first, "1", "2027/3/31"] for number in range(3000)]
    upload = keep_list(content=as_csv(HEAD, *rows), file_name="", reseller=cast.aoba, by=cast.manager, now=NOW)
    fields = dict(enumerate(("name", "license_id", "product_code", "quantity", "expires_on")))
    upload = choose_columns(
        upload=upload, sheet=0, fields=fields, names_key="", is_whole=False, task=tasks.check_held_list,
        by=cast.manager, now=timezone.now(),
    )  # fmt: skip
    kill_while_at_work(upload.check_batch, "reading")
    assert upload.changes.count() == 0
    let_finish(upload.check_batch)
    assert upload.changes.count() == 6001
    upload = confirm_list(
        upload=upload,
        removes_gone=False,
        leaves_wrong=False,
        task=tasks.write_held_list,
        by=cast.manager,
        now=timezone.now(),
    )
    kill_while_at_work(upload.confirm_batch, "writing")
    assert (LicenseID.objects.count(), Holding.objects.count()) == (0, 0)
    let_finish(upload.confirm_batch)
    assert (LicenseID.objects.count(), Holding.objects.count()) == (3000, 3000)
    assert Holding.history.count() == 3000


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_undoes_loses_nothing() -> None:
    cast = make_cast()
    rows = [["緑建設", f"BULK-{number}", product_codes()[0], "1", "2027/3/31"] for number in range(3000)]
    upload = write(cast, bring(cast, as_csv(HEAD, *rows)))
    upload = undo_list(upload=upload, task=tasks.undo_held_list, by=cast.manager, now=timezone.now())
    kill_while_at_work(upload.undo_batch, "undoing")
    assert (LicenseID.objects.count(), Holding.objects.count()) == (3000, 3000)
    let_finish(upload.undo_batch)
    assert (Customer.objects.filter(name="緑建設").exists(), LicenseID.objects.count(), Holding.objects.count()) == (
        False,
        0,
        0,
    )
    assert Holding.history.count() == 6000


@pytest.mark.postgres  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_or_undo_at_once_one_is_told() -> None:
    cast = make_cast()
    upload = bring(cast, as_csv(HEAD, ["緑建設", "L-1", product_codes()[0], "9", "2027/3/31"]))

    def confirm() -> Any:
        with translation.override("en"):
            return confirm_list(
                upload=upload,
                removes_gone=False,
                leaves_wrong=False,
                task=tasks.write_held_list,
                by=cast.manager,
                now=NOW,
            )

    told = sorted(str(each) if isinstance(each, Exception) else "" for each in at_once(confirm, confirm))
    assert told == ["", "This list is confirmed already. Upload it again to compare it anew."]
    assert Batch.objects.filter(task_path__endswith="write_held_list").count() == 1
    upload.refresh_from_db()
    upload = work(upload, WriteList())
    assert held() == [("緑建設", "L-1", product_codes()[0], 9, "2027-03-31")]

    def take_back() -> Any:
        with translation.override("en"):
            return undo_list(upload=upload, task=tasks.undo_held_list, by=cast.manager, now=NOW)

    told = sorted(str(each) if isinstance(each, Exception) else "" for each in at_once(take_back, take_back))
    assert told == ["", "This import is being undone already."]
    upload.refresh_from_db()
    assert (work(upload, UndoList()).undone_at, held()) == (NOW, [])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [True, False])
def test_one_file_uploaded_in_two_tabs_is_written_once(is_known: bool) -> None:
    """Both were compared with what was there before, and both are confirmed: the second one finds it written."""
    cast = make_cast()
    if is_known:
        customer = Customer.objects.create(reseller=cast.aoba, name="緑建設")
        make_license_id(customer, "L-1", (product_codes()[0], 7))
    first, second = product_codes()[:2]
    rows = [["緑建設", "L-1", first, "9", "2027/3/31"], ["緑建設", "L-2", second, "5", "2027/3/31"]]
    uploads = [bring(cast, as_csv(HEAD, *rows)) for _tab in range(2)]

    def confirm_and_write(upload: HeldImport) -> HeldImport:
        said: dict[str, Any] = {"removes_gone": False, "leaves_wrong": False, "task": tasks.write_held_list}
        with translation.override("en"):
            upload = confirm_list(upload=upload, **said, by=cast.manager, now=NOW)
            return work(upload, WriteList())

    done = at_once(*[lambda upload=upload: confirm_and_write(upload) for upload in uploads])  # type: ignore[misc]
    batches = [one.confirm_batch for one in done]
    what = "License ID L-2 was registered" if is_known else "Customer 緑建設 was added"
    assert sorted((one.state, one.message) for one in batches) == [
        ("done", ""),
        ("refused", f"{what} meanwhile. Nothing was written. Have the list checked again."),
    ]
    assert [one.written_at is not None for one in done].count(True) == 1
    assert held() == [("緑建設", "L-1", first, 9, "2027-03-31"), ("緑建設", "L-2", second, 5, "2027-03-31")]
    assert (Customer.objects.filter(name="緑建設").count(), Holding.history.count()) == (1, 3 if is_known else 2)


@pytest.mark.parametrize("name", list(LISTS))
def test_three_lists_that_look_different_come_in_as_they_are(cast: Cast, name: str) -> None:
    """Nothing to choose, nothing to answer; and once more they change nothing."""
    codes = product_codes()
    content = LISTS[name](codes)
    upload = bring(cast, content)
    assert ([each for each in upload.problems.all() if each.is_error], upload.questions) == ([], [])
    write(cast, upload)
    expected = [(customer, code, codes[at], count, day) for customer, code, at, count, day in EXPECTED[name]]
    assert held() == sorted(expected, key=lambda row: (row[1], row[2]))
    again = bring(cast, content)
    assert again.changes.count() == 0


def test_a_preview_that_finds_a_product_gone_writes_nothing(cast: Cast) -> None:
    extra = Product.objects.create(code="GONE-1", name="消える製品", programme=Product.objects.all()[0].programme)
    upload = bring(cast, as_csv(HEAD, ["緑建設", "L-1", "GONE-1", "9", "2027/3/31"]))
    extra.delete()
    refused = write(cast, upload)
    assert refused.confirm_batch is not None
    assert refused.confirm_batch.message == (
        "A product of license ID L-1 is not there any more. Nothing was written. Have the list checked again."
    )
    assert (held(), Customer.objects.filter(name="緑建設").count()) == ([], 0)
