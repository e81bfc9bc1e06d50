"""Issuing: the number, the copy of everything, and that nothing follows what changes later."""

import hashlib
import uuid
from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import translation

from licensing.models import Holding
from pricing.models import PriceList, PriceRank
from quotes.models import Quote, QuoteNumber, record_hash
from renewals.drafts.operations import save_draft
from renewals.models import QuoteDraft
from tests.cast import EXPIRY, NOW, TODAY, make_license_id, publish_prices, sign_in
from tests.making import everything_written, fill, holding_of, issue_quote, typed
from tests.page import open_form

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'


# --- The number -----------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_numbers_count_up_within_the_resellers_month(cast, licenseid):
    numbers = [issue_quote(licenseid, by=cast.staff).number for _ in range(3)]
    assert numbers == ["Q2701-0001-00", "Q2701-0002-00", "Q2701-0003-00"]


def test_each_month_begins_at_one(cast, licenseid):
    months = [datetime(2026, 11, 23, 1, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=UTC), NOW]
    numbers = [issue_quote(licenseid, by=cast.staff, now=now).number for now in months for _twice in range(2)]
    assert numbers == [
        "Q2611-0001-00",
        "Q2611-0002-00",
        "Q2612-0001-00",
        "Q2612-0002-00",
        "Q2701-0001-00",
        "Q2701-0002-00",
    ]


def test_each_reseller_counts_for_itself(cast, licenseid):
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    ours = issue_quote(licenseid, by=cast.staff)
    theirs = issue_quote(foreign, by=cast.stranger)
    assert (ours.number, theirs.number) == ("Q2701-0001-00", "Q2701-0001-00")
    assert issue_quote(licenseid, by=cast.staff).number == "Q2701-0002-00"


@pytest.mark.parametrize(
    ("now", "number", "day"),
    [
        (datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC), "Q2611-0001-00", date(2026, 11, 30)),
        (datetime(2026, 11, 30, 15, 0, 0, tzinfo=UTC), "Q2612-0001-00", date(2026, 12, 1)),
        (datetime(2026, 11, 30, 15, 30, tzinfo=UTC), "Q2612-0001-00", date(2026, 12, 1)),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "Q2701-0001-00", date(2027, 1, 1)),
    ],
)
def test_the_month_is_that_of_japan(cast, licenseid, now, number, day):
    quote = issue_quote(licenseid, by=cast.staff, now=now)
    assert (quote.number, quote.issued_on, quote.issued_at) == (number, day, now)
    assert quote.document["issued_on"] == day.isoformat()


@pytest.mark.both_databases
def test_the_ten_thousandth_number_has_five_digits(cast, licenseid):
    QuoteNumber.objects.create(reseller=cast.aoba, month="2701", last=9998)
    numbers = [issue_quote(licenseid, by=cast.staff) for _ in range(2)]
    assert [quote.number for quote in numbers] == ["Q2701-9999-00", "Q2701-10000-00"]
    assert [quote.sequence for quote in numbers] == [9999, 10000]


