"""Outgoing e-mail that is not taken, or of which nobody knows: what is tried again, what is given up, what is said."""

import socket
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.utils import translation

from foundation.mail.models import OutgoingMail
from foundation.mail.operations import queue as operations
from foundation.mail.operations.queue import deliver, deliver_due, forget_texts, settle_lost, try_again
from tests.cast import NOW
from tests.foundation.mail.posting import ADDRESS, queue


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
