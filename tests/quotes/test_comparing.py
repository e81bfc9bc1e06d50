"""A comparison by its share link: seen side by side, and one alternative chosen. That is no order."""

from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due, record_failure
from quotes.archive.verification import Report, verify_records
from quotes.customers.choosing import choose_alternative
from quotes.customers.visits import Visitor
from quotes.letters.comparing import is_comparison_wanted, note_comparison_settled
from quotes.links.operations import make_link
from quotes.models import ComparisonStatus, QuoteEvent, ShareLink
from quotes.record.comparisons import withdraw_comparison
from quotes.record.refusals import ChoiceChanged, ChoiceClosed, NotShareable
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import holding_of
from tests.page import Page, read_entry, send
from tests.renewals.comparing import compare, issue_alternative

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def comparison(cast):
    licenseid = make_license_id(cast.customer, "LIC-1700", ("SMP-CC", 100))
    pk = holding_of(licenseid).product_id
    ticks = [f"1 {pk}:100", f"1 {pk}:80", f"3 {pk}:120"]
    return compare(licenseid, by=cast.staff, ticks=ticks, labels=("現状維持", "", "20追加"))


def share(comparison, **how):
    return make_link(
        quote=comparison, recipient="総務部", expires_on=comparison.valid_until + timedelta(days=30),
        max_downloads=how.get("downloads"), seen=None, by=comparison.made_by, now=NOW,
    )  # fmt: skip


def choose(comparison, letter, *, link=None, name="山田", message="", seen="", now=LATER):
    alternative = comparison.alternatives.get(position=ord(letter) - 64)
    visitor = Visitor(link=link, ip="192.0.2.7", user_agent="Firefox")
    return choose_alternative(
        alternative=alternative, message=message, by_name=name, visitor=visitor, seen=seen, now=now
    )


def test_a_choice_is_kept_changed_and_told(cast, comparison):
    link, _token = share(comparison)
    event = choose(comparison, "B", link=link, message="お願いします")
    assert event is not None
    assert (event.kind, event.by_name, event.detail) == (
        "chosen", "山田", {"alternative": "B", "message": "お願いします"},
    )  # fmt: skip
    status = ComparisonStatus.objects.get(pk=comparison.pk)
    assert (status.chosen.letter, status.chosen_by_name, status.chosen_at) == ("B", "山田", LATER)
    assert choose(comparison, "B", link=link, message="お願いします") is None  # pressed twice
    with pytest.raises(ChoiceChanged):
        choose(comparison, "C", link=link, name="鈴木", seen="")
    assert choose(comparison, "C", link=link, name="鈴木", seen="B", now=LATER + timedelta(minutes=1)) is not None
    assert list(comparison.events.filter(kind="chosen").values_list("detail__alternative", flat=True)) == ["B", "C"]
    mails = OutgoingMail.objects.order_by("pk")
    assert [mail.to for mail in mails] == [cast.staff.email] * 2
    assert [mail.subject for mail in mails] == [
        f"C2701-0001：{cast.customer.name}が{plan}を選びました" for plan in ("案B", "案C 20追加")
    ]
    assert list(verify_records(report=Report())) == []


def test_nothing_is_chosen_after_validity_or_withdrawal(cast, comparison):
    too_late = NOW + timedelta(days=31)
    with pytest.raises(ChoiceClosed) as closed:
        choose(comparison, "A", now=too_late)
    assert closed.value.state == "expired"
    withdraw_comparison(comparison=comparison, reason="誤り", by=cast.staff, now=NOW)
    with pytest.raises(ChoiceClosed) as closed:
        choose(comparison, "A")
    assert closed.value.state == "withdrawn"
    with pytest.raises(NotShareable):
        share(comparison)
    assert not QuoteEvent.objects.filter(kind="chosen").exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_choose_at_once_the_second_is_told(cast, comparison):
    barrier = Barrier(2)

    def try_to(letter, name):
        barrier.wait()
        try:
            return choose(comparison, letter, name=name) is not None
        except ChoiceChanged:
            return False

    results = at_once(lambda: try_to("A", "山田"), lambda: try_to("B", "鈴木"))
    assert sorted(results) == [False, True]
    status = ComparisonStatus.objects.select_related("chosen").get()
    assert (status.chosen.letter, status.chosen_by_name) == (("A", "山田") if results[0] else ("B", "鈴木"))
    assert QuoteEvent.objects.filter(kind="chosen").count() == 1


