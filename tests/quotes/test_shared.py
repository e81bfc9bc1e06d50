"""A quote by its share link: for whoever has it, as long as it opens, and nothing else."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes.links.operations import revoke_link
from quotes.models import Quote, QuoteStatus, ShareLink
from quotes.record.transitions import record_loss, record_order, withdraw
from tests.cast import EXPIRY, NOW, make_license_id, sign_in
from tests.making import everything_written, given_quote
from tests.page import Page
from tests.quotes.test_sharing import make

ORDER = {"answer": "order", "name": "山田 太郎", "message": ""}
DECLINE = {"answer": "decline", "name": "山田 太郎", "message": "予算の都合"}


@pytest.fixture
def quote(cast, licenseid) -> Quote:
    return given_quote(licenseid, by=cast.staff, changes={"note": "3月末までにご注文ください。"})


@pytest.fixture
def url(quote) -> str:
    return f"/s/{make(quote, now=NOW)[1]}/"


@pytest.fixture
def visitor() -> Client:
    """A browser that never was here, set to English; the page is in the customer's language all the same."""
    return Client(headers={"accept-language": "en", "user-agent": "Firefox"}, REMOTE_ADDR="203.0.113.9")


def told(quote: Quote) -> list[tuple[str, str]]:
    events = quote.events.exclude(kind__in=["issued", "link_made"]).order_by("position")
    return [(event.kind, event.by_name) for event in events]


def test_the_page_says_what_the_paper_says(visitor, quote, url):
    response = visitor.get(url)
    page = Page(response)
    assert (response.status_code, page.total, response["Content-Language"]) == (200, "¥222,750", "ja")
    for said in (
        "Q2701-0001-00", "ライセンス更新（LIC-1001）", "株式会社髙﨑製作所", "佐伯 美和 様",
        "青葉見本システム株式会社", "sales@aoba.example.jp", "2027年1月15日", "2027年2月14日", "SMP-BS", "¥202,500",
        "3月末までにご注文ください。", "ご注文後3営業日以内", "月末締め翌月末払い", "この見積で発注を希望する",
    ):  # fmt: skip
        assert said in page.text, said
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in response.content.decode()


def test_nothing_internal_is_told(cast, visitor, quote, url):
    licenseid = quote.parts.get().licenseid
    cast.colleague.name, licenseid.note = "内密 太郎", "内密のメモ"
    cast.colleague.save()
    licenseid.save()
    record_loss(quote=quote, reason="内密の理由", by=cast.colleague, now=NOW)
    for answer in (visitor.get(url), sign_in(cast.contact).get(f"/received/{quote.key}/")):
        text = answer.content.decode()
        assert "内密" not in text
        assert "R5" not in Page(answer).text, "reasons"
        assert "2026年10月版" not in text, "the price list"
        assert "購買部" not in text, "for whom the link was made"
        assert quote.pdf.sha256 not in text


def test_the_language_is_the_customers_and_can_be_changed(cast, visitor):
    licenseid = make_license_id(cast.english_customer, "LIC-3001", ("SMP-BS", 45))
    url = f"/s/{make(given_quote(licenseid, by=cast.staff), now=NOW)[1]}/"
    japanese_browser = Client(headers={"accept-language": "ja"})
    assert "I wish to order by this quote" in japanese_browser.get(url).content.decode()
    page = japanese_browser.get(f"{url}?language=ja").content.decode()
    assert "この見積で発注を希望する" in page
    assert f'action="{url}answer/?language=ja"' in page
    assert japanese_browser.get(f"{url}?language=xx").status_code == 200
    sent = japanese_browser.post(f"{url}answer/?language=ja", ORDER)
    assert (sent.status_code, sent["Location"]) == (302, f"{url}?language=ja")