# --- The copy -------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_everything_is_copied(cast):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-CC", 100), ("SMP-WM", 100))
    corporate, web = holding_of(licenseid, "SMP-CC"), holding_of(licenseid, "SMP-WM")
    key = uuid.UUID(int=7)
    quote = issue_quote(
        licenseid,
        by=cast.staff,
        key=key,
        changes={
            "years": "3",
            "is_reduced": "on",
            f"quantity-{corporate.pk}": "９９",
            f"quantity-{web.pk}": "100",
            "addition-0-product": "SMP-BS",
            "addition-0-quantity": "10",
            "subject": "ライセンス更新 𠮷田様分",
            "note": "二行に\nわたる備考",
            "with_calculation": "on",
        },
        acknowledged=["mixed-programmes", "reduction-does-not-save"],
    )
    quote.refresh_from_db()
    # 2,180 x 99 x 3; 2,460 x 100 x 3 less 8 %; 10 x (4,750 + 4,750 x 2)
    assert (quote.subtotal, quote.tax, quote.total) == (1_468_920, 146_892, 1_615_812)
    assert (quote.key, quote.number, quote.month, quote.sequence, quote.revision) == (
        key, "Q2701-0001-00", "2701", 1, 0,
    )  # fmt: skip
    assert (quote.reseller, quote.customer, quote.parts.get().licenseid) == (cast.aoba, cast.customer, licenseid)
    assert (quote.price_list, quote.issued_by, quote.issued_by_name) == (cast.price_list, cast.staff, "青木 陽子")
    assert (quote.issued_at, quote.issued_on, quote.valid_until) == (NOW, TODAY, date(2027, 2, 14))
    assert (quote.customer_name, quote.license_code) == ("株式会社髙﨑製作所", "LIC-1002")
    assert (quote.subject, quote.is_sample) == ("ライセンス更新 𠮷田様分", False)
    part = quote.parts.get()
    assert (part.license_code, part.years, part.is_reduced, part.subtotal) == ("LIC-1002", 3, True, 1_468_920)
    assert quote.search_key == "q2701000100 高崎製作所 lic1002 ライセンス更新吉田様分"
    assert quote.asked == {
        "format": 1,
        "parts": [
            {
                "license_id": "LIC-1002",
                "years": 3,
                "is_reduced": True,
                "holdings": [
                    {"holding": corporate.pk, "product": "SMP-CC", "quantity": 100,
                     "support_expires_on": "2027-03-31", "renewal_quantity": 99},
                    {"holding": web.pk, "product": "SMP-WM", "quantity": 100,
                     "support_expires_on": "2027-03-31", "renewal_quantity": 100},
                ],
                "additions": [{"product": "SMP-BS", "quantity": 10}],
            }
        ],
        "subject": "ライセンス更新 𠮷田様分",
        "note": "二行に\nわたる備考",
        "with_calculation": True,
        "tax_rounding": "down",
        "contact": None,
    }  # fmt: skip
    document = quote.document
    assert document["addressee"] == {
        "name": "株式会社髙﨑製作所",
        "department": "情報システム部",
        "person": "佐伯 美和",
        "postal_code": "000-0303",
        "address": "見本県高崎町7-8",
    }
    assert document["issuer"] == {
        "name": "青葉見本システム株式会社",
        "postal_code": "000-0101",
        "address": "架空県青葉市若葉台1-2-3",
        "phone": "00-0000-0101",
        "email": "sales@aoba.example.jp",
        "person": "青木 陽子",
        "registration_number": "T7999900000101",
        "seal": None,
        "logo": None,
    }
    said = [document[name] for name in ("language", "number", "issued_at", "valid_until", "delivery", "payment_terms")]
    assert said == [
        "ja", "Q2701-0001-00", "2027-01-15T10:00:00+09:00", "2027-02-14", "ご注文後3営業日以内", "月末締め翌月末払い",
    ]  # fmt: skip
    assert (document["subject"], document["note"]) == ("ライセンス更新 𠮷田様分", "二行に\nわたる備考")
    assert (document["price_list"], document["is_sample"]) == ("2026年10月版", False)
    assert document["tax_totals"] == [{"percent": "10", "subtotal": 1_468_920, "tax": 146_892}]
    assert (document["subtotal"], document["tax"], document["total"]) == (1_468_920, 146_892, 1_615_812)
    assert document["discontinued"] == []
    assert [part["title"] for part in document["calculation"]][:3] == [
        "SMP-CC TRSL ウイルスバスター Corp.Client",
        "SMP-WM InterScan WebManager",
        "SMP-BS ウイルスバスター ビジネスセキュリティサービス",
    ]
    assert len(document["calculation"]) == 4


def test_every_line_is_copied(cast):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-CC", 100), ("SMP-WM", 100))
    quote = issue_quote(
        licenseid,
        by=cast.staff,
        changes={
            "years": "3",
            "is_reduced": "on",
            f"quantity-{holding_of(licenseid, 'SMP-CC').pk}": "99",
            "addition-0-product": "SMP-BS",
            "addition-0-quantity": "10",
        },
        acknowledged=["mixed-programmes", "reduction-does-not-save"],
    )
    names = (
        "position", "kind", "product_code", "product_name", "unit", "held_quantity", "quantity", "rank",
        "renewal_price", "addition_price", "years", "discount_percent", "amount", "support_expires_on", "term_from",
        "term_until",
    )  # fmt: skip
    begins, ends = date(2027, 4, 1), date(2030, 3, 31)
    assert list(quote.lines.values_list(*names)) == [
        (1, "reduced_renewal", "SMP-CC", "TRSL ウイルスバスター Corp.Client", "クライアント", 100, 99, "C",
         2180, None, 3, None, 647_460, EXPIRY, begins, ends),
        (2, "renewal", "SMP-WM", "InterScan WebManager", "クライアント", 100, 100, "C",
         2460, None, 3, 8, 678_960, EXPIRY, begins, ends),
        (3, "addition", "SMP-BS", "ウイルスバスター ビジネスセキュリティサービス", "デバイス", None, 10, "B",
         4750, 4750, 3, None, 142_500, None, begins, ends),
    ]  # fmt: skip
    assert [line.product for line in quote.lines.select_related("product")] == [
        cast.products[code] for code in ("SMP-CC", "SMP-WM", "SMP-BS")
    ]
    reasons = [(line["rank_reason"], line["license_id"]) for line in quote.document["lines"]]
    assert reasons == [
        ("TRSL: SMP-CC 99クライアントによりランクC", "LIC-1002"),
        ("SMP-WM 100クライアントによりランクC", "LIC-1002"),
        ("SMP-BS 10デバイスによりランクB", "LIC-1002"),
    ]
    for stored, drawn in zip(quote.lines.values(), quote.document["lines"], strict=True):
        for name in ("kind", "product_code", "unit", "quantity", "rank", "renewal_price", "addition_price", "amount"):
            assert stored[name] == drawn[name]


