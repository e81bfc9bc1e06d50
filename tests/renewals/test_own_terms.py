"""What a quote says over the reseller's standing texts: payment, delivery, remarks, how long it is valid (R15)."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from licensing.models import Reseller
from quotes.models import Quote
from quotes.paper.sheet import lay_out
from renewals.asked import AskedTerms, from_json
from renewals.calculation.calculate import own_last_day
from renewals.form.forms import asked_data
from renewals.form.views.opened import price_form
from renewals.revisions.operations import begin_revision, duplicate
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import NOTHING, count_rows, fill, given_quote
from tests.page import Page, open_form, send
from tests.quotes.paper.reading import join, read_text

TYPED = {
    "payment_terms": "検収月末締め翌々月末払い",
    "delivery": "ご発注後10営業日以内",
    "remarks": "請求書は電子データでお送りします。\r\n原本の郵送はいたしません。",
    "valid_days": "１４日",
}
TERMS = AskedTerms(
    payment_terms="検収月末締め翌々月末払い",
    delivery="ご発注後10営業日以内",
    remarks="請求書は電子データでお送りします。\n原本の郵送はいたしません。",
    valid_days=14,
)


@pytest.fixture
def licenseid(cast):
    Reseller.objects.update(payment_terms="月末締め翌月末払い", delivery="3営業日以内", remarks="定型の備考です。")
    return make_license_id(cast.customer, "LIC-3001", ("SMP-CC", 100))


@pytest.fixture
def quote(cast, licenseid):
    return given_quote(licenseid, by=cast.staff, changes=TYPED)


def test_they_stand_on_the_quote_and_are_frozen_with_it(quote):
    document = quote.document
    assert from_json(quote.asked).terms == TERMS
    assert (document["payment_terms"], document["delivery"]) == (TERMS.payment_terms, TERMS.delivery)
    assert document["remarks"] == TERMS.remarks
    assert quote.valid_until == TODAY + timedelta(days=14)
    text = join(read_text(bytes(quote.pdf.content)))
    for said in (TERMS.payment_terms, TERMS.delivery, *TERMS.remarks.splitlines(), "2027年1月29日まで"):
        assert join(said) in text, said
    assert "定型の備考" not in text


def test_left_empty_the_reseller_says_them(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff, changes={"note": "よろしくお願いします。"})
    document = quote.document
    assert (document["payment_terms"], document["delivery"], document["remarks"]) == (
        "月末締め翌月末払い", "3営業日以内", "定型の備考です。",
    )  # fmt: skip
    assert lay_out(document)["remarks"]["note"] == ["よろしくお願いします。", "", "定型の備考です。"]
    assert "terms" not in quote.asked
    form = fill(licenseid)
    assert form["payment_terms"].help_text == "未入力の場合は通常の文面「月末締め翌月末払い」を印刷します。"
    assert form["remarks"].help_text == "未入力の場合は通常の文面「定型の備考です。」を印刷します。"


def test_the_record_and_the_customer_see_them(cast, quote):
    Reseller.objects.update(customers_see_quotes="issued")
    record = sign_in(cast.staff, language="ja").get(reverse("quotes:detail", args=[quote.key]))
    theirs = sign_in(cast.contact, language="ja").get(reverse("quotes:received-quote", args=[quote.key]))
    for answer in (record, theirs):
        words = Page(answer).root.text()
        for said in (TERMS.payment_terms, TERMS.delivery, "原本の郵送はいたしません。"):
            assert said in words, said


@pytest.mark.parametrize("is_revision", [True, False])
def test_a_revision_and_a_copy_carry_them_along(cast, licenseid, quote, is_revision):
    told = {"quote": quote, "by": cast.staff, "now": NOW + timedelta(minutes=1)}
    draft = begin_revision(**told)[0] if is_revision else duplicate(key=uuid.uuid4(), **told)
    asked = from_json(draft.asked)
    assert asked.terms == TERMS
    data = asked_data(asked)
    assert (data["valid_days"], "valid_until" in data) == ("14", False)
    assert fill(licenseid, {name: data[name] for name in data}).to_asked() == asked
    page = open_form(sign_in(cast.staff, language="ja"), reverse("renewals:draft", args=[draft.key]))
    assert page.fields["payment_terms"] == [TERMS.payment_terms]
    assert "open" in page.by_id("own-terms").attributes


@pytest.mark.parametrize(
    ("changes", "until", "reason", "said"),
    [
        ({}, date(2027, 2, 14), "days", ""),
        ({"valid_days": "10"}, date(2027, 1, 25), "own", ""),
        ({"valid_until": "令和9年2月1日"}, date(2027, 2, 1), "own", ""),
        ({"valid_until": "2027/1/15"}, date(2027, 1, 15), "own", ""),
        (
            {"valid_days": "31"},
            date(2027, 2, 14),
            "days",
            "指定の2027年2月15日までは有効にできません。貴社の見積有効日数を超えています。",
        ),
    ],
)
def test_it_ends_earlier_and_never_later(cast, licenseid, changes, until, reason, said):
    form = fill(licenseid, changes)
    assert form.errors == {}
    validity = price_form(form).validity
    assert (validity.until, validity.reason, validity.is_cut) == (until, reason, bool(said))
    page = Page(sign_in(cast.staff, language="ja").post(reverse("renewals:preview", args=[licenseid.code]), form.data))
    words = page.root.text()
    assert ("までは有効にできません" in words) is bool(said)
    assert said in words


def test_what_cuts_it_is_said(cast):
    """Support that expires on 10 February ends it before the 30 days."""
    licenseid = make_license_id(cast.customer, "LIC-3002", ("SMP-CC", 100), expires=date(2027, 2, 10))
    form = fill(licenseid, {"valid_until": "2027/02/12"})
    validity = price_form(form).validity
    assert (validity.until, validity.reason, validity.is_cut) == (date(2027, 2, 10), "expiry", True)
    answer = sign_in(cast.staff, language="ja").post(reverse("renewals:preview", args=[licenseid.code]), form.data)
    assert "指定の2027年2月12日までは有効にできません。このサポート満了日を過ぎると価格が変わります。" in answer.text


def test_a_last_day_that_has_passed_refuses_the_quote_for_every_term(licenseid):
    calculation = price_form(fill(licenseid, {"valid_until": "2027/01/14"}))
    assert [one.problem.code for one in calculation.pricing.refusals] == ["validity-passed"]
    assert calculation.total_by_years() == dict.fromkeys(range(1, 7))


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_written(cast, licenseid):
    form = fill(licenseid, {"valid_until": "2027/02/01", "valid_days": "7"})
    assert form.errors == {"valid_days": ["有効期限の日付か日数の、どちらか一方だけを入力してください。"]}
    assert form.to_asked().terms == AskedTerms(valid_until=date(2027, 2, 1))
    assert form.as_typed() == {"valid_days": ["7"]}
    for typed in ("0", "366", "-3"):
        assert fill(licenseid, {"valid_days": typed}).errors == {"valid_days": ["1～365日で入力してください。"]}
    desk, address = sign_in(cast.staff, language="ja"), reverse("renewals:new", args=[licenseid.code])
    entry = {**open_form(desk, address).fields, "valid_until": ["2027/01/14"]}
    answer = send(desk, address, entry, "issue")
    page = Page(answer)
    assert answer.status_code == 422
    assert "見積有効期限が 2027/01/14 で、見積日 2027/01/15 より前です。" in page.by_id("id_valid_until_error").text()
    assert page.codes == ["validity-passed"]
    assert count_rows() == NOTHING
    unprintable = send(desk, address, {**entry, "valid_until": [""], "payment_terms": ["現金🍣"]}, "issue")
    assert unprintable.status_code == 422
    assert "🍣 U+1F363" in unprintable.text
    assert not Quote.objects.exists()


@pytest.mark.parametrize(
    ("terms", "day"),
    [
        (AskedTerms(), None),
        (AskedTerms(valid_days=14), date(2027, 1, 29)),
        (AskedTerms(valid_days=2**53), date(2028, 1, 15)),
        (AskedTerms(valid_days=-(2**53)), date(2026, 1, 15)),
        (AskedTerms(valid_until=date(2027, 3, 1)), date(2027, 3, 1)),
    ],
)
def test_the_own_last_day(terms, day):
    assert own_last_day(terms, on=TODAY) == day
