"""The page of cost rates: managers enter, correct, remove and import them; nobody else comes near."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from foundation.spreadsheets.refusals import FileRefused
from foundation.versioned_forms import ChangedMeanwhile
from foundation.versions import NAME
from licensing.holdings.operations.works import load_catalogue
from licensing.models import FormerCode, Programme
from pricing.costs.forms import RateForm
from pricing.costs.operations import add_rate, change_rate, remove_rate, write_rates
from pricing.costs.reading import ReadRate, ReadRates, read_rates
from pricing.models import CostRate
from tests.at_once import at_once
from tests.cast import NOW, Cast, make_cast, sign_in

FRACTION = "This is less than 1 percent of the list price. If 80 percent is meant, write 80."
LIST, IMPORT = "/manage/cost-rates/", "/manage/cost-rates/import/"


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return sign_in(cast.manager)


def stored() -> list[tuple[str, str, str]]:
    rows = CostRate.objects.select_related("product", "programme").order_by("pk")
    return [((row.product or row.programme).code, str(row.percent), row.effective_on.isoformat()) for row in rows]


def said(answer: Any) -> list[str]:
    return [str(one) for one in answer.context["messages"]]


# --- By hand ---------------------------------------------------------------------------------------------------------


def test_a_rate_is_entered_as_people_type_it_corrected_and_removed(cast: Cast, desk: Client) -> None:
    product = cast.products["SMP-BS"]
    data = {"of": f"product-{product.pk}", "percent": "８０．５％", "effective_on": "令和9年4月1日"}
    answer = desk.post(LIST, data, follow=True)
    assert said(answer) == [f"The cost rate of {product} is added."]
    assert stored() == [("SMP-BS", "80.50", "2027-04-01")]
    rate = CostRate.objects.get()
    page = reverse("pricing:cost-rate", args=[rate.pk])
    answer = desk.post(page, {"percent": "７５", "effective_on": "2027/05/01"}, follow=True)
    assert said(answer) == [f"The cost rate of {product} is saved."]
    assert stored() == [("SMP-BS", "75.00", "2027-05-01")]
    assert [one.history_user_name for one in rate.history.all()] == [cast.manager.name] * 2
    answer = desk.post(reverse("pricing:cost-rate-remove", args=[rate.pk]), follow=True)
    assert said(answer) == [f"The cost rate of {product} is removed."]
    assert stored() == []


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"percent": "0.8"}, "percent", FRACTION),
        ({"percent": "100.01"}, "percent", "A cost rate is 1 to 100 percent of the list price."),
        ({"percent": "80.123"}, "percent", "A cost rate has at most two decimals."),
        ({"percent": "八割"}, "percent", "“八割” is not a percentage. Write it in digits, like 2.5."),
        ({"effective_on": "1999-12-31"}, "effective_on", "The day must lie between 2000 and 2099. Look for a typo."),
        ({"of": "product-999999"}, "of", "Select a valid choice. product-999999 is not one of the available choices."),
        ({"of": ""}, "of", "This field is required."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_stays(
    cast: Cast, desk: Client, changes: dict[str, str], field: str, text: str
) -> None:
    data = {"of": f"product-{cast.products['SMP-BS'].pk}", "percent": "80", "effective_on": "2027-04-01"} | changes
    answer = desk.post(LIST, data)
    assert answer.status_code == 422
    assert text in answer.context["form"].errors[field]
    assert answer.context["form"][field].value() == data[field]
    assert stored() == []


def test_the_same_day_twice_is_refused(cast: Cast, desk: Client) -> None:
    data = {"of": f"product-{cast.products['SMP-BS'].pk}", "percent": "80", "effective_on": "2027-04-01"}
    desk.post(LIST, data)
    answer = desk.post(LIST, data | {"percent": "70"})
    assert answer.status_code == 422
    assert "The product already has a cost rate from this day. Change that one." in answer.text
    assert stored() == [("SMP-BS", "80.00", "2027-04-01")]


def test_the_list_says_which_rate_is_in_force(cast: Cast, desk: Client) -> None:
    programme = cast.products["SMP-CC"].programme
    for percent, day in (("70", "2026-04-01"), ("71", "2027-01-15"), ("72", "2027-01-16")):
        add_rate(reseller=cast.aoba, of=programme, percent=Decimal(percent), effective_on=date.fromisoformat(day))
    add_rate(reseller=cast.minato, of=programme, percent=Decimal("66.66"), effective_on=date(2026, 4, 1))
    page = desk.get(LIST)
    shown = [(str(one.rate.percent), one.state) for one in page.context["rates"]]
    assert shown == [("72.00", "coming"), ("71.00", "now"), ("70.00", "past")]
    assert "66.66" not in page.text


def test_another_resellers_rate_is_not_there(cast: Cast, desk: Client) -> None:
    made = {"of": cast.products["SMP-BS"], "percent": Decimal(80), "effective_on": date(2027, 1, 1)}
    rate = add_rate(reseller=cast.minato, **made)
    for name in ("cost-rate", "cost-rate-remove"):
        data = {"percent": "10", "effective_on": "2027-01-01"}
        assert desk.post(reverse(f"pricing:{name}", args=[rate.pk]), data).status_code == 404
    assert stored() == [("SMP-BS", "80.00", "2027-01-01")]


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_one_is_told_of_the_other(transactional_db: None) -> None:
    with time_machine.travel(NOW, tick=False):
        cast = make_cast()
    made = {"reseller": cast.aoba, "of": cast.products["SMP-BS"], "effective_on": date(2027, 1, 1)}
    first = [add_rate(percent=Decimal(80), **made)]
    [rate] = first

    def change(percent: str) -> Any:
        with translation.override("en"):
            opened = CostRate.objects.select_related("reseller").get(pk=rate.pk)
            sent = RateForm(rate=opened)
            data = {"percent": percent, "effective_on": "2027-01-01", NAME: sent.version}
            form = RateForm(data, rate=opened)
            assert form.is_valid(), form.errors
            look = form.still(lambda row: RateForm(rate=row))
            return lambda: change_rate(rate=opened, percent=Decimal(percent), effective_on=date(2027, 1, 1), look=look)

    outcomes = at_once(change("70"), change("60"))
    refused = [one for one in outcomes if isinstance(one, ChangedMeanwhile)]
    saved = [one for one in outcomes if isinstance(one, CostRate)]
    assert (len(refused), len(saved)) == (1, 1)
    assert [percent for _code, percent, _day in stored()] == [str(saved[0].percent) + ".00"]
    removed = at_once(lambda: remove_rate(rate=rate), lambda: remove_rate(rate=rate))
    assert sorted(removed) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_of_two_files_at_once_each_is_whole_and_nothing_is_there_twice(transactional_db: None) -> None:
    with time_machine.travel(NOW, tick=False):
        cast = make_cast()
    things = [cast.products[code].pk for code in ("SMP-BS", "SMP-AO", "SMP-DS")]

    def bring(percent: str) -> Any:
        rates = [ReadRate(2, "product", pk, Decimal(percent), date(2027, 4, 1)) for pk in things]
        return lambda: write_rates(reseller=cast.aoba, rates=rates)

    outcomes = at_once(bring("70"), bring("60"))
    assert sorted((one.added, one.changed) for one in outcomes) == [(0, 3), (3, 0)]
    assert len({percent for _code, percent, _day in stored()}) == 1
    assert (CostRate.objects.count(), CostRate.history.count()) == (3, 6)


# --- By a file -------------------------------------------------------------------------------------------------------


def read(text: str | bytes, encoding: str = "utf-8") -> ReadRates:
    content = text if isinstance(text, bytes) else text.encode(encoding)
    with translation.override("en"):
        return read_rates(content, catalogue=load_catalogue(), programmes=Programme.objects.all())


def upload(desk: Client, text: str, encoding: str = "utf-8") -> Any:
    return desk.post(IMPORT, {"file": SimpleUploadedFile("rates.csv", text.encode(encoding))}, follow=True)


RIGHT = """製品コード,プログラム,仕切率,適用開始日
ＳＭＰ－ＢＳ,,８０％,２０２７年４月１日
,TRSL,72.5,2027/4/1
smp-ao,,７５．２５,20270401
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_full_width_and_cp932_are_normal(cast: Cast, desk: Client, encoding: str) -> None:
    text = RIGHT.replace("－", "-") if encoding == "cp932" else RIGHT
    answer = upload(desk, text, encoding)
    assert said(answer) == ["3 cost rates added, 0 changed, 0 as they were."]
    assert stored() == [
        ("SMP-BS", "80.00", "2027-04-01"),
        ("TRSL", "72.50", "2027-04-01"),
        ("SMP-AO", "75.25", "2027-04-01"),
    ]