def test_the_warnings_are_copied_with_who_read_them_and_when(cast):
    licenseid = make_license_id(cast.customer, "LIC-1003", ("SMP-CC", 100))
    quote = issue_quote(
        licenseid,
        by=cast.colleague,
        changes={"is_reduced": "on", f"quantity-{holding_of(licenseid).pk}": "99"},
        acknowledged=["reduction-does-not-save", "support-expired"],
    )
    assert quote.acknowledged == [
        {
            "license_id": "LIC-1003",
            "code": "reduction-does-not-save",
            "rule": "R12",
            "en": quote.acknowledged[0]["en"],
            "ja": quote.acknowledged[0]["ja"],
            "by": cast.colleague.pk,
            "by_name": "速水 悠斗",
            "at": "2027-01-15T10:00:00+09:00",
        }
    ]
    assert "215,820" in quote.acknowledged[0]["ja"]
    assert "192,000" in quote.acknowledged[0]["ja"]
    assert "215,820" in quote.acknowledged[0]["en"]
    event = quote.events.get()
    assert (event.kind, event.at, event.by, event.by_name) == ("issued", NOW, cast.colleague, "速水 悠斗")
    assert event.detail == {
        "acknowledged": ["reduction-does-not-save"],
        "pdf": quote.pdf.sha256,
        "record": record_hash(quote, quote.parts.all(), quote.lines.all(), quote.holdings.all()),
    }


@pytest.mark.both_databases
def test_the_whole_trace_is_stored_in_both_languages(cast, licenseid):
    quote = issue_quote(licenseid, by=cast.staff)
    key = str(holding_of(licenseid).pk)
    assert [part["key"] for part in quote.trace] == [key, None]
    line, totals = quote.trace
    assert [(step["rule"], step["step"], step["result"]) for step in line["steps"]] == [
        ("R3", "kept", "45"),
        ("R4", "rank-quantity", "45"),
        ("R5", "rank-own", "C"),
        ("R8", "minimum", ""),
        ("R2", "term", "2027/04/01 – 2028/03/31"),
        ("R10", "renewal-price", "¥4,500"),
        ("R10", "renewal-amount", "¥202,500"),
    ]
    assert totals["steps"][-1] == {
        "rule": "R14",
        "step": "total",
        "en": "Total with tax",
        "ja": "合計（税込）",
        "result": "¥222,750",
    }
    assert line["steps"][6]["ja"] == "4,500 × 45 × 1年"
    assert line["steps"][6]["en"] == "¥4,500 × 45 × 1 year"
    assert quote.document["calculation"] == []


def test_the_language_of_the_page_does_not_reach_the_quote(cast, licenseid):
    with translation.override("en"):
        japanese = issue_quote(licenseid, by=cast.staff, changes={"with_calculation": "on"})
    assert japanese.document["lines"][0]["rank_reason"] == "SMP-BS 45デバイスによりランクC"
    assert japanese.document["calculation"][0]["steps"][6]["text"] == "4,500 × 45 × 1年"


def test_an_english_customer_gets_an_english_document(cast):
    english = make_license_id(cast.english_customer, "LIC-1004", ("SMP-BS", 45))
    quote = issue_quote(english, by=cast.staff)
    assert quote.subject == "Renewal of licenses (LIC-1004)"
    document = quote.document
    assert (document["language"], document["delivery"], document["payment_terms"]) == (
        "en", "Within 3 business days", "End of the next month",
    )  # fmt: skip
    assert document["lines"][0]["rank_reason"] == "SMP-BS 45: rank C"
    assert document["conditions"] == [
        "This quote is based on the quantities held as of 15 January 2027.",
        "It invites your order and is not itself an offer.",
        "It may be revised or withdrawn if the vendor changes prices or ends a product.",
        "Tax is charged at the rate of the day of supply.",
        "A different quantity or term needs a new quote.",
    ]


