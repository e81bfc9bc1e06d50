"""The acknowledgement of an order reaches the customer: on their page, by a letter, and in the file of records."""

import zipfile
from datetime import date, timedelta
from functools import partial
from io import BytesIO

import pytest
from django.core import mail as django_mail
from django.test import Client

from foundation.jobs.operations import work_off
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.compose import unseal
from foundation.mail.operations.queue import deliver_due
from licensing.models import Contact
from quotes.archive.exports import ExportWork
from quotes.archive.verification import Report, verify_records
from quotes.letters.acknowledging import is_order_mail_wanted, send_acknowledgement
from quotes.letters.templates import ORDER, save_templates
from quotes.letters.words import Letter
from quotes.models import Quote, QuoteEvent, RecordExport
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.refusals import NotOrdered
from quotes.record.transitions import record_order, reopen
from tests.at_once import at_once
from tests.cast import NOW, sign_in
from tests.making import everything_written, given_quote
from tests.page import Page
from tests.quotes.test_sharing import make

pytestmark = pytest.mark.django_db
ADDRESS = "saeki@takasaki.example.jp"
LATER = NOW + timedelta(hours=3)
TEXT = Letter("注文請書 {number}", "{customer}\n{person}\n{quote_number} {order_number} {ordered_on}\n{total}")
KEY = "1f4d2c55-1111-4222-8333-444455556666"


@pytest.fixture
def ordered(cast, licenseid):
    """Seen by the customer, ordered and acknowledged."""
    quote = given_quote(licenseid, by=cast.staff)
    record_order(quote=quote, order_number="PO-2026-77", ordered_on=date(2027, 1, 15), by=cast.staff, now=NOW)
    quote = Quote.objects.select_related("status", "customer", "reseller", "issued_by").get(pk=quote.pk)
    acknowledge_order(quote=quote, by=cast.staff, now=NOW)
    return quote


def take_back_and_order_anew(quote, by):
    reopen(quote=quote, reason="番号の誤り", by=by, now=LATER)
    record_order(quote=quote, order_number="PO-78", ordered_on=date(2027, 1, 15), by=by, now=LATER)
    quote.status.refresh_from_db()


def send(quote, **changes):
    given = {
        "one": quote.acknowledgements.latest("position"), "form_key": KEY, "to": ADDRESS, "to_name": "佐伯 美和",
        "cc": [], "letter": TEXT, "by": quote.issued_by, "now": LATER,
    }  # fmt: skip
    return send_acknowledgement(quote=quote, **{**given, **changes})