def test_a_person_is_noted_once_and_what_only_looks_is_not(visitor, quote, url):
    visitor.head(url)
    visitor.get(url, headers={"sec-purpose": "prefetch;prerender"})
    assert told(quote) == []
    visitor.get(url)
    visitor.get(url)
    event = quote.events.get(kind="viewed")
    assert (event.by, event.by_name, event.ip, event.user_agent) == (None, "購買部 山田様", "203.0.113.9", "Firefox")


ROBOTS = {
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)": "Slack",
    "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com": "Microsoft Teams",
    "facebookexternalhit/1.1;line-poker/1.0": "LINE",
    "Twitterbot/1.0": "X (Twitter)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120 Safari/537.36 SafeLinks": "Microsoft Office",
    "python-requests/2.31.0": "python-requests/2.31.0",
    "Mozilla/5.0 (compatible; ExampleCrawler/2.0; +https://example.org)": "examplecrawler",
}
PEOPLE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Safari Line/13.20.0",
    "Mozilla/5.0 (Windows NT 10.0; x64) AppleWebKit/537.36 Teams/1.6.00.4472 Chrome/102 Electron/19 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; CUBOT P40) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/440.0]",
    "",
)


def test_what_comes_by_itself_sees_nothing_and_uses_nothing_up(cast, visitor, quote, url):
    """Previews, scanners and what a browser fetches beforehand: of page and PDF, by link and by log-in."""
    customer = sign_in(cast.contact)
    received = f"/received/{quote.key}/"
    for agent in ROBOTS:
        headers = {"user-agent": agent}
        assert visitor.get(url, headers=headers).status_code == 200
        led = visitor.get(f"{url}pdf/", headers=headers)
        assert (led.status_code, led["Location"]) == (302, url)
    assert customer.get(f"{received}pdf/", headers={"user-agent": "curl/8"})["Location"] == received
    for header in ("sec-purpose", "purpose", "x-moz", "x-purpose"):
        for browser, page in ((visitor, url), (customer, received)):
            assert browser.get(page, headers={header: "Prefetch"}).status_code == 200
            assert browser.get(f"{page}pdf/", headers={header: "prefetch"}).status_code == 503
    assert visitor.head(f"{url}pdf/").status_code == 405
    assert ShareLink.objects.get().downloads == 0
    robots = quote.events.filter(kind="fetched").order_by("position").values_list("detail__robot", flat=True)
    assert list(robots) == [*ROBOTS.values(), "curl/8"]
    assert not quote.events.filter(kind__in=["viewed", "downloaded"]).exists()
    page = sign_in(cast.staff).get(f"/quotes/{quote.key}/").content.decode()
    assert "a program (LINE) fetched it by itself. This is no visit." in page
    for agent in PEOPLE:
        visitor.get(url, headers={"user-agent": agent})
    assert quote.events.filter(kind="viewed").count() == len(PEOPLE)


def test_the_pdf_is_the_stored_one_and_counted(visitor, quote, url):
    for count in (1, 2):
        answer = visitor.get(f"{url}pdf/")
        assert answer.content == bytes(quote.pdf.content)
        assert ShareLink.objects.get().downloads == count
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "20270115_222750_Q2701-0001-00.pdf" in answer["Content-Disposition"]
    refused = visitor.get(f"{url}pdf/")
    assert refused.status_code == 403
    assert "ダウンロードできる回数を使い切りました" in Page(refused).text
    assert (ShareLink.objects.get().downloads, told(quote)) == (2, [("downloaded", "購買部 山田様")] * 2)
    assert visitor.head(f"{url}pdf/").status_code == 405


def test_an_answer_is_kept_and_shown(visitor, quote, url):
    assert visitor.post(f"{url}answer/", ORDER)["Location"] == url
    page = Page(visitor.get(url))
    assert "この見積での発注をご希望と承りました。" in page.text
    assert "山田" not in page.text, "whoever else has the link need not know who answered"
    assert QuoteStatus.objects.get(pk=quote.pk).answer == "order"
    visitor.post(f"{url}answer/", ORDER)
    visitor.post(f"{url}answer/", DECLINE)
    assert [row for row in told(quote) if row[0] != "viewed"] == [
        ("order_wished", "山田 太郎"),
        ("declined", "山田 太郎"),
    ]


