"""A real worker that is killed while the mail server has its e-mail: nobody sends it again, and a person is told."""

import signal

import pytest
from django.utils import timezone

from foundation.mail.models import OutgoingMail
from tests.foundation.jobs.workers import spawn_worker, wait_until
from tests.foundation.mail.mail_server import run_mail_server
from tests.foundation.mail.posting import queue

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_sends_nothing_twice(monkeypatch):
    first = queue(now=timezone.now(), about="")
    with run_mail_server(seconds=60) as server:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{server.port}")
        worker = spawn_worker()
        try:
            wait_until(lambda: server.has_content)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        row = OutgoingMail.objects.get()
        assert (row.state, row.attempts, row.handing_over_at is not None) == ("sending", 1, True)
        server.seconds, server.has_content = 0, False
        OutgoingMail.objects.update(leased_until=timezone.now())  # the lease ends
        second = queue(key="k2", now=timezone.now(), about="")
        worker = spawn_worker()
        try:
            wait_until(lambda: OutgoingMail.objects.get(pk=second.pk).is_settled)
        finally:
            worker.terminate()
            worker.wait()
        assert OutgoingMail.objects.get(pk=second.pk).state == "sent"
        row = OutgoingMail.objects.get(pk=first.pk)
        assert (row.state, row.error, row.sealed_text) == ("failed", "unclear", None)
        assert [taken.message["Message-ID"] for taken in server.taken] == [second.message_id]