def test_a_second_file_changes_what_is_another_and_leaves_what_it_does_not_name(cast: Cast, desk: Client) -> None:
    upload(desk, RIGHT)
    answer = upload(desk, "Product,Cost rate,In force from\nSMP-BS,80,2027-04-01\nSMP-AO,76,2027-04-01\n")
    assert said(answer) == ["0 cost rates added, 1 changed, 1 as they were."]
    assert [percent for _code, percent, _day in stored()] == ["80.00", "72.50", "76.00"]
    assert CostRate.history.count() == 4


def test_every_problem_is_told_with_its_place_and_nothing_is_taken(cast: Cast, desk: Client) -> None:
    FormerCode.objects.create(product=cast.products["SMP-DS"], code="SMP-OLD")
    text = (
        "製品コード,プログラム,仕切率,適用日\n"
        "SMP-BS,,80,2027-04-01\n"
        "SMP-BX,,80,2027-04-01\n"
        ",XXX,0.8,2027-04-01\n"
        "SMP-AO,TRSL,abc,2027-13-01\n"
        ",,120,1999-01-01\n"
        "SMP-AO,,,\n"
        "smp-bs,,70,2027/4/1\n"
        "SMP-OLD,,80.123,2027-04-01\n"
    )
    answer = upload(desk, text)
    assert answer.status_code == 422
    found = [(one.row, one.column, one.value, one.reason) for one in answer.context["problems"]]
    near = next(one for one in found if one[0] == 3)
    assert near[:3] == (3, "A 製品コード", "SMP-BX")
    assert near[3].startswith("There is no product with this code. Do you mean ")
    assert [one for one in found if one[0] != 3] == [
        (4, "B プログラム", "XXX", "There is no such programme. There are: TRSL、通常."),
        (4, "C 仕切率", "0.8", FRACTION),
        (5, "A 製品コード", "SMP-AO", "Both a product and a programme stand here. Leave one of the two empty."),
        (5, "C 仕切率", "abc", "This is not a percentage. Write it in digits, like 80 or 72.5."),
        (5, "D 適用日", "2027-13-01", "There is no month 13. Write the year first, then the month, then the day."),
        (6, "A 製品コード", "", "Neither a product nor a programme stands here. Enter one of the two."),
        (6, "C 仕切率", "120", "A cost rate is 1 to 100 percent of the list price."),
        (6, "D 適用日", "1999-01-01", "The day must lie between 2000 and 2099. Look for a typo."),
        (7, "C 仕切率", "", "The cost rate is missing."),
        (7, "D 適用日", "", "The day is missing. Write the first day on which the rate counts."),
        (8, "A 製品コード", "smp-bs", "Row 2 has a rate of the same from the same day. Keep one of the two."),
        (9, "C 仕切率", "80.123", "A cost rate has at most two decimals."),
    ]
    assert "Nothing is imported: there are 13 problems." in answer.text
    assert stored() == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("製品コード,適用日\nSMP-BS,2027-04-01\n", "These columns are missing: Cost rate (%)."),
        ("仕切率,適用日\n80,2027-04-01\n", "A column “Product code” or “Programme” is missing: "),
        ("製品コード,仕切率,適用日\n", "There are no rates below the names of the columns."),
        ("製品コード,仕切率,掛率,適用日\nSMP-BS,80,70,2027-04-01\n",
         "Two columns mean Cost rate (%): B (仕切率), C (掛率). Keep one of them, or rename the other."),
    ],
)  # fmt: skip
def test_a_file_without_what_is_needed_is_refused_as_a_whole(cast: Cast, text: str, reason: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(text)
    assert str(refused.value).startswith(reason)


def test_what_is_no_table_is_said_at_the_field(cast: Cast, desk: Client) -> None:
    for content in (b"", b"%PDF-1.7", b"\x00" * 10):
        answer = desk.post(IMPORT, {"file": SimpleUploadedFile("x.csv", content)})
        assert (answer.status_code, bool(answer.context["form"].errors["file"])) == (422, True)
    assert desk.post(IMPORT, {}).status_code == 422


def test_a_workbook_with_cells_in_percent_is_read_as_it_is_seen(cast: Cast) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["商品コード", "掛け率", "適用開始日"])
    sheet.append(["SMP-BS", 0.8, date(2027, 4, 1)])
    sheet["B2"].number_format = "0%"
    stream = BytesIO()
    book.save(stream)
    [rate] = read(stream.getvalue()).rates
    assert (rate.of, rate.percent, rate.effective_on) == ("product", Decimal("80.00"), date(2027, 4, 1))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_comes_back_unchanged(cast: Cast, desk: Client, form: str) -> None:
    upload(desk, RIGHT)
    content = desk.get(reverse(f"pricing:cost-rates-{form}")).content
    if form == "xlsx":
        rows = list(load_workbook(BytesIO(content)).active.values)
        assert rows[0] == ("Product code", "Programme", "Cost rate (%)", "In force from")
    before = stored()
    answer = desk.post(IMPORT, {"file": SimpleUploadedFile(f"rates.{form}", content)}, follow=True)
    assert said(answer) == ["0 cost rates added, 0 changed, 3 as they were."]
    assert stored() == before


