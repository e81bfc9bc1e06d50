"""What a customer contact sees: the company's own quotes, and how they are answered."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import Reseller, User
from quotes.models import QuoteStatus
from quotes.record.transitions import record_loss, withdraw
from tests.accounts import FIREFOX
from tests.cast import NOW, make_license_id, make_user, sign_in
from tests.making import everything_written, given_quote
from tests.page import Page
from tests.quotes.alike import quotes_alike
from tests.quotes.test_transitions import revise


@pytest.fixture
def quote(cast, licenseid):
    """Seen as soon as it is issued: `test_customers_see.py` tries the other way."""
    Reseller.objects.update(customers_see_quotes="issued")
    return given_quote(licenseid, by=cast.staff)


@pytest.fixture
def contact(cast):
    return sign_in(cast.contact, language="ja")


def numbers(page: Page) -> list[str]:
    return [element.text() for element in page.all(lambda found: found.tag == "span" and found.has_class("code"))]


def test_open_quotes_come_first_and_each_says_how_it_stands(cast, contact, quote):
    lost, old, current = (
        given_quote(make_license_id(cast.customer, f"LIC-10{n}", ("SMP-BS", 45)), by=cast.staff) for n in (2, 3, 4)
    )
    record_loss(quote=lost, reason="内密の理由", by=cast.staff, now=NOW)
    new = revise(old, by=cast.staff)
    withdraw(quote=current, reason="内密の理由", by=cast.staff, now=NOW)
    given_quote(make_license_id(cast.english_customer, "LIC-3001", ("SMP-BS", 45)), by=cast.staff)
    given_quote(make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45)), by=cast.stranger)
    page = Page(contact.get("/received/"))
    assert numbers(page) == [row.number for row in (new, quote, current, old, lost)]
    cards = [e.text() for e in page.all(lambda found: found.tag == "li" and found.has_class("card"))]
    for card, word in zip(cards, ("有効", "有効", "取下げ", "旧版", "受付終了"), strict=True):
        assert word in card
    assert "内密" not in page.text


def test_colleagues_see_the_same_and_nobody_else_does(cast, quote):
    other = make_user("kuno@takasaki.example.jp", "久野 晴", User.Role.CUSTOMER, customer=cast.customer)
    url = f"/received/{quote.key}/"
    for path in (url, f"{url}pdf/"):
        assert sign_in(other).get(path).status_code == 200
        assert sign_in(cast.foreign_contact).get(path).status_code == 404
    before = everything_written()
    assert sign_in(cast.foreign_contact).post(f"{url}answer/", {"answer": "order"}).status_code == 404
    assert sign_in(cast.staff).post(f"{url}answer/", {"answer": "order"}).status_code == 403
    assert everything_written() == before
    assert numbers(Page(sign_in(cast.foreign_contact).get("/received/"))) == []
    other.is_active = False
    other.save()
    assert sign_in(other).get(url).status_code == 302


def test_the_answer_is_given_shown_and_changed(cast, contact, quote):
    url = f"/received/{quote.key}/"
    assert contact.post(f"{url}answer/", {"answer": "order", "message": "至急", "name": "別人"})["Location"] == url
    page = Page(contact.get(url))
    assert "この見積での発注をご希望と承りました。" in page.text
    assert "佐伯 美和さん" in page.text
    assert QuoteStatus.objects.get(pk=quote.pk).answer == "order"
    assert "発注希望と回答済み" in Page(contact.get("/received/")).text
    contact.post(f"{url}answer/", {"answer": "decline", "message": "予算の都合"})
    assert "この見積を見送るとご回答いただきました。" in Page(contact.get(url)).text
    answers = quote.events.filter(kind__in=["order_wished", "declined"]).order_by("position")
    assert [(event.by, event.detail) for event in answers] == [
        (cast.contact, {"message": "至急"}),
        (cast.contact, {"message": "予算の都合"}),
    ]


def test_a_superseded_quote_leads_to_the_current_one(cast, contact, quote):
    new = revise(quote, by=cast.staff)
    page = contact.get(f"/received/{quote.key}/").content.decode()
    assert f'href="/received/{new.key}/"' in page
    assert "この見積で発注を希望する" not in page
    assert contact.get(f"/received/{quote.key}/pdf/").content == bytes(quote.pdf.content)


def test_too_late_is_said(contact, quote, clock, cast):
    clock.move_to(datetime(2027, 2, 14, 15, 0, tzinfo=UTC))
    late = sign_in(cast.contact, language="ja")
    before = everything_written()
    refused = late.post(f"/received/{quote.key}/answer/", {"answer": "order", "message": "遅れました"})
    assert refused.status_code == 409
    assert "この見積の有効期限（2027年2月14日）が過ぎました。" in Page(refused).text
    assert "遅れました" in Page(refused).text
    assert everything_written() == before


def test_staff_see_who_did_what(cast, contact, quote):
    contact.get(f"/received/{quote.key}/", headers={"user-agent": FIREFOX})
    contact.get(f"/received/{quote.key}/pdf/")
    contact.post(f"/received/{quote.key}/answer/", {"answer": "order", "message": "<b>至急</b>"})
    page = Page(sign_in(cast.staff, language="ja").get(f"/quotes/{quote.key}/"))
    for said in (
        "佐伯 美和さんが見積を開きました。 IP 127.0.0.1 · Firefox、Windows",
        "佐伯 美和さんがPDFをダウンロードしました。",
        "佐伯 美和さんがこの見積で発注を希望しました。 <b>至急</b>",
    ):
        assert said in page.text, said


def test_the_queries_do_not_grow(cast, contact, quote):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert contact.get("/received/").status_code == 200
        return len(queries)

    contact.get("/received/")
    few = count()
    others = [make_license_id(cast.customer, f"LIC-12{number:02}", ("SMP-BS", 45)) for number in range(20)]
    quotes_alike(quote, 20, licenseids=others)
    assert count() == few
