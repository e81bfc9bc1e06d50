"""The differences of a revision name what is printed otherwise beside the lines: to whom, by whom, on which terms."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import Contact
from renewals.revisions.operations import begin_revision
from tests.cast import NOW, make_license_id, sign_in
from tests.making import given_quote
from tests.page import Page, open_form, send


@pytest.fixture
def quote(cast, licenseid):
    cast.aoba.payment_terms, cast.aoba.payment_terms_en = "月末締め翌月末払い", "Net 30"
    cast.aoba.save()
    return given_quote(licenseid, by=cast.staff, changes={"note": "三月中に", "delivery": "メール納品"})


def terms_of(page):
    """Label, as issued, now."""
    table = [one for one in page.by_id("differences").walk() if one.has_class("differing-terms")]
    rows = [one for each in table for one in each.walk() if one.tag == "tr"][1:]
    return [[cell.text() for cell in row.walk() if cell.tag in ("th", "td")] for row in rows]


def opened(user, draft, language="en"):
    return open_form(sign_in(user, language=language), f"/drafts/{draft.key}/")


def test_a_draft_that_changes_no_text_says_so(cast, quote):
    draft, _is_new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    page = opened(cast.staff, draft)
    assert terms_of(page) == []
    assert "Addressee, terms and texts are the same." in page.by_id("differences").text()
    assert "宛先・取引条件・記載に変更はありません。" in opened(cast.staff, draft, "ja").by_id("differences").text()


def test_every_text_that_is_printed_otherwise_is_named_in_both_languages(cast, quote):
    reseller, customer = cast.aoba, cast.customer
    contact = Contact.objects.create(
        customer=customer, name="新井 一", department="情報企画室", email="arai@example.jp"
    )
    reseller.payment_terms, reseller.address = "前払い", "東京都港区見本2-2"
    reseller.prints_bank_account, reseller.bank_name, reseller.bank_branch = True, "見本銀行", "港支店"
    reseller.bank_account_number, reseller.bank_account_holder = "1234567", "カ）アオバ"
    reseller.save()
    draft, _is_new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    before = quote.document
    client, here = sign_in(cast.colleague, language="ja"), f"/drafts/{draft.key}/"
    typed = open_form(client, here).fields | {
        "contact": [str(contact.pk)], "subject": ["三年更新の御見積"], "note": [""], "delivery": [""],
        "remarks": ["ご発注は書面で\nお願いします。"],
    }  # fmt: skip
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        page = Page(send(client, here, typed, "calculate"))
        english = Page(send(sign_in(cast.colleague, language="en"), here, typed, "calculate"))
        live = Page(send(client, "/license-ids/LIC-1001/quote/preview/", typed, headers={"hx-request": "true"}))
    told = {label: (old, new) for label, old, new in terms_of(page)}
    assert list(told) == [
        "宛先", "発行元", "担当者", "件名", "お支払条件", "納期・納品方法", "見積有効期限", "お客様への備考", "備考",
        "お振込先",
    ]  # fmt: skip
    assert "情報企画室 / 新井 一" in told["宛先"][1]
    assert before["addressee"]["address"] in told["宛先"][0]
    assert "東京都港区見本2-2" in told["発行元"][1]
    assert (before["issuer"]["person"] in told["担当者"][0], cast.colleague.name in told["担当者"][1]) == (True, True)
    assert told["件名"] == (before["subject"], "三年更新の御見積")
    assert told["お支払条件"] == ("月末締め翌月末払い", "前払い")
    assert told["納期・納品方法"][0] == "メール納品"
    assert told["見積有効期限"] == ("2027/02/14", "2027/02/15")
    assert told["お客様への備考"] == ("三月中に", "–")
    assert told["備考"] == ("–", "ご発注は書面で お願いします。")
    assert told["お振込先"][0] == "–"
    assert "普通 1234567" in told["お振込先"][1]
    assert [row[0] for row in terms_of(english)] == [
        "To whom it is addressed", "Issuer", "Person in charge", "Subject", "Payment terms", "Delivery", "Valid until",
        "Note to the customer", "Remarks", "Bank account",
    ]  # fmt: skip
    assert [row[1:] for row in terms_of(english)][3:6] == [row[1:] for row in terms_of(page)][3:6]
    assert terms_of(live) == terms_of(page)


def test_a_quote_in_english_is_compared_in_english(cast):
    licenseid = make_license_id(cast.english_customer, "LIC-3001", ("SMP-BS", 45))
    cast.aoba.payment_terms_en = "Net 30"
    cast.aoba.save()
    quote = given_quote(licenseid, by=cast.staff)
    cast.aoba.payment_terms, cast.aoba.payment_terms_en = "前払い", "In advance"
    cast.aoba.save()
    draft, _is_new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    assert terms_of(opened(cast.staff, draft, "ja")) == [["お支払条件", "Net 30", "In advance"]]


def test_it_takes_one_query(cast, quote):
    draft, _is_new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    client = sign_in(cast.staff)
    client.get(f"/drafts/{draft.key}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/drafts/{draft.key}/")
    documents = [one for one in queries if '"quotes_quote"."document"' in one["sql"]]
    assert len(documents) == 1