def test_the_page_says_what_columns_are_called(cast: Cast, desk: Client) -> None:
    assert "商品コード、製品、品番、型番" in desk.get(IMPORT).text


def test_a_day_in_a_column_that_is_not_formatted_as_days(cast: Cast) -> None:
    """As spreadsheet programs count it."""
    [rate] = read("製品コード,仕切率,適用日\nSMP-BS,80,46478\n").rates
    assert rate.effective_on == date(2027, 4, 1)


def test_a_title_above_the_names_and_other_sheets_are_no_rates(cast: Cast) -> None:
    """An older visible sheet before the one that opens first, notes that are wider, a title: what a person sees."""
    book = Workbook()
    old, notes, rates = book.active, book.create_sheet("説明"), book.create_sheet("仕切率")
    old.title = "旧"
    old.append(["製品コード", "プログラム", "仕切率", "適用日"])
    old.append(["SMP-BS", None, 50, "2026-04-01"])
    notes.append(["この", "表", "は", "仕切率", "の", "一覧"])
    rates.append(["2027年度 仕切率一覧"])
    rates.append([None])
    rates.append(["製品コード", "仕切率", "適用日"])
    rates.append(["SMP-BS", 80, "2027-04-01"])
    for shown, percents in ((2, ["80.00"]), (1, ["50.00"]), (0, ["50.00"])):
        book.active = shown
        stream = BytesIO()
        book.save(stream)
        found = read(stream.getvalue())
        assert ([str(one.percent) for one in found.rates], found.problems) == (percents, [])
    assert [
        (one.row, str(one.percent)) for one in read("一覧\n\n製品コード,仕切率,適用日\nSMP-BS,80,2027-04-01\n").rates
    ] == [(4, "80.00")]


@pytest.mark.parametrize("text", ["1", "１", "1.00"])
def test_a_1_may_be_the_whole_of_a_fraction(cast: Cast, text: str) -> None:
    [problem] = read(f"製品コード,仕切率,適用日\nSMP-BS,{text},2027-04-01\n").problems
    assert problem.reason == "It may mean 1 or 100 percent of the list price. Write 1 % or 100."
    [rate] = read(f"製品コード,仕切率,適用日\nSMP-BS,{text} %,2027-04-01\n").rates
    assert rate.percent == 1


def test_an_empty_file_is_told_with_what_to_do(cast: Cast, desk: Client) -> None:
    answer = desk.post(IMPORT, {"file": SimpleUploadedFile("x.csv", b"")})
    assert answer.context["form"].errors["file"] == ["The file is empty. Choose the file with the table."]
