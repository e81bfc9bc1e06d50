"""Products that a file names and the portal does not know are made when the file is confirmed, and not before."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from foundation.jobs.operations import work_off
from foundation.spreadsheets.datasets import Csv, CsvCp932, Xlsx
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
from pricing.loader import load_tables
from pricing.models import PriceImport, PriceList, PriceTable
from tests.pricing.files.workbooks import HEAD, make_csv
from tests.pricing.test_imports import make_world

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2027, 4, 1)
NAMED = HEAD + ",製品名,プログラム,単位,セグメント"
NEW = ("SMP-9,5,A,5,,2600,5200,新しい製品,通常,クライアント,官公庁", "SMP-1,6,A,5,,2650,5200,,,,")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def admin(db) -> User:
    return make_world()


def check(admin: User, content: bytes, name: str = "2027年4月版", based_on: PriceList | None = None) -> PriceImport:
    upload = upload_prices(
        content=content,
        file_name="x",
        based_on=based_on,
        name=name,
        effective_on=DAY,
        task=tasks.check_price_file,
        by=admin,
        now=NOW,
    )
    work_off(batch_pk=upload.check_batch_id, work=CheckFile(), clock=lambda: NOW)
    upload = PriceImport.objects.get(pk=upload.pk)
    assert upload.check_batch.state == "done", upload.check_batch.message
    return upload


def confirm(admin: User, upload: PriceImport, **more: object) -> PriceList:
    upload = confirm_import(
        upload=upload,
        name=upload.name,
        effective_on=DAY,
        task=tasks.write_imported_draft,
        by=admin,
        now=NOW,
        **more,
    )
    work_off(batch_pk=upload.confirm_batch_id, work=WriteDraft(), clock=lambda: NOW)
    upload = PriceImport.objects.get(pk=upload.pk)
    assert upload.confirm_batch.state == "done", upload.confirm_batch.message
    return upload.draft


def test_a_new_product_is_made_on_confirmation_with_all_that_the_file_says(admin):
    upload = check(admin, make_csv(*NEW, head=NAMED))
    assert (upload.error_count, [product["code"] for product in upload.new_products["products"]]) == (0, ["SMP-9"])
    assert not Product.objects.filter(code="SMP-9").exists()
    with pytest.raises(ImportRefused, match="The file names new products"):
        confirm(admin, upload)
    assert (Product.objects.count(), PriceImport.objects.get().confirm_batch) == (3, None)
    draft = confirm(admin, upload, makes_products=True)
    product = Product.objects.get(code="SMP-9")
    assert (product.name, product.programme.code, product.unit, product.segment) == (
        "新しい製品", "通常", "クライアント", "官公庁"
    )  # fmt: skip
    assert product.history.get().history_type == "+"
    assert sorted(PriceTable.objects.filter(price_list=draft).values_list("product__code", flat=True)) == [
        "SMP-1", "SMP-9"
    ]  # fmt: skip
    assert Product.objects.get(code="SMP-1").unit == "本"


def test_the_programme_is_asked_for_where_the_file_does_not_name_it(admin):
    upload = check(admin, make_csv("SMP-9,5,A,5,,2600,5200,新しい製品", head=HEAD + ",製品名"))
    with pytest.raises(ImportRefused, match="Choose the programme of the new products"):
        confirm(admin, upload, makes_products=True)
    confirm(admin, upload, makes_products=True, programme=Programme.objects.get())
    assert Product.objects.get(code="SMP-9").programme.code == "通常"


@pytest.mark.parametrize("row", ["SMP-9,5,A,5,,2600,5200,,通常,,", "製品９,5,A,5,,2600,5200,新しい製品,通常,,"])
def test_without_a_name_or_with_a_code_that_is_none_it_is_an_error(admin, row):
    upload = check(admin, make_csv(row, head=NAMED))
    assert (upload.error_count, upload.new_products) == (1, {})
    assert upload.problems.get().reason.startswith("The portal does not know this product (1 rows).")


def test_what_is_wrong_with_a_new_product_is_told_at_its_cell(admin):
    head = NAMED + ",product.unit_en"
    upload = check(admin, make_csv(f"SMP-9,5,A,5,,2600,5200,新しい製品,通常,{'本' * 41},,", head=head))
    [problem] = upload.problems.filter(is_error=True)
    assert (problem.row, problem.column) == (2, "J: 単位")


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("SMP-9,5,A,5,,2600,5200,新しい\ue123製品,通常,,", (2, "H: 製品名")),
        ("SMP-9,5,A,5,,2600,5200,新しい製品,通\ue123常,,", (2, "I: プログラム")),
        ("SMP-9,5,A,5,,2600,5200,新しい製品,通常,\ue123,", (2, "J: 単位")),
        ("SMP-9,5,\ue123,5,,2600,5200,新しい製品,通常,,", (2, "C: rank")),
    ],
)
def test_what_cannot_be_printed_is_told_at_its_cell(admin, row, place):
    upload = check(admin, make_csv(row, head=NAMED))
    [problem] = upload.problems.filter(is_error=True)
    assert (problem.row, problem.column) == place
    assert problem.reason.endswith(" U+E123 cannot be printed on quotes. Write it with other characters.")


@pytest.mark.parametrize("form", [Xlsx, Csv, CsvCp932])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_export_of_everything_goes_into_an_empty_portal(admin, form, language):
    programme = Programme.objects.create(
        code="TRSL", name="大口", name_en="Large", rank_basis="largest_product", most_years=3, late_renewal_days=0
    )
    Product.objects.filter(code="SMP-1").update(
        programme=programme, unit="クライアント", unit_en="client", segment="教育", name_en="One",
        is_multi_year_discountable=True, tax_category="reduced",
    )  # fmt: skip
    price_list = PriceList.objects.get()
    tables = load_tables(price_list=price_list)
    with translation.override(language):
        data = form().export_data(make_dataset(list(tables.values()), load_products(), is_sample=True))
    before = state_of(tables)
    PriceList.objects.all().delete()
    Product.objects.all().delete()
    Programme.objects.all().delete()
    upload = check(admin, data)
    assert (upload.error_count, upload.is_sample) == (0, True)
    draft = confirm(admin, upload, makes_products=True)
    assert load_tables(price_list=draft) == tables
    assert state_of(tables) == before


def state_of(codes) -> list[tuple[object, ...]]:
    """Everything of the products and their programmes, but their keys and what is made of the rest."""
    return [
        tuple(
            getattr(row, field.name)
            for row in (product, product.programme)
            for field in row._meta.concrete_fields
            if field.name not in {"id", "programme", "search_key"}
        )
        for product in Product.objects.filter(code__in=codes).select_related("programme").order_by("code")
    ]