def test_who_answers_again_and_again_waits(visitor, quote, url):
    """Each answer stays for ever, and staff are told of it."""
    answers = [visitor.post(f"{url}answer/", (ORDER, DECLINE)[number % 2]) for number in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    page = Page(answers[-1])
    assert "10分ほど待ってから、もう一度お送りください。" in page.text
    assert len([row for row in told(quote) if row[0] != "viewed"]) == 20


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (ORDER | {"name": " 　"}, "どなたからのご回答か分かるよう、お名前を入力してください。"),
        (DECLINE | {"message": "予" * 501}, "500文字以内で入力してください（現在 501文字）。"),
        (ORDER | {"name": "名" * 101}, "お名前は100文字以内で入力してください。"),
        (ORDER | {"answer": "ordered"}, "2つの回答のどちらかを選んでください。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(visitor, quote, url, sent, said):
    before = everything_written()
    answer = visitor.post(f"{url}answer/", sent)
    assert answer.status_code == 422
    assert said in Page(answer).text
    assert everything_written() == before
    if sent["answer"] != "ordered":
        assert sent["message"].strip() in answer.content.decode()
        assert sent["name"].strip() in answer.content.decode()


@pytest.mark.parametrize("state", ["withdrawn", "ordered", "lost"])
def test_an_answer_that_comes_too_late(cast, visitor, quote, url, state):
    doors = {"withdrawn": withdraw, "ordered": record_order, "lost": record_loss}
    doors[state](quote=quote, reason="理由", by=cast.staff, now=NOW)
    before = everything_written()
    answer = visitor.post(f"{url}answer/", DECLINE)
    assert answer.status_code == 409
    text = Page(answer).text
    assert "ご回答は登録されていません。" in text
    assert "予算の都合" in text, "what was typed"
    assert everything_written() == before
    words = {"withdrawn": "取り下げられた見積です。", "ordered": "ご注文を承りました", "lost": "受付は終了しました"}
    assert words[state] in text
    assert "この見積で発注を希望する" not in text


def test_a_superseded_quote_says_so_and_leads_nowhere(cast, visitor, quote, url):
    from tests.quotes.test_transitions import revise

    new = revise(quote, by=cast.staff)
    make(new, now=NOW)
    text = Page(visitor.get(url)).text
    assert "この見積は改訂され、改訂01に替わりました。" in text
    assert "青葉見本システム株式会社へお問い合わせください。" in text
    page = visitor.get(url).content.decode()
    assert str(new.key) not in page
    assert len(re.findall(r"/s/[\w-]{43}/", page.replace(url, ""))) == 0
    assert "この見積で発注を希望する" not in page
    assert visitor.get(f"{url}pdf/").content == bytes(quote.pdf.content)


def test_an_expired_quote_and_then_its_link(visitor, quote, url, clock):
    clock.move_to(datetime(2027, 2, 14, 15, 0, tzinfo=UTC))
    text = Page(visitor.get(url)).text
    assert "この見積の有効期限（2027年2月14日）が過ぎました。" in text
    assert visitor.post(f"{url}answer/", ORDER).status_code == 409
    clock.move_to(datetime(2027, 3, 16, 15, 0, tzinfo=UTC))
    for answer in (visitor.get(url), visitor.get(f"{url}pdf/"), visitor.post(f"{url}answer/", ORDER)):
        assert answer.status_code == 410
        page = Page(answer)
        assert "このリンクの期限が過ぎました。" in page.text
        assert "青葉見本システム株式会社" in page.text
        assert "Q2701" not in page.text
        assert "222,750" not in page.text


def test_a_revoked_link_opens_nothing(cast, visitor, quote, url):
    revoke_link(link=quote.share_links.get(), by=cast.staff, now=NOW)
    before = everything_written()
    for answer in (visitor.get(url), visitor.get(f"{url}pdf/"), visitor.post(f"{url}answer/", ORDER)):
        assert answer.status_code == 410
        assert "このリンクは使えなくなりました。" in Page(answer).text
        assert "Q2701" not in answer.content.decode()
    assert everything_written() == before


def test_every_other_token_is_as_unknown_as_any(cast, visitor, quote, url):
    token = url.split("/")[2]
    link = quote.share_links.get()
    others = [token[:-1], token + "A", token.swapcase(), token.lower(), token[::-1], link.token_hash, str(link.pk)]
    before = everything_written()
    said = set()
    for other in [*others, "x" * 43, "é" * 43, "a" * 5000, "%00", "..%2f", str(quote.key)]:
        for path in ("", "pdf/"):
            answer = visitor.get(f"/s/{other}/{path}", headers={"accept-language": "ja"})
            assert answer.status_code in (404, 429), other
            if answer.status_code == 404 and "%" not in other:
                said.add(re.sub(r"/s/[^/]*/", "", Page(answer).text))
    assert len(said) == 1, "one answer for all: nothing tells a near miss from nonsense"
    assert everything_written() == before


def test_after_many_unknown_tokens_one_waits_but_a_good_one_opens(visitor, url):
    said = [visitor.get(f"/s/{number:043}/").status_code for number in range(22)]
    assert said == [404] * 20 + [429] * 2
    assert visitor.get(url).status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.77").get(f"/s/{1:043}/").status_code == 404


def test_a_form_from_elsewhere_is_refused(quote, url):
    strict = Client(enforce_csrf_checks=True)
    before = everything_written()
    assert strict.post(f"{url}answer/", ORDER).status_code == 403
    assert everything_written() == before
    strict.get(url)
    token = strict.cookies["csrftoken"].value
    assert strict.post(f"{url}answer/", ORDER | {"csrfmiddlewaretoken": token}).status_code == 302


def test_nobody_answers_for_the_customer(cast, quote, url):
    for user in (cast.staff, cast.stranger, cast.foreign_contact, cast.admin):
        browser = sign_in(user)
        assert "I wish to order" not in browser.get(url).content.decode()
        assert browser.post(f"{url}answer/", ORDER).status_code == 403
    assert QuoteStatus.objects.get(pk=quote.pk).answer == ""
    seen = {event.by for event in quote.events.filter(kind="viewed")}
    assert seen == {cast.staff, cast.admin, None}, "who may see the quote is named, others are not"
    assert sign_in(cast.contact).post(f"{url}answer/", {"answer": "order"}).status_code == 302
    assert told(quote)[-1] == ("order_wished", "佐伯 美和")


def test_one_link_is_no_key_to_another_quote(cast, visitor, quote, url):
    other = given_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-WM", 10)), by=cast.staff)
    visitor.get(url)
    for path in ("quotes", "received"):
        for key in (quote.key, other.key):
            assert visitor.get(f"/{path}/{key}/")["Location"].startswith("/accounts/login/")
            assert visitor.get(f"/{path}/{key}/pdf/")["Location"].startswith("/accounts/login/")


def test_the_queries_of_the_page(cast, visitor, quote, url):
    visitor.get(url)
    with CaptureQueriesContext(connection) as few:
        visitor.get(url)
    many = make_license_id(
        cast.customer, "LIC-1030", *[("SMP-BS", 45, EXPIRY.replace(day=day)) for day in range(1, 31)]
    )
    every = {f"renew-{holding.pk}": "on" for holding in many.holdings.all()}
    quote = given_quote(many, by=cast.staff, changes=every)
    long_url = f"/s/{make(quote, now=NOW)[1]}/"
    visitor.get(long_url)
    with CaptureQueriesContext(connection) as more:
        visitor.get(long_url)
    assert len(few) == len(more) == 3
