"""Free lines on their way: typed, kept with the draft, summed, printed, handed over, revised, priced again (R23)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from licensing.models import Reseller
from pricing.loader import load_prices
from pricing.models import TaxRate
from quotes.archive.verification import Report, verify_records
from quotes.handover.fields import FIELDS, read_order
from quotes.handover.layouts import layouts, slip_quantity, with_reductions
from quotes.handover.queries import chosen_orders
from quotes.models import Quote
from quotes.paper.document import Document
from quotes.paper.own import lay_out_free_lines
from quotes.paper.totals import lay_out_totals
from quotes.paper.wording import WORDINGS
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.transitions import record_order
from renewals.asked import AskedFreeLine, from_json, to_json
from renewals.calculation.differences import free_differences
from renewals.drift.shadow import totals_today
from renewals.form.forms import asked_data
from renewals.form.free_lines import without_free_row
from renewals.golden.operations import requests_of
from renewals.revisions.operations import begin_revision
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import NOTHING, count_rows, fill, given_quote, holding_of
from tests.page import Page, open_form, send
from tests.quotes.paper.reading import join, read_text

TYPED = {
    "free-0-description": "設定作業費", "free-0-quantity": "２", "free-0-unit": "式", "free-0-price": "￥２５，０００",
    "free-0-tax": "standard",
    "free-1-description": "飲料", "free-1-quantity": "24", "free-1-unit": "本", "free-1-price": "120円",
    "free-1-tax": "reduced",
    "free-2-description": "収入印紙（立替）", "free-2-quantity": "1", "free-2-unit": "", "free-2-price": "400",
    "free-2-tax": "exempt",
    "free-3-description": "初回相談", "free-3-quantity": "1", "free-3-unit": "回", "free-3-price": "0",
    "free-3-tax": "standard",
}  # fmt: skip
LINES = (
    AskedFreeLine("設定作業費", 2, "式", 25_000, "standard"),
    AskedFreeLine("飲料", 24, "本", 120, "reduced"),
    AskedFreeLine("収入印紙（立替）", 1, "", 400, "exempt"),
    AskedFreeLine("初回相談", 1, "回", 0, "standard"),
)


@pytest.fixture
def licenseid(cast):
    for category, percent in (("reduced", 8), ("exempt", 0)):
        TaxRate.objects.create(category=category, percent=Decimal(percent), effective_on=date(2019, 10, 1))
    return make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))


@pytest.fixture
def changes(licenseid):
    """SMP-CC 100 at 10 % less (172,800), four free lines (53,280) and 値引き 10,000."""
    return {**TYPED, f"offered-{holding_of(licenseid).pk}": "10 %", "reduction": "10,000"}


@pytest.fixture
def quote(cast, licenseid, changes):
    return given_quote(licenseid, by=cast.staff, changes=changes)


def said_on(answer):
    return Page(answer).root.text()


def test_it_is_issued_as_it_was_typed(quote):
    """Of 226,080: 9,854.9…, 127.3… and 17.6… rounded down, the remainder of 2 to the largest."""
    assert (quote.subtotal, quote.tax, quote.total) == (216_080, 21_514, 237_594)
    assert quote.document["tax_totals"] == [
        {"percent": "10", "subtotal": 212_944, "tax": 21_294},
        {"percent": "8", "subtotal": 2_753, "tax": 220},
        {"percent": "0", "subtotal": 383, "tax": 0},
    ]
    assert [line["amount"] for line in quote.document["free_lines"]] == [50_000, 2_880, 400, 0]
    assert quote.document["free_lines"][1] == {
        "description": "飲料", "quantity": 24, "unit": "本", "price": 120, "amount": 2_880, "tax_category": "reduced",
        "tax_percent": "8",
    }  # fmt: skip
    assert quote.document["offers"] == {
        "is_list_shown": True, "list_subtotal": 192_000, "lines_subtotal": 172_800, "reduction": 10_000,
    }  # fmt: skip
    assert (quote.parts.get().subtotal, quote.lines.count(), quote.holdings.count()) == (172_800, 1, 1)
    asked = from_json(quote.asked)
    assert (asked.free_lines, quote.asked["format"]) == (LINES, 3)
    assert [*verify_records(report=Report())] == []


def test_the_paper_adds_up_as_it_is_printed(quote):
    document: Document = quote.document
    [group] = lay_out_free_lines(document, WORDINGS["ja"])
    assert [(line["cells"], line["code"]) for line in group["lines"]] == [
        (["2", "設定作業費", "", "2", "式", "", "25,000", "", "50,000"], "消費税10%"),
        (["3", "飲料", "", "24", "本", "", "120", "", "2,880"], "※消費税8%（軽減税率対象）"),
        (["4", "収入印紙（立替）", "", "1", "", "", "400", "", "400"], "消費税の対象外・非課税"),
        (["5", "初回相談", "", "1", "回", "", "0", "", "0"], "消費税10%"),
    ]
    assert group["subtotal"] == ["その他 小計（税抜）", "53,280"]
    totals = lay_out_totals(document, WORDINGS["ja"])
    assert [*totals["rows"], totals["grand_total"]] == [
        ["標準価格の合計", "¥192,000"],
        ["明細の値引き", "▲¥19,200"],
        ["その他の合計", "¥53,280"],
        ["値引き", "▲¥10,000"],
        ["小計（10%対象）", "¥212,944"],
        ["消費税（10%）", "¥21,294"],
        ["小計（8%対象）", "¥2,753"],
        ["消費税（8%）", "¥220"],
        ["小計（対象外・非課税）", "¥383"],
        ["小計", "¥216,080"],
        ["消費税", "¥21,514"],
        ["合計（税込）", "¥237,594"],
    ]
    assert 192_000 - 19_200 + 53_280 - 10_000 == 212_944 + 2_753 + 383 == 216_080
    text = join(read_text(bytes(quote.pdf.content)))
    for said in ("その他", "LIC-2001 小計（税抜）172,800", "その他 小計（税抜）53,280", "以下余白", "¥237,594"):
        assert join(said) in text, said


def test_at_net_prices_the_lines_are_one_sum(cast, licenseid, changes):
    Reseller.objects.update(shows_list_prices=False)
    net = given_quote(licenseid, by=cast.staff, changes=changes)
    rows = lay_out_totals(net.document, WORDINGS["ja"])["rows"]
    assert rows[:2] == [["明細の合計", "¥226,080"], ["値引き", "▲¥10,000"]]


def test_in_english(cast, licenseid, changes):
    licenseid.customer.language = "en"
    licenseid.customer.save()
    quote = given_quote(licenseid, by=cast.staff, changes=changes)
    [group] = lay_out_free_lines(quote.document, WORDINGS["en"])
    assert group["head"][0] == "Other items"
    assert [line["code"] for line in group["lines"]] == [
        "Consumption tax 10%", "※ Consumption tax 8% (reduced rate)", "Not subject to consumption tax",
        "Consumption tax 10%",
    ]  # fmt: skip
    assert ["Subtotal (not taxed)", "¥383"] in lay_out_totals(quote.document, WORDINGS["en"])["rows"]


def test_without_free_lines_nothing_is_otherwise(cast, licenseid):
    plain = given_quote(licenseid, by=cast.staff)
    assert {"free_lines", "remarks", "bank"} & plain.document.keys() == set()
    assert {"department", "job_title", "person_phone", "person_email"} & plain.document["issuer"].keys() == set()
    assert "tax_percent" not in plain.document["lines"][0]
    assert {"free_lines", "terms"} & plain.asked.keys() == set()
    assert plain.asked["format"] == 1
    assert "その他" not in read_text(bytes(plain.pdf.content))


def test_the_record_and_the_customer_see_them(cast, quote, client):
    Reseller.objects.update(customers_see_quotes="issued")
    record = sign_in(cast.staff, language="ja").get(reverse("quotes:detail", args=[quote.key]))
    theirs = sign_in(cast.contact, language="ja").get(reverse("quotes:received-quote", args=[quote.key]))
    for answer in (record, theirs):
        words = said_on(answer)
        for said in (
            "その他", "2. 設定作業費", "¥50,000", "2 式 × ¥25,000 · 消費税10%",
            "24 本 × ¥120 · ※消費税8%（軽減税率対象）", "その他 小計（税抜）", "¥53,280", "¥237,594",
        ):  # fmt: skip
            assert said in words, said


def test_an_order_is_acknowledged_and_handed_over_with_them(cast, quote):
    record_order(quote=quote, order_number="PO-1", ordered_on=TODAY, by=cast.staff, now=NOW)
    text = join(read_text(bytes(acknowledge_order(quote=quote, by=cast.staff, now=NOW).content)))
    for said in ("注文請書", "設定作業費", "その他 小計（税抜）53,280", "¥237,594"):
        assert join(said) in text, said
    [ordered] = chosen_orders(cast.staff, [quote.key])
    rows = read_order(ordered)
    assert [set(row) for row in rows] == [set(FIELDS)] * 5
    told = ("line_number", "product_name", "amount", "tax_percent", "kind")
    assert [tuple(row[name] for name in told) for row in rows] == [
        (1, rows[0]["product_name"], 172_800, 10, "更新"),
        (2, "設定作業費", 50_000, 10, "その他"),
        (3, "飲料", 2_880, 8, "その他"),
        (4, "収入印紙（立替）", 400, 0, "その他"),
        (5, "初回相談", 0, 10, "その他"),
    ]  # fmt: skip
    assert slip_quantity(rows[2]) == (24, "本", 120)
    slip = with_reductions(rows)
    assert [tuple(row[name] for name in told[:4]) for row in slip[5:]] == [
        (6, "値引き（消費税10％対象）", -9_856, 10),
        (7, "値引き（消費税8％対象）", -127, 8),
        (8, "値引き（消費税0％対象）", -17, 0),
    ]
    assert sum(row["amount"] for row in slip) == quote.subtotal
    for total in ordered.document["tax_totals"]:  # as the program adds up and taxes each rate
        same = [row for row in slip if row["tax_percent"] == int(total["percent"])]
        assert sum(row["amount"] for row in same) == total["subtotal"]
        assert {(row["rate_subtotal"], row["rate_tax"]) for row in same} == {(total["subtotal"], total["tax"])}
    assert {
        column.read(row) for column in layouts(())["yayoi-order"].columns for row in rows[1:] if column.head == "備考"
    } == {""}
    page = sign_in(cast.staff, language="ja").get(reverse("quotes:entry-sheet", args=[quote.key]))
    assert page.status_code == 200
    assert "設定作業費" not in page.text


def test_a_revision_keeps_them_and_shows_what_changed(cast, licenseid, quote):
    draft, _new = begin_revision(quote=quote, by=cast.staff, now=NOW + timedelta(minutes=1))
    asked = from_json(draft.asked)
    assert asked.free_lines == LINES
    data = asked_data(asked)
    assert fill(licenseid, {name: data[name] for name in data}).to_asked() == asked
    changed = replace(LINES[0], price=20_000)
    added = AskedFreeLine("出張費", 1, "回", 5_000, "standard")
    now = replace(asked, free_lines=(LINES[3], changed, added))
    assert free_differences(quote=quote, asked=now) == [
        (LINES[3], LINES[3]), (LINES[0], changed), (None, added), (LINES[1], None), (LINES[2], None),
    ]  # fmt: skip
    desk = sign_in(cast.staff, language="ja")
    page = desk.get(reverse("renewals:draft", args=[draft.key]))
    form = open_form(desk, reverse("renewals:draft", args=[draft.key]))
    assert form.fields["free-1-price"] == ["120"]
    assert "設定作業費" in page.text


def test_priced_again_they_stay(cast, quote):
    assert totals_today([Quote.objects.get(pk=quote.pk)], prices=load_prices(on=TODAY), on=TODAY) == {quote.pk: 237_594}
    [request] = requests_of(quote)
    assert [choice.renewal_quantity for choice in request.holdings] == [100]


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(licenseid):
    form = fill(licenseid, {
        "free-0-description": "", "free-0-quantity": "1", "free-0-price": "500",
        "free-1-description": "設定", "free-1-quantity": "", "free-1-price": "百", "free-1-tax": "",
        "free-2-quantity": "1", "free-2-tax": "standard",
    })  # fmt: skip
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "free-0-description": ["内容を入力してください。例：設定作業費"],
        "free-0-tax": ["税区分を選んでください。"],
        "free-1-quantity": ["数量を1以上で入力してください。"],
        "free-1-price": ["「百」は金額として読めません。500000 や ￥500,000 のように円で入力してください。"],
        "free-1-tax": ["税区分を選んでください。"],
    }
    assert form.to_asked().free_lines == ()
    assert form.as_typed() == {
        "free-0-price": ["500"], "free-0-quantity": ["1"], "free-1-description": ["設定"], "free-1-price": ["百"],
    }  # fmt: skip
    assert not form.is_nothing
    assert fill(licenseid, {"free-0-quantity": "1", "free-0-tax": "standard"}).is_nothing


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"free-1-quantity": "0"}, "「飲料」の数量が 0 です。自由明細の数量は1以上です。"),
        ({"free-1-price": "▲120"}, "「飲料」の単価が -¥120 です。自由明細の単価は0円以上です。"),
        ({"free-1-tax": "luxury"}, "2027/01/15 に有効な「飲料」の税率がありません（税区分 luxury）。"),
    ],
)
def test_a_refusal_is_said_at_its_field_and_writes_nothing(cast, licenseid, changes, wrong, said):
    desk, before = sign_in(cast.staff, language="ja"), count_rows()
    address = reverse("renewals:new", args=[licenseid.code])
    entry = {**open_form(desk, address).fields, **{name: [text] for name, text in {**changes, **wrong}.items()}}
    answer = send(desk, address, entry, "issue")
    page = Page(answer)
    [field] = wrong
    assert answer.status_code == 422
    assert said in page.by_id(f"id_{field}_error").text()
    assert said in page.root.text()
    assert page.by_id(f"id_{field}")["value"] == wrong[field] or field.endswith("tax")
    assert count_rows() == before == NOTHING


def test_rows_come_and_go(cast, licenseid, changes):
    desk = sign_in(cast.staff, language="ja")
    address = reverse("renewals:new", args=[licenseid.code])
    entry = {**open_form(desk, address).fields, **{name: [text] for name, text in TYPED.items()}}
    more = Page(send(desk, address, entry, "add-free-row"))
    assert (more.fields["free-4-description"], more.fields["free-4-quantity"]) == ([""], ["1"])
    fewer = Page(send(desk, address, entry, "remove-free-1"))
    assert [fewer.fields[f"free-{row}-description"] for row in range(3)] == [
        ["設定作業費"],
        ["収入印紙（立替）"],
        ["初回相談"],
    ]
    assert "free-3-description" not in fewer.fields
    change = reverse("renewals:change", args=[licenseid.code])
    row = Page(send(desk, change, entry, "add-free-row"))
    assert "autofocus" in row.by_id("id_free-4-description").attributes
    removed = Page(send(desk, change, entry, "remove-free-0"))
    assert removed.by_id("id_free-0-description")["value"] == "飲料"
    full = {**entry, **{f"free-{at}-description": ["x"] for at in range(30)}}
    assert send(desk, change, full, "add-free-row").status_code == 204


def test_the_only_row_that_is_removed_is_empty_again():
    data = QueryDict("free-0-description=a&free-0-price=5&years=1")
    assert without_free_row(data, 0).urlencode() == "years=1"


def test_the_preview_shows_them(cast, licenseid, changes):
    answer = sign_in(cast.staff, language="ja").post(
        reverse("renewals:preview", args=[licenseid.code]), fill(licenseid, changes).data
    )
    words = said_on(answer)
    for said in ("¥237,594", "設定作業費", "24 × ¥120 · ※消費税8%（軽減税率対象）", "自由明細の合計（税抜） ¥53,280"):
        assert said in words, said
    assert to_json(fill(licenseid, changes).to_asked())["free_lines"][0]["description"] == "設定作業費"