def test_what_is_discontinued_stands_on_the_quote(cast):
    licenseid = make_license_id(cast.customer, "LIC-1005", ("SMP-BS", 45), ("SMP-AO", 20))
    quote = issue_quote(
        licenseid,
        by=cast.staff,
        changes={"is_reduced": "on", f"quantity-{holding_of(licenseid, 'SMP-AO').pk}": "0"},
    )
    assert quote.total == 222_750
    assert quote.document["discontinued"] == [
        {
            "license_id": "LIC-1005",
            "product_code": "SMP-AO",
            "product_name": "Apex One SaaS",
            "unit": "クライアント",
            "held_quantity": 20,
            "support_expires_on": "2027-03-31",
        }
    ]
    assert [line.product_code for line in quote.lines.all()] == ["SMP-BS"]


@pytest.mark.both_databases
def test_the_pdf_is_stored_with_its_fingerprint(cast, licenseid):
    quote = issue_quote(licenseid, by=cast.staff)
    quote.pdf.refresh_from_db()
    content = bytes(quote.pdf.content)
    assert content.startswith(b"%PDF-")
    assert quote.pdf.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.both_databases
def test_a_draft_is_gone_when_it_is_issued(cast, licenseid):
    form = fill(licenseid)
    common = {"licenseids": [licenseid], **typed(form), "pricing": None, "saved_by": cast.staff}
    issued = save_draft(key=uuid.uuid4(), now=NOW, **common)
    other = save_draft(key=uuid.uuid4(), now=NOW, **common)
    quote = issue_quote(licenseid, by=cast.colleague, key=issued.key)
    assert quote.key == issued.key
    assert list(QuoteDraft.objects.all()) == [other]


# --- Afterwards -----------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_nothing_that_changes_later_changes_the_quote(cast, licenseid, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cast.aoba.logo.save("logo.svg", ContentFile(SVG))
    quote = issue_quote(licenseid, by=cast.staff, changes={"with_calculation": "on"})
    desk = sign_in(cast.colleague, language="ja")
    url = f"/quotes/{quote.key}/"
    page, pdf, rows = open_form(desk, url).text, desk.get(f"{url}pdf/").content, everything_written()
    assert pdf == bytes(quote.pdf.content)

    cast.customer.name, cast.customer.person = "合同会社別名", "別人"
    cast.customer.address, cast.customer.language = "別の県", "en"
    cast.customer.save()
    cast.aoba.name, cast.aoba.validity_days, cast.aoba.tax_rounding = "別名販売株式会社", 1, "up"
    cast.aoba.logo.delete()
    cast.aoba.save()
    cast.staff.name = "結婚 陽子"
    cast.staff.save()
    product = cast.products["SMP-BS"]
    product.name, product.unit, product.tax_category = "別の製品", "箱", "reduced"
    product.save()
    for prices, changes in ((PriceRank, {"renewal_price": 1}), (PriceList, {"name": "別の版", "is_sample": True})):
        with pytest.raises(IntegrityError), transaction.atomic():
            prices.objects.update(**changes)
    Holding.objects.update(quantity=1, support_expires_on=date(2030, 1, 1))

    events = rows.pop("QuoteEvent")
    now = everything_written()
    assert now.pop("QuoteEvent")[: len(events)] == events
    assert now == rows
    assert desk.get(f"{url}pdf/").content == pdf
    later = open_form(desk, url).text
    assert later.count("青木 陽子") == page.count("青木 陽子")
    for changed in ("合同会社別名", "別人", "別の県", "別名販売", "結婚", "別の製品", "箱", "別の版"):
        assert changed not in later
    for kept in ("株式会社髙﨑製作所", "青葉見本システム株式会社", "¥4,500", "¥222,750", "2026年10月版", "2027/04/01"):
        assert kept in later


def test_a_new_price_list_changes_the_next_quote_only(cast, licenseid):
    first = issue_quote(licenseid, by=cast.staff)
    publish_prices("2027年1月20日版", date(2027, 1, 20), by=cast.admin, percent=200)
    second = issue_quote(licenseid, by=cast.staff, now=datetime(2027, 1, 20, 1, tzinfo=UTC))
    assert (second.total, second.price_list.name) == (445_500, "2027年1月20日版")
    assert Quote.objects.get(pk=first.pk).total == 222_750
    assert Quote.objects.get(pk=first.pk).price_list == cast.price_list
