"""Outgoing e-mail: the queue, and what a real mail server gets."""

import logging
from email import message_from_bytes, policy

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from foundation.mail.models import OutgoingMail
from foundation.mail.operations import queue as operations
from foundation.mail.operations.queue import deliver_due, record_failure
from tests.cast import NOW
from tests.foundation.mail.posting import ADDRESS, TEXT, queue, shown

pytestmark = pytest.mark.both_databases


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
class TestLater:
    def test_what_is_not_wanted_any_more_is_not_sent(self, clock, monkeypatch):
        monkeypatch.setattr(operations, "_kinds", {})
        operations.watch_mail(kind="thing", is_wanted=lambda mail: False)
        queue()
        deliver_due(clock=clock)
        row = OutgoingMail.objects.get()
        assert (row.state, row.sealed_text, django_mail.outbox) == ("cancelled", None, [])

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
        portal = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("foundation"))
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


def test_without_a_mail_server_a_forgotten_password_is_no_error(admin, settings):
    """The page answers as always and asks no mail server; the worker sends when it can."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = Client().post("/accounts/password/reset/", {"email": admin.email})
    assert answer.status_code == 302
    row = OutgoingMail.objects.get()
    assert (row.to, row.state, row.attempts, row.error) == (admin.email, "queued", 0, "")
    assert b"/password/reset/key/" not in bytes(row.sealed_text)
    assert deliver_due(clock=timezone.now) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("queued", 1, "no_connection")
