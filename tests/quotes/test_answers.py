"""What customers answer: kept in the log, shown beside the quote, refused where it comes too late."""

from datetime import UTC, datetime, timedelta

import pytest

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.compose import unseal
from quotes.customers.answers import answer_quote
from quotes.customers.visits import Visitor
from quotes.links.operations import revoke_link
from quotes.models import Quote, QuoteStatus
from quotes.record.refusals import LinkClosed, NotOpen
from quotes.record.transitions import record_loss, record_order, withdraw
from tests.cast import NOW, sign_in
from tests.making import everything_written, given_quote
from tests.quotes.test_sharing import make

LATER = NOW + timedelta(hours=4)


@pytest.fixture
def quote(cast, licenseid) -> Quote:
    return given_quote(licenseid, by=cast.staff)


def answer(quote: Quote, visitor: Visitor, said: str = "order", message: str = "", *, name: str = "", now=LATER):
    return answer_quote(quote=quote, answer=said, message=message, by_name=name, visitor=visitor, now=now)


def told(quote: Quote) -> list[tuple[str, str, dict[str, str]]]:
    events = quote.events.filter(kind__in=["order_wished", "declined"]).order_by("position")
    return [(event.kind, event.by_name, event.detail) for event in events]


def test_an_answer_is_kept_with_who_gave_it(cast, quote):
    visitor = Visitor(user=cast.contact, ip="2001:db8::1", user_agent="Firefox")
    answer(quote, visitor, message=" 3月中の納品を希望します。 ", name="別人")
    status = QuoteStatus.objects.get(pk=quote.pk)
    assert (status.answer, status.answered_at, status.state) == ("order", LATER, "issued")
    event = quote.events.order_by("position").last()
    assert (event.kind, event.at, event.by, event.by_name, event.ip, event.user_agent, event.detail) == (
        "order_wished", LATER, cast.contact, "佐伯 美和", "2001:db8::1", "Firefox",
        {"message": "3月中の納品を希望します。"},
    )  # fmt: skip


def test_an_answer_by_a_link_is_in_the_name_that_was_typed(quote):
    link, _token = make(quote)
    answer(quote, Visitor(link=link, ip="203.0.113.9"), "decline", "予算の都合", name="　山田 太郎 ")
    event = quote.events.order_by("position").last()
    assert (event.kind, event.by, event.by_name, event.link, event.detail) == (
        "declined", None, "山田 太郎", link, {"message": "予算の都合"},
    )  # fmt: skip


def test_a_second_click_answers_once_and_a_change_of_mind_is_kept(cast, quote):
    visitor = Visitor(user=cast.contact)
    assert answer(quote, visitor)
    before = everything_written()
    assert answer(quote, visitor) is None
    assert everything_written() == before
    assert answer(quote, visitor, "decline", "予算の都合")
    assert answer(quote, visitor)
    assert answer(quote, visitor, message="至急")
    assert told(quote) == [
        ("order_wished", "佐伯 美和", {}),
        ("declined", "佐伯 美和", {"message": "予算の都合"}),
        ("order_wished", "佐伯 美和", {}),
        ("order_wished", "佐伯 美和", {"message": "至急"}),
    ]


def test_nobody_has_to_say_why(cast, quote):
    answer(quote, Visitor(user=cast.contact), "decline", " 　")
    assert told(quote) == [("declined", cast.contact.name, {})]


def test_the_customers_person_is_told_that_it_arrived(cast, quote):
    answer(quote, Visitor(user=cast.contact), "decline", "予算が\nつきません。")
    mail = OutgoingMail.objects.get(to=cast.contact.email)
    assert (mail.subject, mail.language) == (f"{quote.number}：ご回答を承りました", "ja")
    text = unseal(bytes(mail.sealed_text))
    assert "青葉見本システム株式会社" in text
    assert "予算が\nつきません。" in text
    assert f"/received/{quote.key}/" in text


@pytest.mark.parametrize("state", ["withdrawn", "ordered", "lost"])
def test_no_answer_to_what_is_not_open(cast, quote, state):
    doors = {"withdrawn": withdraw, "ordered": record_order, "lost": record_loss}
    doors[state](quote=quote, reason="理由", by=cast.staff, now=LATER)
    before = everything_written()
    with pytest.raises(NotOpen) as refused:
        answer(quote, Visitor(user=cast.contact))
    assert refused.value.state == state
    assert everything_written() == before


def test_an_answer_comes_until_the_end_of_the_last_day(cast, quote):
    end = datetime(2027, 2, 14, 15, 0, tzinfo=UTC)
    assert answer(quote, Visitor(user=cast.contact), now=end - timedelta(seconds=1))
    before = everything_written()
    with pytest.raises(NotOpen) as refused:
        answer(quote, Visitor(user=cast.contact), "decline", "遅れ", now=end)
    assert refused.value.state == "expired"
    assert everything_written() == before


def test_a_revoked_link_does_not_answer(cast, quote):
    link, _token = make(quote)
    revoke_link(link=link, by=cast.staff, now=LATER)
    before = everything_written()
    with pytest.raises(LinkClosed):
        answer(quote, Visitor(link=link), name="山田")
    assert everything_written() == before


def test_who_issued_the_quote_is_told_by_mail_once(cast, quote):
    visitor = Visitor(user=cast.contact)
    answer(quote, visitor, "decline", "予算の\r\nBcc: x@example.jp")
    answer(quote, visitor, "decline", "予算の\r\nBcc: x@example.jp")
    mail = OutgoingMail.objects.exclude(to=cast.contact.email).get()
    assert OutgoingMail.objects.count() == 2
    assert (mail.to, mail.subject) == (
        "aoki@aoba.example.jp",
        "Q2701-0001-00: 株式会社髙﨑製作所様が見送りと回答されました",
    )
    body = unseal(bytes(mail.sealed_text))
    for said in ("青木 陽子 様", "税込 ¥222,750", "回答者：佐伯 美和 様", "予算の", f"/quotes/{quote.key}/"):
        assert said in body, said


def test_what_the_customer_wrote_stands_where_it_is_looked_for(cast, quote):
    """In the banner of the quote's page and beside the waiting answer on the start page; the last answer's, not an
    earlier one's.
    """
    desk, customer = sign_in(cast.staff), Visitor(user=cast.contact)
    answer(quote, customer, message="先月の言葉 <b>")
    answer(quote, customer, "decline", "予算が\nつきません。")
    for address in ("/", f"/quotes/{quote.key}/"):
        above = desk.get(address).content.decode().partition('id="history-title"')[0]
        assert "予算が<br>つきません。" in above
        assert "先月の言葉" not in above
    answer(quote, customer)
    above = desk.get(f"/quotes/{quote.key}/").content.decode().partition('id="history-title"')[0]
    assert "予算が" not in above


def test_who_has_left_is_not_told_but_the_managers_are(cast, quote):
    cast.staff.is_active = False
    cast.staff.save()
    answer(quote, Visitor(user=cast.contact))
    told_by_mail = OutgoingMail.objects.exclude(to=cast.contact.email)
    assert [mail.to for mail in told_by_mail] == ["mizuno@aoba.example.jp"]
    cast.manager.is_active = False
    cast.manager.save()
    answer(quote, Visitor(user=cast.contact), "decline", "理由")
    assert told_by_mail.count() == 1
