"""The administration's tests share a portal admin's desk, a reseller and a product; those of e-mail a mail server."""

from datetime import date

import pytest
import zeal
from django.test import Client

from licensing.models import Product, Programme, Reseller, User
from licensing.operations import mail as mail_operations
from tests.licensing.mail_server import run_mail_server
from tests.licensing.posting import Clock

EXPIRY = date(2027, 3, 31)
PASSWORD = "a-long-pass-phrase"
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def admin(db):
    return User.objects.create_user(email="admin@portal.example.jp", name="香坂 管理", role="admin", password=PASSWORD)


@pytest.fixture
def desk(admin):
    """A browser in which the portal admin is logged in, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(admin)
    return client


@pytest.fixture
def _user_read_twice():
    """A user's page reads two users one by one: who looks, and who is looked at; a new password renews the session."""
    with zeal.zeal_ignore([{"model": "licensing.User", "field": "get()"}, {"model": "sessions.Session", "field": "*"}]):
        yield


@pytest.fixture
def reseller(db):
    return Reseller.objects.create(code="aoba", name="青葉見本システム株式会社")


@pytest.fixture
def product(db):
    programme = Programme.objects.create(code="TRSL", name="TRSL", rank_basis="largest_product")
    return Product.objects.create(code="SMP-CC", name="TRSL ウイルスバスター", programme=programme, segment="一般")


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
