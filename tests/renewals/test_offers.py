"""An offered price on its way: typed, kept with the draft, sealed with the quote, printed, revised (R20)."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from licensing.models import Reseller
from quotes.archive.verification import Report, verify_records
from quotes.links.operations import make_link
from quotes.models import Quote, QuoteLine
from renewals.asked import AskedOffer, from_json, to_json
from renewals.form.forms import asked_data
from renewals.revisions.operations import begin_revision
from tests.cast import NOW, make_license_id, sign_in
from tests.making import fill, given_quote, holding_of
from tests.page import Page

REASON = "競合他社の見積に合わせるため"


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))


@pytest.fixture
def changes(licenseid):
    """E15 as somebody types it."""
    return {
        f"offered-{holding_of(licenseid).pk}": "１０％",
        "reduction": "￥２，８００",
        "offer_reason": REASON,
        "with_calculation": "on",
    }


@pytest.fixture
def quote(cast, licenseid, changes):
    return given_quote(licenseid, by=cast.staff, changes=changes)


def words_of(quote: Quote) -> str:
    pages = PdfReader(io.BytesIO(bytes(quote.pdf.content))).pages
    return "\n".join(page.extract_text() for page in pages)


def test_the_worked_example_is_issued_as_it_was_typed(cast, licenseid, quote):
    assert (quote.subtotal, quote.tax, quote.total) == (170_000, 17_000, 187_000)
    assert [line.amount for line in QuoteLine.objects.filter(quote=quote)] == [172_800]
    [line] = quote.document["lines"]
    assert (line["amount"], line["offer"]) == (172_800, {"list_amount": 192_000, "percent": "10"})
    assert quote.document["offers"] == {
        "is_list_shown": True, "list_subtotal": 192_000, "lines_subtotal": 172_800, "reduction": 2_800,
    }  # fmt: skip
    asked = from_json(quote.asked)
    assert (asked.reduction, asked.offer_reason) == (2_800, REASON)
    assert [*verify_records(report=Report())] == []


def test_the_paper_adds_up_line_by_line_and_does_not_say_why(quote):
    words = words_of(quote)
    for told in ("192,000", "値引き 10%", "▲19,200", "172,800", "標準価格の合計", "明細の値引き", "▲¥19,200", "▲¥2,800",
                 "¥170,000", "¥17,000", "¥187,000", "見積全体の値引き"):  # fmt: skip
        assert told in words.replace("\n", " "), told
    assert REASON not in words


def test_a_reseller_may_show_net_prices_only(cast, licenseid, changes):
    Reseller.objects.update(shows_list_prices=False, customers_see_quotes="issued")
    net = given_quote(licenseid, by=cast.staff, changes=changes)
    words = words_of(net)
    for told in ("1,728", "172,800", "明細の合計", "▲¥2,800", "¥187,000"):
        assert told in words, told
    page = sign_in(cast.contact, language="ja").get(reverse("quotes:received-quote", args=[net.key])).text
    assert "172,800" in page
    for hidden in ("1,920", "192,000", "19,200", "値引き 10%", "標準価格", "計算根拠"):
        assert hidden not in words, hidden
    for hidden in ("1,920", "192,000", "19,200", "標準価格"):
        assert hidden not in page, hidden


def test_customers_never_get_the_reason(cast, quote, client):
    """It is looked for in all that a customer can get of a quote; staff find it."""
    Reseller.objects.update(customers_see_quotes="issued")
    _link, token = make_link(
        quote=quote,
        recipient="購買部",
        expires_on=quote.valid_until,
        max_downloads=5,
        seen=None,
        by=cast.staff,
        now=NOW,
    )
    contact = sign_in(cast.contact, language="ja")
    answers = [
        contact.get(reverse("quotes:received")),
        contact.get(reverse("quotes:received-quote", args=[quote.key])),
        client.get(reverse("quotes:shared", args=[token])),
        client.get(reverse("quotes:check-code", args=[quote.check_code])),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert "172,800" in answers[1].text
    assert "標準価格 ¥192,000、値引き ¥19,200（10%）" in answers[1].text
    for answer in answers:
        assert REASON not in answer.text
        assert "11.46" not in answer.text
    assert REASON not in str({**quote.document, "lines": quote.document["lines"]})
    assert REASON not in str(quote.trace)


def test_without_offers_nothing_is_otherwise(cast, licenseid):
    plain = given_quote(licenseid, by=cast.staff)
    assert "offers" not in plain.document
    assert "offer" not in plain.document["lines"][0]
    assert plain.asked == to_json(fill(licenseid).to_asked())
    assert (plain.asked["format"], "reduction" in plain.asked, "offer_reason" in plain.asked) == (1, False, False)
    assert "標準価格" not in words_of(plain)


def test_a_revision_begins_with_what_was_offered(cast, licenseid, quote):
    draft, _new = begin_revision(quote=quote, by=cast.staff, now=NOW + timedelta(minutes=1))
    asked = from_json(draft.asked)
    assert (asked.reduction, asked.offer_reason) == (2_800, REASON)
    [offered] = [row.offered for row in asked.parts[0].holdings]
    assert offered is not None
    assert f"{offered.percent:f}" == "10"
    data = asked_data(asked)
    holding = holding_of(licenseid)
    assert (data[f"offered-{holding.pk}"], data["reduction"]) == ("10 %", "2,800")
    assert fill(licenseid, {name: data[name] for name in data}).to_asked() == asked


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("172,800", AskedOffer(amount=172_800)), ("", None), ("10", None)],
)
def test_what_is_typed_is_asked_or_told_to_be_unclear(licenseid, typed, offered):
    name = f"offered-{holding_of(licenseid).pk}"
    form = fill(licenseid, {name: typed})
    assert form.to_asked().parts[0].holdings[0].offered == offered
    assert list(form.errors) == ([name] if typed == "10" else [])
    assert form.as_typed() == ({name: ["10"]} if typed == "10" else {})


def test_the_preview_says_list_offer_and_reduction(cast, licenseid, changes):
    client = sign_in(cast.staff, language="ja")
    form = fill(licenseid, changes)
    answer = client.post(reverse("renewals:preview", args=[licenseid.code]), form.data)
    page = Page(answer)
    assert page.total == "¥187,000"
    assert "標準価格 ¥192,000" in " ".join(answer.text.split())
    assert "11.46 %" in answer.text
    refused = client.post(
        reverse("renewals:preview", args=[licenseid.code]), fill(licenseid, {**changes, "reduction": "172801"}).data
    )
    assert "見積全体の値引きが ¥172,801 です。値引きは0円から明細の合計 ¥172,800（税抜）までです。" in refused.text
    above = fill(licenseid, {**changes, f"offered-{holding_of(licenseid).pk}": "192,001"}).data
    assert (
        "標準価格の金額 ¥192,000（税抜）を超えています。"
        in client.post(reverse("renewals:preview", args=[licenseid.code]), above).text
    )
