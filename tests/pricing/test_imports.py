"""An uploaded price file: checked in the background, confirmed once, and one draft or nothing comes of it."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from foundation.spreadsheets.datasets import Csv
from licensing.models import Product, Programme, User
from pricing.files import tasks
from pricing.files.operations import (
    CheckFile,
    ImportRefused,
    WriteDraft,
    confirm_import,
    load_products,
    upload_prices,
)
from pricing.files.reading import make_dataset
from pricing.lists.operations.publish import publish
from pricing.loader import load_tables
from pricing.models import (
    ImportedTable,
    MultiYearDiscount,
    PriceImport,
    PriceList,
    PriceListEvent,
    PriceRank,
    PriceTable,
)
from tests.cast import make_tax_rates
from tests.foundation.jobs.workers import kill_while_at_work, let_finish
from tests.pricing.files.workbooks import make_csv

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2027, 4, 1)
ROWS = ("SMP-1,6,A,5,24,2650,5200", "SMP-1,6,B,25,,2390,", "SMP-3,1,A,1,,900,900")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def admin(db) -> User:
    return make_world()


def make_world() -> User:
    """A price admin, three products, and a list with the first two."""
    make_tax_rates()
    programme = Programme.objects.create(code="通常", name="通常")
    for number in (1, 2, 3):
        Product.objects.create(code=f"SMP-{number}", name=f"製品{number}", programme=programme)
    base = PriceList.objects.create(name="2026年10月版", effective_on=date(2026, 10, 1), is_sample=True)
    for code in ("SMP-1", "SMP-2"):
        product = Product.objects.get(code=code)
        table = PriceTable.objects.create(price_list=base, product=product, minimum_quantity=5)
        PriceRank.objects.create(price_table=table, rank="A", from_quantity=5, renewal_price=2600, addition_price=5200)
    return User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")


def upload(admin: User, content: bytes = make_csv(*ROWS), now: datetime = NOW, **changes: object) -> PriceImport:
    given = {
        "content": content,
        "file_name": "新価格.csv",
        "based_on": PriceList.objects.get(name="2026年10月版"),
        "name": "2027年4月版",
        "effective_on": DAY,
    }
    return upload_prices(**(given | changes), task=tasks.check_price_file, by=admin, now=now)


def check(price_import: PriceImport) -> PriceImport:
    work_off(batch_pk=price_import.check_batch_id, work=CheckFile(), clock=lambda: NOW)
    return PriceImport.objects.get(pk=price_import.pk)


def confirm(price_import: PriceImport, name: str = "2027年4月版") -> PriceImport:
    return confirm_import(
        upload=price_import,
        name=name,
        effective_on=DAY,
        task=tasks.write_imported_draft,
        by=price_import.uploaded_by,
        now=NOW,
    )


def write(price_import: PriceImport) -> Batch:
    work_off(batch_pk=price_import.confirm_batch_id, work=WriteDraft(), clock=lambda: NOW)
    return Batch.objects.get(pk=price_import.confirm_batch_id)


def test_a_file_is_checked_and_nothing_is_written(admin):
    checked = check(upload(admin))
    told = {"findings": {"product-gone": 1, "rank-added": 1, "minimum-changed": 1}, "has_discounts": False}
    assert checked.check_batch.state == "done"
    assert checked.check_batch.result == {"rows": 3, "errors": 0, "products": 3} | told
    assert (checked.error_count, checked.row_count, checked.is_sample) == (0, 3, True)
    assert checked.sha256 == hashlib.sha256(make_csv(*ROWS)).hexdigest()
    assert list(checked.tables.values_list("product_code", "kind", "largest_percent")) == [
        ("SMP-1", "changed", Decimal("1.9")),
        ("SMP-2", "removed", Decimal(0)),
        ("SMP-3", "added", Decimal(0)),
    ]
    assert (PriceList.objects.count(), PriceListEvent.objects.count()) == (1, 0)


def test_a_confirmed_file_becomes_one_draft(admin):
    confirmed = confirm(check(upload(admin)))
    assert write(confirmed).state == "done"
    draft = PriceList.objects.get(name="2027年4月版")
    assert (draft.effective_on, draft.is_sample, draft.is_published, draft.based_on.name) == (
        DAY, True, False, "2026年10月版",
    )  # fmt: skip
    ranks = PriceRank.objects.filter(price_table__price_list=draft).order_by("price_table__product__code", "rank")
    assert list(
        ranks.values_list("price_table__product__code", "rank", "from_quantity", "renewal_price", "addition_price")
    ) == [("SMP-1", "A", 5, 2650, 5200), ("SMP-1", "B", 25, 2390, None), ("SMP-3", "A", 1, 900, 900)]
    event = PriceListEvent.objects.get()
    assert (event.kind, event.price_list_id, event.by, event.at) == ("imported", draft.pk, admin, NOW)
    assert event.detail == {
        "file": "新価格.csv",
        "sha256": confirmed.sha256,
        "rows": 3,
        "from": "2026年10月版",
        "from_pk": draft.based_on_id,
    }
    done = PriceImport.objects.get()
    assert (done.draft, done.confirmed_at) == (draft, NOW)


def test_an_upload_is_confirmed_once(admin):
    checked = check(upload(admin))
    confirmed = confirm(checked)
    with pytest.raises(ImportRefused, match=r"This upload was confirmed already\."):
        confirm(checked, "Another name")
    write(confirmed)
    with pytest.raises(ImportRefused, match=r"This upload was confirmed already\."):
        confirm(checked, "Another name")
    Batch.objects.filter(pk=confirmed.confirm_batch_id).update(state="running", leased_until=None)
    Batch.objects.get(pk=confirmed.confirm_batch_id).items.all().delete()
    failed = write(confirmed)  # even if its note were lost
    assert (failed.state, failed.message[:35]) == ("failed", "This upload was confirmed already. ")
    assert PriceList.objects.count() == 2


def test_a_file_with_errors_cannot_be_confirmed(admin):
    unchecked = upload(admin)
    with pytest.raises(ImportRefused, match="The file has errors or is not checked yet"):
        confirm(unchecked)
    wrong = check(upload(admin, make_csv(*ROWS, "SMP-9,1,A,1,,1,1", "SMP-2,1,A,1,,x,1")))
    assert (wrong.error_count, wrong.problems.count()) == (2, 2)
    assert list(wrong.tables.values_list("product_code", "kind")) == [("SMP-1", "changed"), ("SMP-3", "added")]
    with pytest.raises(ImportRefused, match="The file has errors or is not checked yet"):
        confirm(wrong)
    assert PriceList.objects.count() == 1


def test_a_file_that_cannot_be_read_says_why(admin):
    refused = check(upload(admin, b"PK\x03\x04 and no more"))
    assert refused.check_batch.state == "refused"
    assert refused.check_batch.message.startswith("The workbook is damaged or incomplete.")
    assert (refused.problems.count(), refused.tables.count()) == (0, 0)


def test_a_name_that_was_taken_meanwhile(admin):
    checked = check(upload(admin))
    PriceList.objects.create(name="2027年4月版", effective_on=DAY)
    with pytest.raises(ImportRefused, match=r"There is a price list of this name already\."):
        confirm(checked)
    confirmed = confirm(checked, "2027年4月版 2")
    PriceList.objects.create(name="2027年4月版 2", effective_on=DAY)
    failed = write(confirmed)
    assert (failed.state, failed.message) == (
        "failed", "There is a price list of this name already. Choose another name.",
    )  # fmt: skip
    assert PriceTable.objects.count() == 2
    again = confirm(PriceImport.objects.get(), "2027年4月版 3")
    assert write(again).state == "done"
    assert PriceList.objects.get(name="2027年4月版 3").tables.count() == 2


def test_a_product_that_is_gone_meanwhile(admin):
    confirmed = confirm(check(upload(admin)))
    Product.objects.get(code="SMP-3").delete()
    failed = write(confirmed)
    assert (failed.state, PriceList.objects.count(), PriceTable.objects.count()) == ("failed", 1, 2)
    assert failed.message.startswith("These products are gone since the file was checked: SMP-3.")


def test_writing_that_breaks_leaves_nothing(admin):
    confirmed = confirm(check(upload(admin)))
    table = ImportedTable.objects.get(product_code="SMP-3")
    table.new["minimum"] = 0
    table.save()
    assert write(confirmed).state == "running"  # to be tried again
    assert (PriceList.objects.count(), PriceTable.objects.count(), PriceListEvent.objects.count()) == (1, 2, 0)


def test_compared_with_nothing_all_is_added(admin):
    checked = check(upload(admin, based_on=None))
    assert set(checked.tables.values_list("kind", flat=True)) == {"added"}
    assert checked.is_sample is False
    write(confirm(checked))
    assert PriceList.objects.get(name="2027年4月版").based_on is None
    assert PriceListEvent.objects.get().detail.keys() == {"file", "sha256", "rows"}


def test_the_compared_draft_may_be_deleted(admin):
    checked = check(upload(admin))
    PriceList.objects.all().delete()
    confirmed = confirm(PriceImport.objects.get(pk=checked.pk))
    assert write(confirmed).state == "done"
    PriceList.objects.all().delete()
    kept = PriceImport.objects.get()
    assert (kept.draft, kept.confirmed_at, kept.based_on) == (None, NOW, None)
    with pytest.raises(ImportRefused):
        confirm(kept)


def test_an_exported_list_becomes_the_same_list(admin):
    base = PriceList.objects.get()
    table = base.tables.get(product__code="SMP-1")
    Product.objects.filter(code="SMP-1").update(is_multi_year_discountable=True)
    MultiYearDiscount.objects.create(price_table=table, years=3, percent=Decimal("7.5"))
    publish_for_test(base, admin)
    tables = load_tables(price_list=base)
    content = Csv().export_data(make_dataset(tables.values(), load_products(), is_sample=True))
    checked = check(upload(admin, content))
    assert set(checked.tables.values_list("kind", flat=True)) == {"same"}
    write(confirm(checked))
    assert load_tables(price_list=PriceList.objects.get(name="2027年4月版")) == tables


def publish_for_test(price_list: PriceList, admin: User) -> None:
    publish(price_list=price_list, by=admin, now=datetime(2026, 9, 1, tzinfo=UTC))


def test_the_database_keeps_each_product_once(admin):
    checked = check(upload(admin))
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedTable.objects.create(price_import=checked, product_code="SMP-1", kind="same", new={})
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedTable.objects.create(price_import=checked, product_code="SMP-7", kind="same")


@pytest.mark.postgres  # the engine of all batches is killed on both databases: test_batches.py
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_an_import_loses_nothing_and_repeats_nothing():
    """The check and the writing: each worker is killed with -9 while it is at it, and the next one does it anew."""
    admin = make_world()
    programme = Programme.objects.get()
    codes = [f"BULK-{number}" for number in range(2500)]
    Product.objects.bulk_create(Product(code=code, name=code, programme=programme) for code in codes)
    rows = [f"{code},1,{rank},{start},,{100 + start},1" for code in codes for rank, start in (("A", 1), ("B", 10))]
    uploaded = upload(admin, make_csv(*rows), now=timezone.now())

    kill_while_at_work(uploaded.check_batch, "reading")
    assert (uploaded.tables.count(), uploaded.problems.count()) == (0, 0)
    finish(uploaded.check_batch)
    assert (uploaded.tables.count(), uploaded.tables.filter(kind="added").count()) == (2502, 2500)

    confirmed = confirm_import(
        upload=uploaded,
        name="2027年4月版",
        effective_on=DAY,
        task=tasks.write_imported_draft,
        by=admin,
        now=timezone.now(),
    )
    kill_while_at_work(confirmed.confirm_batch, "writing")
    assert (PriceList.objects.count(), PriceRank.objects.count()) == (1, 2)
    finish(confirmed.confirm_batch)
    draft = PriceList.objects.get(name="2027年4月版")
    assert PriceRank.objects.filter(price_table__price_list=draft).count() == 5_000
    assert PriceListEvent.objects.filter(kind="imported").count() == 1
    assert PriceImport.objects.get().draft == draft


def finish(batch: Batch) -> None:
    done = let_finish(batch)
    assert (done.state, done.items.count(), done.attempts) == ("done", 1, 0)
