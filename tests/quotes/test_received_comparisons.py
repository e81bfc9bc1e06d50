"""Comparisons on the pages of a customer with a log-in: found, taken as a PDF, one alternative chosen with a word."""

from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.compose import unseal
from licensing.models import Reseller
from quotes.archive.verification import Report, verify_records
from quotes.models import ComparisonStatus, QuoteEvent
from quotes.record.comparisons import withdraw_comparison
from tests.at_once import at_once
from tests.cast import NOW, make_license_id, sign_in
from tests.making import everything_written, holding_of
from tests.page import Page
from tests.quotes.test_comparing import share
from tests.quotes.test_customers_see import share as share_quote
from tests.renewals.comparing import compare, issue_alternative

pytestmark = pytest.mark.django_db


def made_for(customer, code, *, by, now=NOW):
    licenseid = make_license_id(customer, code, ("SMP-CC", 100))
    pk = holding_of(licenseid).product_id
    ticks = [f"1 {pk}:100", f"1 {pk}:80", f"3 {pk}:120"]
    return compare(licenseid, by=by, ticks=ticks, labels=("現状維持", "", "20追加"), now=now)


@pytest.fixture
def comparison(cast):
    return made_for(cast.customer, "LIC-1700", by=cast.staff)


@pytest.fixture
def contact(cast):
    return sign_in(cast.contact, language="ja")


def address(comparison):
    return f"/received/comparisons/{comparison.key}/"


def test_nothing_is_found_before_it_was_sent_and_all_of_it_after(cast, contact, comparison):
    before = everything_written()
    for path in ("", "pdf/"):
        assert contact.get(address(comparison) + path).status_code == 404
    assert contact.post(f"{address(comparison)}choice/", {"plan": "A"}).status_code == 404
    assert "比較表はまだありません。" in Page(contact.get("/received/comparisons/")).text
    assert comparison.number not in contact.get("/received/").text
    assert everything_written() == before
    share(comparison)
    for page in (contact.get("/received/"), contact.get("/received/comparisons/")):
        assert (f'href="{address(comparison)}"' in page.text, "案をお選びください" in page.text) == (True, True)
    assert "まだありません" not in contact.get("/received/").text
    text = Page(contact.get(address(comparison))).text
    for said in (
        "案A 現状維持",
        "案C 20追加",
        "¥802,780",
        "御見積書ではありません",
        "案を選んでもご注文にはなりません",
    ):
        assert said in text, said
    pdf = contact.get(f"{address(comparison)}pdf/")
    assert pdf.content == bytes(comparison.content)
    events = comparison.events.order_by("position").values_list("kind", "by__email")
    assert list(events)[2:] == [("viewed", cast.contact.email), ("downloaded", cast.contact.email)]


def test_a_plan_is_chosen_with_a_word_changed_and_told(cast, contact, comparison):
    share(comparison)
    url, choose = address(comparison), f"{address(comparison)}choice/"
    page = Page(contact.get(url))
    assert "お名前" not in page.text
    refused = contact.post(choose, {"plan": "B", "message": "長" * 501, "seen": ""})
    assert (refused.status_code, "500文字以内" in Page(refused).text) == (422, True)
    assert contact.post(choose, {"plan": "Z", "seen": ""}).status_code == 422
    assert contact.post(choose, {"plan": "B", "message": "稟議済みです", "seen": "", "name": "別人"})["Location"] == url
    assert "案Bをお選びいただきました。 佐伯 美和" in Page(contact.get(url)).text
    assert "案Bを選択済み" in Page(contact.get("/received/")).text
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert contact.post(choose, {"plan": "C", "message": "", "seen": "B"})["Location"] == url
    status = ComparisonStatus.objects.get(pk=comparison.pk)
    assert (status.chosen.letter, status.chosen_by_name) == ("C", cast.contact.name)
    chosen = comparison.events.filter(kind="chosen").order_by("position")
    assert [(one.by, one.link, one.detail) for one in chosen] == [
        (cast.contact, None, {"alternative": "B", "message": "稟議済みです"}),
        (cast.contact, None, {"alternative": "C"}),
    ]
    told = OutgoingMail.objects.order_by("pk").values_list("to", flat=True)
    assert list(told) == [cast.staff.email, cast.contact.email] * 2
    assert "稟議済みです" in Page(sign_in(cast.staff, language="ja").get(f"/comparisons/{comparison.key}/")).text
    assert list(verify_records(report=Report())) == []


def test_who_chose_gets_an_e_mail_that_confirms_it_in_their_language(cast, contact, comparison):
    share(comparison)
    choose = f"{address(comparison)}choice/"
    for _press in range(2):  # pressed twice, chosen once
        contact.post(choose, {"plan": "C", "message": "稟議済みです", "seen": ""})
    mail = OutgoingMail.objects.get(to=cast.contact.email)
    subject, body = mail.subject, unseal(bytes(mail.sealed_text))
    assert subject == f"{comparison.number}：ご選択を承りました"
    assert "比較表 C2701-0001 の案C 20追加（税込 ¥802,780）のご選択を承りました。" in body
    assert "この時点では、ご注文は確定しておりません。" in body
    assert "稟議済みです" in body
    assert address(comparison) in body
    cast.customer.language = "en"
    cast.customer.save()
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        contact.post(choose, {"plan": "A", "message": "", "seen": "C"})
    english = OutgoingMail.objects.filter(to=cast.contact.email).latest("pk")
    assert english.subject == f"{comparison.number}: your choice has arrived"
    assert "This is no order yet." in unseal(bytes(english.sealed_text))