def test_the_page_of_a_link(comparison):
    _link, token = share(comparison, downloads=1)
    client, url = Client(), reverse("quotes:shared", args=[token])
    page = Page(client.get(url))
    for said in (
        "比較表 C2701-0001", "本書はご検討のための比較資料であり、御見積書ではありません。", "案A 現状維持",
        "案C 20追加", "¥802,780", "◆3年", "案を選んでもご注文にはなりません", "2027年2月14日",
    ):  # fmt: skip
        assert said in page.text, said
    answer = client.post(f"{url}answer/", {"plan": "B", "name": "", "message": "", "seen": ""})
    assert (answer.status_code, "お名前" in Page(answer).text) == (422, True)
    assert client.post(f"{url}answer/", {"plan": "Z", "name": "x"}).status_code == 422
    answer = client.post(f"{url}answer/", {"plan": "B", "name": " 山田　花子 ", "message": "これで", "seen": ""})
    assert answer["Location"] == url
    text = Page(client.get(url)).text
    assert "案Bをお選びいただきました。" in text
    assert "山田 花子" in text
    assert client.post(f"{url}answer/", {"plan": "A", "name": "鈴木", "seen": ""}).status_code == 409
    pdf = client.get(f"{url}pdf/")
    assert pdf.content == bytes(comparison.content)
    assert "%E6%AF%94%E8%BC%83%E8%A1%A8.pdf" in pdf["Content-Disposition"]
    assert client.get(f"{url}pdf/").status_code == 403  # one download was allowed
    kinds = comparison.events.order_by("position").values_list("kind", flat=True)
    assert list(kinds) == ["compared", "link_made", "viewed", "chosen", "downloaded"]


def test_no_prices_beyond_validity(comparison):
    _link, token = share(comparison)
    client, url = Client(), reverse("quotes:shared", args=[token])
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        page = client.get(url)
        text = page.content.decode()
        assert "記載の価格の有効期限は2027年2月14日まででした。" in text
        for unsaid in ("211,200", "191,840", "802,780", 'name="plan"'):
            assert unsaid not in text
        assert client.get(f"{url}pdf/")["Location"] == url


def test_what_was_quoted_shows_no_prices_after_its_validity_either(cast, comparison):
    _link, token = share(comparison)
    issue_alternative(comparison.alternatives.get(position=2), by=cast.staff)
    client, url = Client(), reverse("quotes:shared", args=[token])
    text = Page(client.get(url)).text
    assert "この比較表から御見積書を作成しました。" in text
    assert "¥191,840" in text
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        text = Page(client.get(url)).text
        assert "この比較表から御見積書を作成しました。" in text
        assert "191,840" not in text
        assert client.get(f"{url}pdf/")["Location"] == url


def test_links_of_a_comparison_are_those_of_quotes(cast, comparison):
    client = sign_in(cast.staff)
    url = f"/comparisons/{comparison.key}/links/"
    page = Page(client.get(url))
    assert "C2701-0001" in page.text
    made = client.post(url, {"recipient": "総務部", "expires_on": "2027/02/20", "max_downloads": "3", "seen": ""})
    assert "/s/" in made.content.decode()
    link = ShareLink.objects.get()
    assert (link.comparison_id, link.quote_id, link.shared) == (comparison.pk, None, comparison)
    assert client.post(f"{url}{link.pk}/renew/").status_code == 200
    newest = ShareLink.objects.latest("pk")
    assert client.post(f"{url}{newest.pk}/revoke/")["Location"] == url
    assert [one.revoked_at is not None for one in ShareLink.objects.all()] == [True, True]
    assert list(verify_records(report=Report())) == []
    assert comparison.valid_until > TODAY


