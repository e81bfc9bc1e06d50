"""The tests of e-mail share a mail server, a clock, and a portal admin's desk."""

import pytest
from django.test import Client

from foundation.mail.operations import queue as mail_operations
from licensing.models import User
from tests.foundation.mail.mail_server import run_mail_server
from tests.foundation.mail.posting import Clock


@pytest.fixture
def admin(db):
    return User.objects.create_user(
        email="admin@portal.example.jp", name="香坂 管理", role="admin", password="a-long-pass-phrase"
    )


@pytest.fixture
def desk(admin):
    """A browser in which a portal admin is logged in, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(admin)
    return client


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told(monkeypatch):
    """What the app hears whose e-mail it is."""
    heard = []
    monkeypatch.setattr(mail_operations, "_kinds", {})
    mail_operations.watch_mail(
        kind="thing", settled=lambda mail, now: heard.append((mail.about, mail.state, mail.error))
    )
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