class TestCustomersPage:
    def test_by_a_link_it_stands_beside_the_quote_and_counts_as_a_download(self, cast, ordered):
        link, token = make(ordered, now=NOW)
        visitor, one = Client(), ordered.acknowledgements.get()
        page = Page(visitor.get(f"/s/{token}/"))
        assert "注文請書をダウンロード" in page.text
        assert one.number in page.text
        for _twice in range(2):
            answer = visitor.get(f"/s/{token}/acknowledgement/")
        assert (answer.content, answer["Content-Type"]) == (bytes(one.content), "application/pdf")
        assert answer["Cache-Control"] == "private, no-store"
        assert f"{one.number}.pdf" in answer["Content-Disposition"]
        assert "%E9%9D%92%E8%91%89" in answer["Content-Disposition"]  # the reseller's name, as on the quote's copy
        link.refresh_from_db()
        assert link.downloads == 2
        told = ordered.events.filter(kind="downloaded").values_list("detail", "link", "by_name")
        assert list(told) == [({"acknowledgement": str(one.key), "name": one.number}, link.pk, "購買部 山田様")] * 2
        used_up = visitor.get(f"/s/{token}/acknowledgement/")
        assert (used_up.status_code, "注文請書をダウンロード" in used_up.content.decode()) == (403, False)
        said = sign_in(cast.staff, language="ja").get(f"/quotes/{ordered.key}/").content.decode()
        assert f"注文請書 {one.number} をダウンロードしました。" in said
        assert [each.code for each in verify_records(report=Report())] == []

    def test_with_a_log_in_their_own_company_gets_it_and_nobody_else(self, cast, ordered):
        make(ordered, now=NOW)
        url, one = f"/received/{ordered.key}/", ordered.acknowledgements.get()
        ours = sign_in(cast.contact, language="ja")
        assert f"{url}acknowledgement/" in ours.get(url).content.decode()
        assert ours.get(f"{url}acknowledgement/").content == bytes(one.content)
        before = everything_written()
        assert sign_in(cast.foreign_contact).get(f"{url}acknowledgement/").status_code == 404
        assert sign_in(cast.staff).get(f"{url}acknowledgement/").status_code == 403
        assert ours.head(f"{url}acknowledgement/").status_code == 405
        assert everything_written() == before

    def test_one_that_does_not_say_any_more_what_is_ordered_is_not_given_out(self, cast, ordered):
        _link, token = make(ordered, now=NOW)
        take_back_and_order_anew(ordered, cast.staff)
        assert "注文請書をダウンロード" not in Client().get(f"/s/{token}/").content.decode()
        assert Client().get(f"/s/{token}/acknowledgement/").status_code == 404
        second = acknowledge_order(quote=ordered, by=cast.staff, now=LATER)
        assert Client().get(f"/s/{token}/acknowledgement/").content == bytes(second.content)

    def test_a_program_that_comes_by_itself_uses_up_no_download(self, ordered):
        link, token = make(ordered, now=NOW)
        answer = Client(headers={"user-agent": "Slackbot 1.0"}).get(f"/s/{token}/acknowledgement/")
        assert (answer.status_code, answer["Location"]) == (302, f"/s/{token}/")
        assert Client(headers={"sec-purpose": "prefetch"}).get(f"/s/{token}/acknowledgement/").status_code == 503
        link.refresh_from_db()
        assert link.downloads == 0


class TestLetter:
    def test_what_arrives(self, ordered):
        mail, one = send(ordered), ordered.acknowledgements.get()
        assert unseal(bytes(mail.sealed_text)) == (
            f"株式会社髙﨑製作所\n佐伯 美和 様\n{ordered.number} PO-2026-77 2027年1月15日\n¥222,750"
        )
        deliver_due(clock=lambda: LATER)
        [message] = django_mail.outbox
        [(name, content, kind)] = message.attachments
        assert (content, kind) == (bytes(one.content), "application/pdf")
        assert name == f"20270115_青葉見本システム株式会社_222750_{one.number}_注文請書.pdf"
        assert message.subject == f"注文請書 {one.number}"
        told = list(
            ordered.events.filter(detail__mail=mail.pk).order_by("position").values_list("kind", "detail__name")
        )
        assert told == [("mail_queued", one.number), ("mail_sent", one.number)]

    def test_a_click_sends_once_and_what_does_not_count_is_not_sent(self, cast, ordered):
        first = ordered.acknowledgements.get()
        mail = send(ordered)
        assert send(ordered).pk == mail.pk
        take_back_and_order_anew(ordered, cast.staff)
        assert not is_order_mail_wanted(mail)
        acknowledge_order(quote=ordered, by=cast.staff, now=LATER)
        before = everything_written()
        with pytest.raises(NotOrdered):
            send(ordered, one=first, form_key="2")
        assert everything_written() == before
        deliver_due(clock=lambda: LATER)
        assert django_mail.outbox == []
        said = sign_in(cast.staff, language="ja").get(f"/quotes/{ordered.key}/").content.decode()
        assert "注文請書の内容が受注の内容と異なっていたためです。" in said

    def test_a_failed_one_is_told_and_can_be_corrected(self, cast, ordered):
        one = ordered.acknowledgements.get()
        mail = send(ordered, cc=["b@example.jp"])
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state="failed", error="unknown_address", settled_at=LATER, next_attempt_at=None
        )
        desk = sign_in(cast.staff, language="ja")
        address = f"/quotes/{ordered.key}/order/acknowledgements/{one.key}/send/"
        assert f"{address}?again={mail.pk}" in desk.get(f"/quotes/{ordered.key}/").content.decode()
        form = desk.get(f"{address}?again={mail.pk}").context["form"]
        assert (form.initial["body"], form.initial["cc"]) == (TEXT.body, "b@example.jp")


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_two_clicks_at_once_send_one_letter(cast, ordered):
    answers = at_once(*[partial(send, ordered)] * 2)
    assert len({answer.pk for answer in answers}) == 1
    assert QuoteEvent.objects.filter(kind="mail_queued").count() == OutgoingMail.objects.count() == 1