def test_it_is_sent_as_a_letter_with_link_and_pdf(cast, comparison):
    client = sign_in(cast.staff)
    url = f"/comparisons/{comparison.key}/send/"
    entry = read_entry(Page(client.get(url)).all(lambda one: one.tag == "form" and one.has_class("card"))[0])
    assert "{" not in entry["body"][0]
    entry |= {"recipient": ["other"], "to": ["総務 一郎 <soumu@example.co.jp>"], "to_name": [""]}
    refused = send(client, url, entry | {"body": ["案を選んでください。"]})
    assert "Write {link} where the share link is to stand." in Page(refused).text
    looked = Page(send(client, url, entry | {"act": "look"}))
    assert "総務 一郎 様" in looked.text
    assert "/s/************" in looked.text
    assert send(client, url, entry | {"act": "send"})["Location"] == f"/comparisons/{comparison.key}/"
    send(client, url, entry | {"act": "send"})  # a second click
    mail, link = OutgoingMail.objects.get(), ShareLink.objects.get()
    assert (mail.to, mail.subject, mail.about) == (
        "soumu@example.co.jp",
        f"【比較表 C2701-0001】{comparison.subject}",
        f"comparison:{comparison.key}",
    )
    assert bytes(mail.attachment) == bytes(comparison.content)
    assert link.comparison_id == comparison.pk
    assert is_comparison_wanted(mail)
    assert list(comparison.events.values_list("kind", flat=True)) == ["compared", "link_made", "mail_queued"]
    mail.state, mail.error, mail.sealed_text = "failed", "refused", None
    note_comparison_settled(mail, LATER)
    link.refresh_from_db()
    assert link.revoked_at == LATER
    kinds = comparison.events.order_by("position").values_list("kind", flat=True)
    assert list(kinds)[3:] == ["mail_failed", "link_revoked"]
    listed = Page(sign_in(cast.staff, language="ja").get(f"/comparisons/{comparison.key}/"))
    told = listed.all(lambda one: one.tag == "div" and one.has_class("mail"))
    assert len(told) == 1
    for said in ("総務 一郎", "soumu@example.co.jp", f"【比較表 C2701-0001】{comparison.subject}", cast.staff.name):
        assert said in told[0].text(), said
    withdraw_comparison(comparison=comparison, reason="x", by=cast.staff, now=LATER)
    assert not is_comparison_wanted(mail)
    assert "It is withdrawn, so it cannot be sent." in Page(send(client, url, entry | {"act": "send"})).text
    assert list(verify_records(report=Report())) == []


def test_a_letter_that_failed_is_sent_again_with_all_that_it_said(cast, comparison):
    client, page = sign_in(cast.staff), f"/comparisons/{comparison.key}/"
    entry = read_entry(Page(client.get(f"{page}send/")).all(lambda one: one.tag == "form" and one.has_class("card"))[0])
    typed = {
        "recipient": ["other"],
        "to": ["wrong@example.co.jp"],
        "to_name": ["総務 一郎"],
        "cc": ["cc@example.co.jp"],
    }
    typed |= {"subject": ["私の件名"], "body": ["私の文面 {link}"], "filled_for": ["総務 一郎"]}
    send(client, f"{page}send/", entry | typed | {"act": "send"})
    mail = OutgoingMail.objects.get()
    deliver_due(clock=lambda: NOW)
    record_failure(mail=mail, error="unknown_address", address="wrong@example.co.jp", answer="5.1.1", now=LATER)
    again = f"{page}send/?again={mail.pk}"
    assert again in client.get(page).content.decode()
    shown = client.get(again).context["form"]
    wanted = {**{name: texts[0] for name, texts in typed.items() if name != "recipient"}}
    assert {name: shown[name].value() for name in wanted} == wanted
    fields = read_entry(Page(client.get(again)).all(lambda one: one.tag == "form" and one.has_class("card"))[0])
    corrected = fields | {"recipient": ["other"], "to": ["right@example.co.jp"], "act": ["send"]}
    assert send(client, again, corrected)["Location"] == page
    assert OutgoingMail.objects.latest("pk").to == "right@example.co.jp"
    licenseid = make_license_id(cast.customer, "LIC-1701", ("SMP-CC", 100))
    pk = holding_of(licenseid).product_id
    other = compare(licenseid, by=cast.staff, ticks=[f"1 {pk}:100", f"1 {pk}:80"], labels=("", ""))
    for number in (mail.pk, "１", "999999999999999999999", "x"):  # of another comparison, and of none
        fresh = client.get(f"/comparisons/{other.key}/send/?again={number}")
        assert (fresh.status_code, fresh.context["form"]["subject"].value()) == (
            200, f"【比較表 {other.number}】{other.subject}",
        )  # fmt: skip