def test_who_chooses_by_a_link_has_left_no_address(cast, comparison):
    _link, token = share(comparison)
    Client().post(f"/s/{token}/answer/", {"plan": "A", "name": "山田", "message": "", "seen": ""})
    assert [mail.to for mail in OutgoingMail.objects.all()] == [cast.staff.email]


def test_what_was_typed_stays_when_somebody_else_chose_first(contact, comparison):
    _link, token = share(comparison)
    form = {"plan": "A", "name": "山田", "message": "", "seen": ""}
    assert Client().post(f"/s/{token}/answer/", form).status_code == 302
    refused = contact.post(f"{address(comparison)}choice/", {"plan": "B", "message": "B案で", "seen": ""})
    page = Page(refused)
    assert refused.status_code == 409
    assert "このページを開いた後に、ほかの方が案を選びました。" in page.text
    assert "案Aをお選びいただきました。" in page.text
    assert page.by_id("id_B_message").text() == "B案で"
    assert page.by_id("id_B_seen")["value"] == "A"


def test_a_quote_of_it_is_led_to_once_it_was_sent(cast, contact, comparison):
    share(comparison)
    quote = issue_alternative(comparison.alternatives.get(position=2), by=cast.staff)
    choose = f"{address(comparison)}choice/"
    closed = contact.post(choose, {"plan": "A", "message": "<b>やはりA</b>", "seen": ""})
    assert closed.status_code == 409
    assert "ご記入の内容： <b>やはりA</b>" in Page(closed).text
    assert str(quote.key) not in contact.get(address(comparison)).text
    assert "御見積書を作成済み" in contact.get("/received/").text
    share_quote(quote)
    assert f'href="/received/{quote.key}/"' in contact.get(address(comparison)).text


def test_no_prices_once_they_hold_no_more_or_it_is_withdrawn(cast, comparison):
    share(comparison)
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        late = sign_in(cast.contact, language="ja")
        text = late.get(address(comparison)).text
        assert "記載の価格の有効期限は2027年2月14日まででした。" in text
        assert [unsaid for unsaid in ("211,200", "191,840", 'name="plan"') if unsaid in text] == []
        assert late.get(f"{address(comparison)}pdf/")["Location"] == address(comparison)
    withdraw_comparison(comparison=comparison, reason="内密の理由", by=cast.staff, now=NOW)
    text = sign_in(cast.contact, language="ja").get(address(comparison)).text
    assert "この比較表は取り下げられました。" in text
    assert [unsaid for unsaid in ("内密", "211,200", 'name="plan"') if unsaid in text] == []


def test_nobody_elses_is_found_and_no_reason_of_the_resellers(cast, contact):
    """Searched for in every answer: the internal reason, and what others were given."""
    Reseller.objects.update(customers_see_quotes="issued")
    licenseid = make_license_id(cast.customer, "LIC-1701", ("SMP-CC", 100))
    holding = holding_of(licenseid)
    offered = {f"offered-{holding.pk}": "5%", "offer_reason": "内緒の事情"}
    own = compare(licenseid, by=cast.staff, ticks=["form", f"1 {holding.product_id}:80"], **offered)
    others = [
        made_for(cast.english_customer, "LIC-3700", by=cast.staff),
        made_for(cast.foreign_customer, "LIC-2700", by=cast.stranger),
    ]
    pages = ["/received/", "/received/comparisons/", address(own), f"{address(own)}pdf/"]
    answers = [contact.get(page) for page in pages]
    answers.append(contact.post(f"{address(own)}choice/", {"plan": "Z"}))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 422]
    marks = ["内緒の事情", *(str(one.key) for one in others), *(one.license_codes for one in others)]
    assert [mark for answer in answers for mark in marks if mark in answer.content.decode(errors="replace")] == []
    before = everything_written()
    for one in others:
        assert contact.get(address(one)).status_code == 404
        assert contact.get(f"{address(one)}pdf/").status_code == 404
        assert contact.post(f"{address(one)}choice/", {"plan": "A", "seen": ""}).status_code == 404
    assert sign_in(cast.staff).post(f"{address(own)}choice/", {"plan": "A", "seen": ""}).status_code == 403
    assert everything_written() == before


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_a_log_in_and_a_link_at_once_the_second_is_told(cast, comparison):
    _link, token = share(comparison)
    barrier, people = Barrier(2), (sign_in(cast.contact), Client())
    urls = (f"{address(comparison)}choice/", reverse("quotes:shared-answer", args=[token]))

    def choose(number, plan):
        barrier.wait()
        return people[number].post(urls[number], {"plan": plan, "name": "山田", "message": "", "seen": ""}).status_code

    results = at_once(lambda: choose(0, "A"), lambda: choose(1, "B"))
    assert sorted(results) == [302, 409]
    assert ComparisonStatus.objects.select_related("chosen").get().chosen.letter == "AB"[results.index(302)]
    assert QuoteEvent.objects.filter(kind="chosen").count() == 1


def test_the_first_ones_stand_above_the_quotes_and_queries_do_not_grow(cast, contact, comparison):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert contact.get("/received/").status_code == 200
        return len(queries)

    share(comparison)
    contact.get("/received/")
    few = count()
    old = [made_for(cast.customer, f"LIC-18{n:02}", by=cast.staff, now=NOW - timedelta(hours=n)) for n in range(1, 5)]
    for one in old:
        share(one)
    assert count() == few
    page = contact.get("/received/").text
    assert [one.number in page for one in (comparison, *old)] == [True, True, True, False, False]
    assert 'href="/received/comparisons/"' in page
    whole = contact.get("/received/comparisons/").text
    assert [one.number in whole for one in old] == [True] * 4
