"""Share links as the reseller's people make and look after them."""

import re

import pytest

from quotes.models import ShareLink
from quotes.record.transitions import withdraw
from tests.cast import NOW, sign_in
from tests.making import everything_written, given_quote
from tests.page import Page
from tests.quotes.test_sharing import make

ENTRY = {"recipient": "購買部 山田様", "expires_on": "令和9年3月1日", "max_downloads": "１０", "seen": ""}


@pytest.fixture
def quote(cast, licenseid):
    return given_quote(licenseid, by=cast.staff)


@pytest.fixture
def url(quote):
    return f"/quotes/{quote.key}/links/"


@pytest.fixture
def office(cast):
    return sign_in(cast.staff, language="ja")


def address_in(answer) -> str:
    [found] = re.findall(r'value="(http://127\.0\.0\.1:8000/s/[\w-]{43}/)"', answer.content.decode())
    return found.removeprefix("http://127.0.0.1:8000")


def test_the_form_proposes_the_usual_days(office, url):
    page = office.get(url).content.decode()
    assert 'value="情報システム部 佐伯 美和"' in page
    assert 'value="2027/03/16"' in page
    assert 'value="20"' in page
    assert "2028年2月14日まで" in page


def test_the_address_is_shown_once_and_opens(cast, office, quote, url):
    address = address_in(office.post(url, ENTRY))
    link = ShareLink.objects.get()
    assert (str(link.expires_on), link.max_downloads, link.created_by) == ("2027-03-01", 10, cast.staff)
    assert office.get(address).status_code == 200
    for page in (office.get(url), office.get(f"/quotes/{quote.key}/")):
        text = page.content.decode()
        assert "購買部 山田様" in text
        assert address not in text
    assert (
        "青木 陽子さんが共有リンク（購買部 山田様）を作成しました。" in Page(office.get(f"/quotes/{quote.key}/")).text
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"recipient": "　"}, "リンクの宛先を入力してください。"),
        ({"expires_on": "2027/01/14"}, "今日から2028年2月14日までの日を入力してください。"),
        ({"expires_on": "2028/02/15"}, "今日から2028年2月14日までの日を入力してください。"),
        ({"expires_on": "あした"}, "2026/11/23"),
        ({"max_downloads": "0"}, "1から10,000までの数を入力してください。制限しない場合は空欄にしてください。"),
        ({"max_downloads": "たくさん"}, "「たくさん」"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(office, url, changes, said):
    before = everything_written()
    answer = office.post(url, ENTRY | changes)
    assert answer.status_code == 422
    assert said in Page(answer).text
    assert "購買部 山田様" in answer.content.decode() or "recipient" in changes
    assert everything_written() == before


def test_no_limit_and_a_form_sent_twice(office, url):
    office.post(url, ENTRY | {"max_downloads": ""})
    assert ShareLink.objects.get().max_downloads is None
    again = office.post(url, ENTRY, follow=True)
    assert "この間にリンクが作成されたため、新たには作成していません。" in Page(again).messages
    assert office.post(url, ENTRY | {"seen": "x"}, follow=True).status_code == 200
    assert ShareLink.objects.count() == 1


def test_a_new_address_stops_the_old_one_and_stop_stops_both(office, quote, url):
    old = address_in(office.post(url, ENTRY))
    link = ShareLink.objects.get()
    new = address_in(office.post(f"{url}{link.pk}/renew/"))
    assert (office.get(old).status_code, office.get(new).status_code) == (410, 200)
    assert Page(office.post(f"{url}{link.pk}/renew/", follow=True)).messages == [
        "このリンクはすでに停止しています。新しいリンクを作成してください。"
    ]
    newest = ShareLink.objects.latest("pk")
    stopped = office.post(f"{url}{newest.pk}/revoke/", follow=True)
    assert Page(stopped).messages == ["購買部 山田様のリンクを停止しました。"]
    assert office.get(new).status_code == 410
    assert Page(office.post(f"{url}{newest.pk}/revoke/", follow=True)).messages == [
        "このリンクはすでに停止しています。"
    ]


def test_a_link_is_looked_after_on_its_own_quote_only(cast, office, quote, url, licenseid):
    """Another quote's key with this link's number, another reseller, and who has no business here."""
    link, _token = make(quote, now=NOW)
    other = given_quote(licenseid, by=cast.staff, changes={"years": "2"})
    before = everything_written()
    for act in ("renew", "revoke"):
        assert office.post(f"/quotes/{other.key}/links/{link.pk}/{act}/").status_code == 404
        assert sign_in(cast.stranger).post(f"{url}{link.pk}/{act}/").status_code == 404
        assert sign_in(cast.contact).post(f"{url}{link.pk}/{act}/").status_code == 403
        assert sign_in(cast.admin).post(f"{url}{link.pk}/{act}/").status_code == 403
    assert sign_in(cast.stranger).post(url, ENTRY).status_code == 404
    assert everything_written() == before


def test_what_no_longer_counts_is_not_shared(cast, office, quote, url):
    withdraw(quote=quote, reason="誤り", by=cast.staff, now=NOW)
    before = everything_written()
    assert "リンクを作成" not in Page(office.get(url)).text.replace("改訂版でリンクを作成", "")
    answer = office.post(url, ENTRY, follow=True)
    assert Page(answer).messages == ["この見積は有効ではなくなったため、リンクは作成していません。"]
    assert everything_written() == before
