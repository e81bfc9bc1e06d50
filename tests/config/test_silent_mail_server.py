"""A mail server that takes connections and never says a word holds up nobody but the worker."""

import ast
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as portal
from django.test import Client

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due
from quotes.models import ShareLink
from tests.accounts import log_in
from tests.cast import NOW, PASSWORD, make_cast, make_license_id, sign_in
from tests.making import given_quote
from tests.quotes.test_letters import entries


@pytest.fixture
def silent(settings) -> Iterator[socket.socket]:
    """It listens, and its queue of connections is long enough for all that might come."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()[:2]
        settings.EMAIL_TIMEOUT = 1
        yield server


def connections(server: socket.socket) -> int:
    """How many came since it was asked last."""
    server.setblocking(False)
    count = 0
    try:
        while True:
            server.accept()[0].close()
            count += 1
    except BlockingIOError:
        return count


@time_machine.travel(NOW, tick=False)
def test_every_page_that_writes_to_somebody_answers_without_it(silent, db) -> None:
    cast = make_cast()
    quote = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    visitor, desk, customer = Client(), log_in(cast.staff), sign_in(cast.contact)
    invited = {"email": "new@aoba.example.jp", "name": "新 人", "role": "staff", "language": "ja"}
    began = time.perf_counter()
    answers = [
        visitor.post("/accounts/password/reset/", {"email": cast.staff.email}),
        visitor.post("/accounts/password/reset/", {"email": "nobody@aoba.example.jp"}),
        desk.post(f"/quotes/{quote.key}/send/", entries()),
        customer.post(f"/received/{quote.key}/answer/", {"answer": "order", "message": ""}),
        sign_in(cast.manager).post("/manage/people/invite/", invited),
        desk.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": "another-long-pass", "password2": "another-long-pass"},
        ),
    ]
    seconds = time.perf_counter() - began
    assert [answer.status_code for answer in answers][:4] == [302] * 4
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert ShareLink.objects.count() == 1
    assert OutgoingMail.objects.filter(state="queued").count() >= 6
    assert connections(silent) == 0, f"after {seconds:.1f} s"
    mail = OutgoingMail.objects.order_by("pk").first()
    assert mail is not None
    OutgoingMail.objects.exclude(pk=mail.pk).delete()
    deliver_due(clock=lambda: NOW)
    mail.refresh_from_db()
    assert (mail.state, mail.error, mail.attempts, connections(silent)) == ("queued", "no_connection", 1, 1)


def test_one_module_alone_talks_to_mail_servers() -> None:
    """Django's own ways of sending would do it while somebody waits for a page."""
    ways = {"get_connection", "send_mail", "send_mass_mail", "mail_admins", "mail_managers"}
    found = set()
    for room in ("config", "foundation", "licensing", "pricing", "quotes", "renewals"):
        for path in Path(portal.BASE_DIR, room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if not any(way in text for way in {*ways, "smtplib"}):
                continue
            for node in ast.walk(ast.parse(text)):
                names = {name.name for name in node.names} if isinstance(node, (ast.Import, ast.ImportFrom)) else set()
                if names & ways or any(name.startswith("smtplib") for name in names):
                    found.add(path.name)
    assert found == {"smtp.py", "mail_text.py"}  # the second is a command of the nightly script, and no page