class TestPage:
    def test_from_the_button_to_the_letter(self, cast, ordered):
        Contact.objects.create(customer=cast.customer, name="久野 晴", email="kuno@takasaki.example.jp")
        texts = {(ORDER, "ja"): Letter("請書 {number}", "{customer}\n{person}\n{total}")}
        save_templates(reseller=cast.aoba, letters=texts, by=cast.manager, now=NOW)
        desk, one = sign_in(cast.staff, language="ja"), ordered.acknowledgements.get()
        address = f"/quotes/{ordered.key}/order/acknowledgements/{one.key}/send/"
        assert address in desk.get(f"/quotes/{ordered.key}/").content.decode()
        form = desk.get(address).context["form"]
        assert form.initial["subject"] == f"請書 {one.number}"
        typed = {name: form.initial.get(name, "") for name in ("subject", "body", "filled_for")} | {"key": KEY}
        typed |= {"recipient": "other", "to": "購買 太郎 <ｋ@example.jp>"}  # nobody has to take the name out by hand
        looked = desk.post(address, {**typed, "act": "look"})
        assert looked.context["preview"]["body"] == "株式会社髙﨑製作所\n購買 太郎 様\n¥222,750"
        assert "_注文請書.pdf" in looked.content.decode()
        for wrong, message in (
            ({"to": ""}, "宛先のメールアドレスを入力してください。"),
            ({"body": "{nobody}"}, "{nobody}"),
            ({"subject": ""}, "必須"),
        ):
            answer = desk.post(address, {**typed, **wrong, "act": "send"})
            assert answer.status_code == 422
            assert message in answer.content.decode(), wrong
        assert OutgoingMail.objects.count() == 0
        for _twice in range(2):
            answer = desk.post(address, {**typed, "act": "send"}, follow=True)
        assert f"k@example.jp 宛に注文請書 {one.number} をメールで送りました。" in answer.content.decode()
        assert OutgoingMail.objects.get().to == "k@example.jp"

    def test_what_does_not_count_says_so_and_braces_in_names_are_names(self, cast, ordered):
        one = ordered.acknowledgements.get()
        address = f"/quotes/{ordered.key}/order/acknowledgements/{one.key}/send/"
        desk = sign_in(cast.staff, language="ja")
        entry = {"key": KEY, "recipient": "other", "to": ADDRESS, "to_name": "{total}", "subject": "a", "body": "{b}"}
        assert desk.post(address, {**entry, "act": "send"}).status_code == 422
        take_back_and_order_anew(ordered, cast.staff)
        page = desk.post(address, {**entry, "body": "b", "act": "send"})
        assert page.status_code == 422
        assert "この注文請書は、現在の受注の内容と異なります。" in page.content.decode()
        assert OutgoingMail.objects.count() == 0


def test_the_file_of_records_has_it_beside_the_quote(cast, ordered, settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"
    one = ordered.acknowledgements.get()
    desk = sign_in(cast.staff, language="ja")
    desk.post("/records/export/", {"form": "zip"})
    work_off(batch_pk=RecordExport.objects.get().batch_id, work=ExportWork(), clock=lambda: NOW)
    answer = desk.get(f"/records/exports/{RecordExport.objects.get().key}/file/")
    archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    name = f"20270115_株式会社髙﨑製作所_222750_{one.number}_注文請書.pdf"
    assert name in archive.namelist()
    assert archive.read(name) == bytes(one.content)
    table = archive.read("index.csv").decode("utf-8-sig")
    assert f"{name},{one.sha256}," in table
