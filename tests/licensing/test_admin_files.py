"""Programmes, products, customers and license IDs in and out of files, in the administration."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.spreadsheets import datasets
from foundation.spreadsheets.datasets import Csv, CsvCp932, Xlsx
from licensing.models import Customer, LicenseID, Product, Programme
from tests.cast import make_cast, make_license_id, sign_in

FORMATS = (Xlsx, Csv, CsvCp932)


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def desk(cast):
    return sign_in(cast.admin, language="ja")


def address(model, step):
    return f"/admin/licensing/{model._meta.model_name}/{step}/"


def upload(desk, model, content, name="master.csv"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return desk.post(address(model, "import"), {"import_file": file, "format": "0", "resource": "0"})


def confirm(desk, model, page, **changes):
    form = page.context["confirm_form"]
    return desk.post(address(model, "process_import"), form.initial | changes, follow=True)


def said(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def told(page):
    result = page.context["result"]
    whole = [text for error in result.base_errors for text in error.error.messages]
    return whole + [(row.number, text) for row in result.invalid_rows for text in row.told]


def everything(*models):
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("model", [Programme, Product, Customer, LicenseID])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_exported_list_is_imported_as_it_was(cast, desk, model, number):
    make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    answer = desk.post(address(model, "export"), {"format": str(number), "resource": "0"})
    assert answer.status_code == 200
    page = upload(desk, model, answer.content)
    assert page.status_code == 200
    assert told(page) == []
    result = page.context["result"]
    assert (result.totals["skip"], result.changed_rows) == (model.objects.count(), [])
    assert "このファイルで変わる内容はありません。" in said(page)


def test_an_exported_workbook_has_words_for_people_and_texts_that_are_no_formulas(cast, desk):
    Product.objects.filter(code="SMP-BS").update(name="=1+1", is_multi_year_discountable=True)
    answer = desk.post(address(Product, "export") + "?q=SMP-BS", {"format": "0", "resource": "0"})
    assert re.fullmatch(r'attachment; filename="product-\d{8}\.xlsx"', answer.headers["Content-Disposition"])
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows())
    assert [cell.value for cell in rows[0]][:4] == ["製品コード", "製品名", "製品名（英語）", "プログラム"]
    assert len(rows) == 2
    assert (rows[1][1].value, rows[1][1].data_type) == ("=1+1", "s")
    assert rows[1][7].value == "はい"
    text = desk.post(address(Product, "export") + "?q=SMP-BS", {"format": "1", "resource": "0"}).content.decode()
    assert "'=1+1" in text


def test_new_rows_are_shown_first_and_written_on_confirmation(cast, desk):
    before = everything(Product)
    page = upload(
        desk,
        Product,
        "製品コード,製品名,プログラム,単位,複数年割引の対象\r\nＳＭＰ－９９,新しい製品,"
        f"{Product.objects.get(code='SMP-BS').programme.code},本,はい\r\n",
    )
    assert told(page) == []
    assert "新規：1件" in said(page)
    assert "<td><ins>新しい製品</ins></td>" in page.text
    assert " style=" not in page.text
    assert everything(Product) == before
    after = confirm(desk, Product, page)
    assert "取り込みました：新規1件、変更0件" in said(after)
    made = Product.objects.get(code="SMP-99")
    assert (made.name, made.is_multi_year_discountable, made.unit) == ("新しい製品", True, "本")
    entry = made.history.get()
    assert (entry.history_user_name, entry.history_change_reason) == (cast.admin.name, "インポート：master.csv")


def test_what_a_file_says_is_shown_as_text(cast, desk):
    page = upload(desk, Product, '製品コード,製品名\r\nSMP-BS,"<img src=x> <ins style=""x"">"\r\n')
    assert told(page) == []
    assert "<img src=x>" not in page.text
    assert "&lt;img src=x&gt;" in page.text


def test_names_are_changed_and_nothing_that_decides_prices(cast, desk):
    before = everything(Product, Programme)
    page = upload(desk, Product, "製品コード,製品名,単位\r\nSMP-BS,別の名前,台\r\nSMP-IW,これも,\r\n")
    assert [number for number, _text in told(page)] == [2, 3]
    assert told(page)[0][1].startswith("ファイルでは変更できません：単位")
    assert everything(Product, Programme) == before
    page = upload(desk, Product, "product code,product name\r\nSMP-BS,別の名前\r\n")
    confirm(desk, Product, page)
    assert Product.objects.get(code="SMP-BS").name == "別の名前"


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("製品名\r\nA\r\n", ["列「製品コード」がありません。この列で行を見分けます。"]),
        ("製品コード,謎\r\nSMP-BS,1\r\n", ["列「謎」は取り込めません。"]),
        ("製品コード,製品名,製品名\r\nSMP-BS,1,2\r\n", ["列「製品名」が2つあります。"]),
        ("製品コード,製品名\r\nSMP-BS,1\r\nＳＭＰ－ＢＳ,2\r\n", ["「SMP-BS」の行が2つあります。1つにしてください。"]),
        ("製品コード,プログラム\r\n\r\nSMP-BS,ない\r\n", [(3, "プログラム: プログラム「ない」は登録されていません。")]),
        (
            "製品コード,複数年割引の対象\r\nSMP-BS,たぶん\r\n",
            [(2, "複数年割引の対象: 「はい」か「いいえ」で入力してください。")],
        ),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(cast, desk, content, problems):
    before = everything(Product)
    page = upload(desk, Product, content)
    assert told(page) == problems
    assert "confirm_form" not in page.context
    assert everything(Product) == before


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "ファイルが空です。表のあるファイルを選んでください。"),
        (b"%PDF-1.7", "表をXLSXまたはCSVで保存して"),
        ("製品コード\r\n" + "A\r\n" * 3, "2行より多くあります"),
    ],
)
def test_what_is_no_table_is_refused(cast, desk, content, problem, monkeypatch):
    monkeypatch.setattr(datasets, "MOST_AT_ONCE", 2)
    page = upload(desk, Product, content)
    assert page.status_code == 200
    assert problem in said(page)
    assert "result" not in page.context


def test_customers_are_known_by_number_and_a_new_one_must_be_new(cast, desk):
    count = Customer.objects.count()
    known = cast.customer
    reseller = known.reseller.code
    head = "ポータル内の番号,販売店,会社名,言語\r\n".replace("言語", "見積の言語")
    page = upload(desk, Customer, f"{head},{reseller},㈱高崎製作所,日本語\r\n999999,{reseller},X,英語\r\n")
    assert told(page) == ["番号999999のお客様はいません。新規のお客様の番号は空にしてください。"]
    page = upload(desk, Customer, f"{head},{reseller},㈱高崎製作所,日本語\r\n")
    [(number, text)] = told(page)
    assert (number, f"{known.name} ({known.pk})" in text) == (2, True)
    assert Customer.objects.count() == count
    page = upload(
        desk, Customer, f"{head},{reseller},白波物産株式会社,日本語\r\n{known.pk},{reseller},株式会社新名,日本語\r\n"
    )
    assert told(page) == []
    confirm(desk, Customer, page)
    known.refresh_from_db()
    assert (known.name, Customer.objects.get(name="白波物産株式会社").reseller) == ("株式会社新名", known.reseller)


def test_license_ids_by_their_customers_number(cast, desk):
    page = upload(desk, LicenseID, f"ライセンスID,お客様：ポータル内の番号\r\nLIC-7,{cast.customer.pk}\r\nLIC-8,0\r\n")
    assert [number for number, _text in told(page)] == [3]
    page = upload(desk, LicenseID, f"ライセンスID,お客様：ポータル内の番号\r\nLIC-7,{cast.customer.pk}\r\n")
    confirm(desk, LicenseID, page)
    assert LicenseID.objects.get(code="LIC-7").customer == cast.customer


def test_what_somebody_else_changed_meanwhile_is_not_undone(cast, desk):
    page = upload(desk, Product, "製品コード,製品名\r\nSMP-BS,甲\r\n")
    Product.objects.filter(code="SMP-BS").update(name="乙")
    after = confirm(desk, Product, page)
    assert "ほかの人がデータを変更しました" in said(after)
    assert Product.objects.get(code="SMP-BS").name == "乙"


def test_a_file_that_became_wrong_meanwhile_writes_nothing(cast, desk):
    page = upload(
        desk, Product, "製品コード,製品名,プログラム\r\nN-1,甲,old\r\n".replace("old", Programme.objects.first().code)
    )
    Product.objects.create(code="N-1", name="先", programme=Programme.objects.first())
    before = everything(Product)
    assert confirm(desk, Product, page).status_code == 200
    assert everything(Product) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"import_file_name": "gone"},
        {"format": "7"},
        {"resource": "x"},
        {"seen": "forged"},
        {"import_file_name": "../x"},
    ],
)
def test_a_forged_confirmation_writes_nothing(cast, desk, changes):
    page = upload(desk, Product, "製品コード,製品名\r\nSMP-BS,甲\r\n")
    before = everything(Product)
    assert confirm(desk, Product, page, **changes).status_code == 200
    assert everything(Product) == before


def test_an_address_that_means_nothing_leads_to_the_list(cast, desk):
    answer = desk.get(address(Product, "export") + "?programme__id__exact=x")
    assert (answer.status_code, answer.url) == (302, "/admin/licensing/product/")


def test_a_longer_file_asks_the_database_no_more_often(cast, desk):
    programme = Programme.objects.first()
    head = "製品コード,製品名,プログラム\r\n"
    rows = [f"N-{number},名,{programme.code}\r\n" for number in range(40)]
    confirm(desk, Product, upload(desk, Product, head + "".join(rows)))
    assert Product.objects.filter(code__startswith="N-").count() == 40
    asked = []
    for count in (1, 40):
        with CaptureQueriesContext(connection) as queries:
            page = upload(desk, Product, head + "".join(rows[:count]))
        assert page.context["result"].totals["skip"] == count
        asked.append(sum(query["sql"].startswith("SELECT") for query in queries))
    assert asked[0] == asked[1]


def test_the_sheet_that_opens_first_is_read_below_its_title(cast, desk):
    book = openpyxl.Workbook()
    old, shown = book.active, book.create_sheet("製品")
    for row in (["製品コード", "製品名", "単位"], ["SMP-BS", "古い名前", "本"]):
        old.append(row)
    for row in (["製品一覧"], [], ["製品コード", "製品名"], ["ＳＭＰ─ＢＳ", "新しい名前"], ["SMP-IW", "#REF!"]):
        shown.append(row)
    shown["B5"].data_type = "e"
    book.active = 1
    stream = io.BytesIO()
    book.save(stream)
    page = upload(desk, Product, stream.getvalue(), "master.xlsx")
    assert told(page) == [(5, "製品名: 数式のエラーです。ファイルで直すか、値を直接入力してください。")]
    shown["B5"] = Product.objects.get(code="SMP-IW").name
    book.save(stream := io.BytesIO())
    page = upload(desk, Product, stream.getvalue(), "master.xlsx")
    assert told(page) == []
    assert ("新しい名前" in page.text, "古い名前" in page.text) == (True, False)


@pytest.mark.parametrize("typed", ["〒100-0001", "1000001", "１００‐０００１", "100─0001"])
def test_postal_codes_in_files_are_taken_as_they_are_copied(cast, desk, typed):
    page = upload(desk, Customer, f"id,郵便番号\r\n{cast.customer.pk},{typed}\r\n")
    assert told(page) == []
    confirm(desk, Customer, page)
    cast.customer.refresh_from_db()
    assert cast.customer.postal_code == "100-0001"


def test_a_name_that_was_laid_out_in_two_lines_is_one(cast, desk):
    """As `Alt`+`Enter` makes them; a letter's subject with a line break could not be sent."""
    page = upload(desk, Customer, f'id,name\r\n{cast.customer.pk},"株式会社見本\n東京支店"\r\n')
    assert told(page) == []
    confirm(desk, Customer, page)
    cast.customer.refresh_from_db()
    assert cast.customer.name == "株式会社見本 東京支店"


@pytest.mark.parametrize("text", ["製品コード,製品名\r\n", "こんにちは"])
def test_a_file_without_rows_is_refused_in_the_readers_language(cast, desk, text):
    page = upload(desk, Product, text)
    assert "項目名の下に行がありません。行を入力して、もう一度選択してください。" in said(page)
