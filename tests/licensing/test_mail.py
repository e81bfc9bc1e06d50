"""Outgoing e-mail: the queue, what a real mail server gets, and what becomes of an e-mail when it is not taken."""

import logging
import socket
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from licensing.models import OutgoingMail
from licensing.operations import mail as operations
from licensing.operations.mail import (
    cancel_mail,
    deliver,
    deliver_due,
    forget_texts,
    queue_mail,
    record_failure,
    settle_lost,
    try_again,
)
from tests.cast import NOW
from tests.licensing.mail_server import run_mail_server

ADDRESS = "saeki@takasaki.example.jp"
TEXT = "佐伯 様\n\n見積をお送りします。\nhttps://portal.example.jp/share/secret-token/\n"


class Clock:
    """Stands still unless told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now

    def go(self, **passed):
        self.now += timedelta(**passed)
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told(monkeypatch):
    """What the app hears whose e-mail it is."""
    heard = []
    monkeypatch.setattr(operations, "_kinds", {})
    operations.watch_mail(kind="thing", settled=lambda mail, now: heard.append((mail.about, mail.state, mail.error)))
    return heard


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    settings.DEFAULT_FROM_EMAIL = "portal@portal.example.jp"
    settings.PUBLIC_URL = "https://portal.example.jp"
    with run_mail_server() as running:
        settings.EMAIL_PORT = running.port
        yield running


def queue(**changes):
    values = {"key": "k1", "to": ADDRESS, "subject": "見積のご送付", "body": TEXT, "about": "thing:1", "now": NOW}
    return queue_mail(**{**values, **changes})


def shown(taken, name):
    """A header with names in it, as mail programs show it."""
    return str(make_header(decode_header(message_from_bytes(taken.source)[name])))


@pytest.mark.django_db
class TestQueueing:
    def test_the_same_key_twice_is_one_e_mail(self):
        first = queue()
        assert queue(subject="別の件名") == first
        assert [(row.subject, row.state, row.attempts) for row in OutgoingMail.objects.all()] == [
            ("見積のご送付", "queued", 0)
        ]

    def test_the_text_cannot_be_read_in_the_database(self):
        queue()
        [row] = OutgoingMail.objects.values_list("sealed_text", "entry")
        assert b"secret-token" not in bytes(row[0])
        assert row[1] == {}

    @pytest.mark.parametrize(
        ("changes", "field", "message"),
        [
            ({"to": "saeki"}, "to", "“saeki” is not an e-mail address. It needs a name, @ and a domain"),
            ({"to": "saeki@"}, "to", "“saeki@” is not an e-mail address. It needs a name, @ and a domain"),
            ({"to": "sa eki@example.jp"}, "to", "is not an e-mail address. Look for spaces, dots and letters"),
            ({"to": "a@example.jp\nBcc: b@example.jp"}, "to", "is not an e-mail address."),
            ({"to": f"{'a' * 65}@example.jp"}, "to", "is not an e-mail address."),
            ({"to": ""}, "to", "This field cannot be blank."),
            ({"cc": ["b@example.jp", "c"]}, "cc", "“c” is not an e-mail address."),
            ({"cc": [f"{n}@example.jp" for n in range(11)]}, "cc", "At most 10 copies are sent."),
            ({"subject": "a\nBcc: b@example.jp"}, "subject", "Write this in one line"),
            ({"subject": "a\rb"}, "subject", "Write this in one line"),
            ({"subject": "a\u2028b"}, "subject", "Write this in one line"),
            ({"subject": ""}, "subject", "This field cannot be blank."),
            ({"to_name": "a\r\nb"}, "to_name", "Write this in one line"),
            ({"sender_name": "a\nb"}, "sender_name", "Write this in one line"),
            ({"reply_to": "a@example.jp\n"}, "reply_to", "is not an e-mail address."),
            ({"attachment": ("a\nb.pdf", b"%PDF")}, "attachment_name", "Write this in one line"),
        ],
    )
    def test_what_cannot_be_an_address_or_a_header_is_refused(self, changes, field, message):
        with translation.override("en"):
            with pytest.raises(ValidationError) as refused:
                queue(**changes)
            said = refused.value.message_dict
        assert list(said) == [field]
        assert message in " ".join(said[field])
        assert not OutgoingMail.objects.exists()

    def test_the_database_refuses_what_is_half_settled(self):
        mail = queue()
        for changes in (
            {"state": "lost"},
            {"state": "sent", "settled_at": NOW, "next_attempt_at": None},
            {"settled_at": NOW},
            {"sealed_text": None},
            {"state": "failed", "settled_at": NOW, "next_attempt_at": None},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                OutgoingMail.objects.filter(pk=mail.pk).update(**changes)


@pytest.mark.django_db
class TestHandingOver:
    def test_what_the_mail_server_gets(self, server, clock, told):
        queue(
            to_name='佐伯 美和 ("情シス")',
            cc=["cc@takasaki.example.jp"],
            sender_name="青木 陽子(青葉見本システム株式会社)",
            reply_to="aoki@aoba.example.jp",
            attachment=("見積書_20270115.pdf", b"%PDF-1.7\n"),
            language="ja",
        )
        assert deliver_due(clock=clock) == 1
        [taken] = server.taken
        message = taken.message
        row = OutgoingMail.objects.get()
        assert (taken.sender, taken.recipients) == ("portal@portal.example.jp", [ADDRESS, "cc@takasaki.example.jp"])
        assert message["Subject"] == "見積のご送付"
        assert shown(taken, "To") == f"佐伯 美和 (情シス) <{ADDRESS}>"
        assert message["Cc"] == "cc@takasaki.example.jp"
        assert shown(taken, "From") == "青木 陽子(青葉見本システム株式会社) <portal@portal.example.jp>"
        assert message["Reply-To"].addresses[0].addr_spec == "aoki@aoba.example.jp"
        assert message["Date"] == "Fri, 15 Jan 2027 10:00:00 +0900"
        assert message["Message-ID"] == row.message_id
        assert row.message_id.endswith("@portal.example.jp>")
        assert message["Auto-Submitted"] is None  # a person gets the answers, and the absence notes
        assert message["Content-Language"] == "ja"
        text, pdf = message.iter_parts()
        assert text.get_content().replace("\r\n", "\n") == TEXT
        assert (text.get_content_charset(), text["Content-Transfer-Encoding"]) == ("utf-8", "base64")
        assert (pdf.get_filename(), pdf.get_content()) == ("見積書_20270115.pdf", b"%PDF-1.7\n")
        assert taken.source.isascii()
        assert max(map(len, taken.source.splitlines())) <= 998
        assert (row.state, row.attempts, row.sent_at, row.settled_at) == ("sent", 1, NOW, NOW)
        assert (row.sealed_text, row.attachment) == (None, None)
        assert told == [("thing:1", "sent", "")]
        assert deliver_due(clock=clock) == 0

    def test_what_nobody_answers_is_marked_as_automatic(self, server, clock):
        queue(subject="Set a password", body="Hello\n", language="en")
        deliver_due(clock=clock)
        message = server.taken[0].message
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["From"] == "portal@portal.example.jp"
        assert message["Reply-To"] is None
        assert message["Content-Transfer-Encoding"] == "7bit"

    def test_a_long_japanese_subject_arrives_whole(self, server, clock):
        subject = "Trend Micro ビジネスセキュリティ ライセンス更新のお見積(LIC-1001・㈱髙﨑製作所 様)𠮷 " * 5
        queue(subject=subject.strip(), to_name="長い名前の部署" * 20)
        deliver_due(clock=clock)
        assert server.taken[0].message["Subject"] == subject.strip()
        assert shown(server.taken[0], "To") == f"{'長い名前の部署' * 20} <{ADDRESS}>"
        assert b"Subject: =?utf-8?b?" in server.taken[0].source
        assert max(map(len, server.taken[0].source.splitlines())) <= 78

    def test_every_e_mail_has_its_own_address_for_bounces(self, server, clock, settings):
        settings.BOUNCE_ADDRESS = "bounce@portal.example.jp"
        queue()
        deliver_due(clock=clock)
        code = OutgoingMail.objects.get().message_id[1:33]
        assert server.taken[0].sender == f"bounce+{code}@portal.example.jp"
        assert server.taken[0].message["From"] == "portal@portal.example.jp"

    def test_a_japanese_domain_is_asked_for_in_ascii(self, server, clock):
        queue(to="saeki@見本.jp")
        deliver_due(clock=clock)
        assert server.taken[0].recipients == ["saeki@xn--8pvz87e.jp"]

    def test_without_a_mail_server_it_goes_where_the_settings_say(self, clock):
        queue()
        deliver_due(clock=clock)
        [message] = django_mail.outbox
        assert (message.to, message.body) == ([ADDRESS], TEXT)
        assert OutgoingMail.objects.get().state == "sent"


@pytest.mark.django_db
class TestRefused:
    @pytest.mark.parametrize(
        ("answer", "error", "english"),
        [
            (
                "550 5.1.1 <saeki@takasaki.example.jp>: Recipient address rejected: User unknown", "unknown_address",
                "The recipient's mail server answered that there is no address saeki@takasaki.example.jp. "
                "Check the address.",
            ),
            ("550 No such user here", "unknown_address", "answered that there is no address saeki@"),
            ("552 5.2.2 Over quota", "mailbox_full", "the mailbox of saeki@takasaki.example.jp is full"),
            ("554 5.7.1 Service unavailable; client blocked", "address_refused", "does not take e-mail for saeki@"),
        ],
    )  # fmt: skip
    def test_an_address_that_is_not_taken_is_not_tried_again(self, server, clock, told, answer, error, english):
        server.to_recipients = {ADDRESS: answer}
        queue(cc=["cc@takasaki.example.jp"], attachment=("q.pdf", b"%PDF"))
        deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert (row.state, row.error, row.attempts, row.error_address) == ("failed", error, 1, ADDRESS)
        assert row.error_answer == answer
        assert (row.sealed_text, row.attachment) == (None, None)
        with translation.override("en"):
            assert english in row.explain_error()
        assert server.taken == []
        assert not server.has_content  # nobody got a copy of what the other did not get
        assert told == [("thing:1", "failed", error)]
        clock.go(days=1)
        assert deliver_due(clock=clock) == 0

    def test_a_refused_copy_stops_the_whole_and_is_named(self, server, clock):
        server.to_recipients = {"cc@takasaki.example.jp": "550 5.1.1 unknown"}
        queue(cc=["cc@takasaki.example.jp"])
        deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert row.explain_error() == (
            "送信先のメールサーバーが cc@takasaki.example.jp という宛先はないと回答しました。"
            "アドレスを確認してください。"
        )
        assert server.taken == []

    def test_what_is_asked_to_come_later_comes_later(self, server, clock, told):
        server.to_recipients = {ADDRESS: "451 4.7.1 Greylisted, try again"}
        queue()
        waits = []
        for _ in range(5):
            assert deliver_due(clock=clock) == 1
            row = OutgoingMail.objects.get()
            assert (row.state, row.error) == ("queued", "try_later")
            waits.append(row.next_attempt_at - clock.now)
            clock.go(seconds=-1)
            assert deliver_due(clock=clock) == 0
            clock.now = row.next_attempt_at
        assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
        assert told == []
        server.to_recipients = {}
        deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert (row.state, row.error, row.attempts, len(server.taken)) == ("sent", "", 6, 1)
        assert told == [("thing:1", "sent", "")]

    def test_after_six_attempts_it_is_given_up_and_can_be_tried_again(self, server, clock, told):
        server.to_content = ["451 4.3.0 busy"] * 6
        queue()
        for _ in range(6):
            assert deliver_due(clock=clock) == 1
            clock.go(hours=7)
        row = OutgoingMail.objects.get()
        assert (row.state, row.error, row.attempts, told) == (
            "failed", "try_later", 6, [("thing:1", "failed", "try_later")]
        )  # fmt: skip
        assert try_again(mail=row, now=clock.now)
        deliver_due(clock=clock)
        assert OutgoingMail.objects.get().state == "sent"
        assert len(server.taken) == 1
        assert not try_again(mail=row, now=clock.now)

    def test_the_text_of_what_was_given_up_is_kept_for_seven_days(self, server, clock):
        server.to_sender = "550 5.7.1 Sender not allowed"
        queue()
        for _ in range(6):
            deliver_due(clock=clock)
            clock.go(hours=7)
        row = OutgoingMail.objects.get()
        assert (row.state, row.error) == ("failed", "sender_refused")
        assert forget_texts(now=row.settled_at + timedelta(days=7, seconds=-1)) == 0
        assert forget_texts(now=row.settled_at + timedelta(days=7)) == 1
        assert OutgoingMail.objects.get().sealed_text is None
        assert not try_again(mail=row, now=clock.now)

    def test_a_content_that_is_refused_is_not_tried_again(self, server, clock):
        server.to_content = ["554 5.6.0 Message content rejected"]
        queue()
        deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert (row.state, row.error) == ("failed", "content_refused")

    def test_no_mail_server(self, server, clock, settings):
        with socket.socket() as nobody_listens:
            nobody_listens.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = nobody_listens.getsockname()[1]
            queue()
            deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert (row.state, row.error, row.error_answer) == ("queued", "no_connection", "connection refused")
        assert row.next_attempt_at == NOW + timedelta(minutes=1)
        assert row.handing_over_at is None

    def test_a_log_in_that_is_refused_tells_no_secret(self, server, clock, settings, caplog):
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "the-password"
        queue()
        deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert (row.state, row.error, row.error_answer) == ("queued", "log_in_refused", "")
        assert "the-password" not in caplog.text


@pytest.mark.django_db
class TestNobodyKnows:
    def test_a_connection_that_breaks_while_the_text_is_handed_over(self, server, clock, told):
        server.to_content = ["break"]
        queue()
        deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert (row.state, row.error, row.sealed_text) == ("failed", "unclear", None)
        assert told == [("thing:1", "failed", "unclear")]
        clock.go(days=1)
        assert deliver_due(clock=clock) == 0

    def test_a_worker_that_died_before_handing_over_has_sent_nothing(self, clock, told):
        mail = queue()
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state="sending", leased_by="dead", leased_until=NOW + timedelta(minutes=5), attempts=1
        )
        assert deliver_due(clock=clock) == 0
        clock.go(minutes=5)
        assert deliver_due(clock=clock) == 1
        row = OutgoingMail.objects.get()
        assert (row.state, row.attempts, len(django_mail.outbox)) == ("sent", 2, 1)

    def test_a_worker_that_died_while_handing_over_leaves_it_to_a_person(self, clock, told):
        mail = queue()
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state="sending", leased_by="dead", leased_until=NOW, attempts=1, handing_over_at=NOW
        )
        assert settle_lost(now=NOW) == 1
        assert settle_lost(now=NOW) == 0
        assert deliver_due(clock=clock) == 0
        row = OutgoingMail.objects.get()
        assert (row.state, row.error, django_mail.outbox) == ("failed", "unclear", [])
        assert told == [("thing:1", "failed", "unclear")]

    def test_a_worker_that_was_only_slow_sends_nothing_after_its_lease(self, server, clock):
        mail = queue()

        def is_wanted(found):
            clock.go(minutes=6)
            return True

        operations.watch_mail(kind="slow", is_wanted=is_wanted)
        OutgoingMail.objects.filter(pk=mail.pk).update(about="slow:1")
        assert deliver(mail=mail, clock=clock).state == "sending"
        assert server.taken == []
        operations._kinds.pop("slow")
        deliver_due(clock=clock)
        assert len(server.taken) == 1

    def test_two_workers_do_not_send_the_same(self, server, clock):
        mail = queue()
        deliver(mail=mail, clock=clock)
        assert deliver(mail=mail, clock=clock).state == "sent"
        assert len(server.taken) == 1


@pytest.mark.django_db
class TestLater:
    def test_what_is_not_wanted_any_more_is_not_sent(self, clock, monkeypatch):
        monkeypatch.setattr(operations, "_kinds", {})
        operations.watch_mail(kind="thing", is_wanted=lambda mail: False)
        queue()
        deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert (row.state, row.sealed_text, django_mail.outbox) == ("cancelled", None, [])

    def test_what_waits_can_be_cancelled(self, clock):
        mail = queue()
        assert cancel_mail(mail=mail, now=NOW)
        assert not cancel_mail(mail=mail, now=NOW)
        assert deliver_due(clock=clock) == 0

    def test_what_came_back_is_noted_once(self, clock, told):
        mail = queue()
        assert not record_failure(mail=mail, error="bounced", now=NOW)
        deliver_due(clock=clock)
        for expected in (True, False):
            assert record_failure(mail=mail, error="bounced", address=ADDRESS, answer="5.1.1", now=NOW) is expected
        assert told == [("thing:1", "sent", ""), ("thing:1", "failed", "bounced")]

    def test_a_changed_secret_key_is_said(self, clock, settings):
        queue()
        settings.SECRET_KEY = "another"
        deliver_due(clock=clock)
        assert OutgoingMail.objects.get().error == "unreadable"

    def test_an_old_secret_key_still_opens_what_waits(self, clock, settings):
        queue()
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
        deliver_due(clock=clock)
        assert OutgoingMail.objects.get().state == "sent"

    def test_an_app_that_fails_to_hear_does_not_undo_what_happened(self, clock, monkeypatch, caplog):
        monkeypatch.setattr(operations, "_kinds", {})
        operations.watch_mail(kind="thing", settled=lambda mail, now: 1 / 0)
        queue()
        deliver_due(clock=clock)
        assert OutgoingMail.objects.get().state == "sent"
        assert "was not told of its outcome: ZeroDivisionError" in caplog.text

    def test_the_log_names_nobody(self, server, clock, caplog):
        caplog.set_level(logging.DEBUG)
        server.to_recipients = {"wrong@takasaki.example.jp": "550 5.1.1 <wrong@takasaki.example.jp> unknown"}
        queue(to_name="佐伯 美和")
        queue(key="k2", to="wrong@takasaki.example.jp")
        deliver_due(clock=clock)
        portal = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("licensing"))
        assert "was handed over" in portal
        assert "unknown_address" in portal
        for personal in ("takasaki", "佐伯", "見積", "secret-token"):
            assert personal not in portal


def test_the_source_can_be_read_without_a_mail_server(settings, tmp_path, db, clock):
    """In development each e-mail is a file, in plain UTF-8."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    queue()
    deliver_due(clock=clock)
    [file] = tmp_path.iterdir()
    assert TEXT in file.read_text("utf-8")
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "見積のご送付"
