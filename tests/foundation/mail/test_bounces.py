"""Notices of e-mail that was not delivered after all, as mail servers write them."""

import io
import sys
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import translation

from foundation.mail.models import MailNotice, OutgoingMail
from foundation.mail.operations.bounces import NotABounce, record_bounce
from foundation.mail.operations.queue import deliver_due
from tests.cast import NOW
from tests.foundation.mail.posting import ADDRESS, queue

SERVER = "mx.takasaki.example.jp"


def notice(
    mail,
    *,
    to="portal@portal.example.jp",
    action="failed",
    status="5.1.1",
    answer="550 5.1.1 <saeki@takasaki.example.jp>... User unknown",
    address=ADDRESS,
    original=True,
):
    """A notice as a mail server sends it: for people, for programs, and what comes back."""
    back = (
        f"Content-Type: text/rfc822-headers\r\n\r\nSubject: quote\r\nMessage-ID: {mail.message_id}\r\n"
        if original
        else ""
    )
    return "\r\n".join(
        [
            f"From: MAILER-DAEMON@{SERVER}",
            f"To: {to}",
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=_cut"',
            "",
            "--=_cut",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "Your message could not be delivered.",
            "",
            "--=_cut",
            "Content-Type: message/delivery-status",
            "",
            f"Reporting-MTA: dns; {SERVER}",
            "Arrival-Date: Fri, 15 Jan 2027 10:00:05 +0900",
            "",
            f"Final-Recipient: rfc822; {address}",
            f"Action: {action}",
            f"Status: {status}",
            f"Remote-MTA: dns; {SERVER}",
            f"Diagnostic-Code: smtp; {answer}",
            "",
            "--=_cut",
            back,
            "--=_cut--",
            "",
        ]
    ).encode()


@pytest.fixture
def sent(db, told, clock):
    mail = queue(cc=["cc@takasaki.example.jp"])
    deliver_due(clock=clock)
    told.clear()
    mail.refresh_from_db()
    return mail


def test_it_is_found_by_the_message_that_comes_back(sent, told):
    record_bounce(source=notice(sent), now=NOW)
    row = OutgoingMail.objects.get()
    assert (row.state, row.error, row.error_address, row.sent_at) == ("failed", "unknown_address", ADDRESS, NOW)
    assert row.error_answer == "5.1.1 550 5.1.1 <saeki@takasaki.example.jp>... User unknown"
    assert told == [("thing:1", "failed", "unknown_address")]


def test_it_is_found_by_the_address_it_came_to(sent, told, settings):
    settings.BOUNCE_ADDRESS = "bounce@portal.example.jp"
    code = sent.message_id[1:33]
    source = notice(sent, to=f"<bounce+{code}@portal.example.jp>", original=False)
    assert record_bounce(source=source, now=NOW) == sent
    assert len(told) == 1


def test_the_mail_server_may_say_the_address(sent):
    source = notice(sent, to="undisclosed-recipients:;", original=False)
    with pytest.raises(NotABounce):
        record_bounce(source=source, now=NOW)
    assert record_bounce(source=source, recipient=f"bounce+{sent.message_id[1:33]}@x.jp", now=NOW).state == "failed"


def test_a_notice_that_comes_twice_is_noted_once(sent, told):
    for _ in range(2):
        record_bounce(source=notice(sent), now=NOW)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("changes", "error", "english"),
    [
        ({"status": "5.2.2", "answer": "552 5.2.2 mailbox full"}, "mailbox_full", "the mailbox of saeki@"),
        (
            {"status": "5.4.4", "answer": "no route"},
            "bounced",
            "it could not be delivered to saeki@takasaki.example.jp",
        ),
        ({"address": "cc@takasaki.example.jp"}, "unknown_address", "there is no address cc@takasaki.example.jp"),
        ({"address": "else@example.com"}, "unknown_address", "there is no address saeki@takasaki.example.jp"),
    ],
)
def test_what_it_says(sent, changes, error, english):
    mail = record_bounce(source=notice(sent, **changes), now=NOW)
    assert mail.error == error
    with translation.override("en"):
        assert english in mail.explain_error()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "the notice tells of no failure"),
        (b"From: a@example.jp\r\nSubject: Re: quote\r\n\r\nThank you.\r\n", "the notice tells of no failure"),
        (b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\xff",
         "the notice tells of no failure"),
    ],
)  # fmt: skip
def test_what_is_no_notice_changes_nothing(sent, told, source, reason):
    with pytest.raises(NotABounce, match=reason):
        record_bounce(source=source, now=NOW)
    assert OutgoingMail.objects.get().state == "sent"
    assert told == []


def test_a_delay_is_no_failure(sent):
    with pytest.raises(NotABounce, match="no failure"):
        record_bounce(source=notice(sent, action="delayed", status="4.4.1"), now=NOW)


def test_a_notice_about_somebody_elses_e_mail_changes_nothing(sent):
    other = SimpleNamespace(message_id="<0@elsewhere.example.jp>")
    with pytest.raises(NotABounce, match="no e-mail of this portal"):
        record_bounce(source=notice(other), now=NOW)
    assert OutgoingMail.objects.get().state == "sent"


def test_the_command_reads_what_the_mail_server_pipes(sent, monkeypatch, capsys):
    def pipe(source):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(source)))
        call_command("record_bounce")
        return capsys.readouterr().out

    assert pipe(b"From: nobody@example.jp\r\n\r\n") == "Nothing noted: the notice tells of no failure.\n"
    kept = pipe(b"Subject: holiday\r\nIn-Reply-To: " + sent.message_id.encode() + b"\r\n\r\nBack on Monday.\r\n")
    notice_of_it = MailNotice.objects.get()
    assert kept == f"Kept as answer {notice_of_it.pk} to e-mail {sent.pk}: the notice tells of no failure.\n"
    assert pipe(notice(sent)) == f"E-mail {sent.pk}: unknown_address.\n"
    assert OutgoingMail.objects.get().state == "failed"
