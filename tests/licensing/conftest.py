"""The cast on its day; and for the administration's tests a portal admin's desk, a reseller and a product."""

from datetime import date

import pytest
import zeal
from django.test import Client

from licensing.models import Product, Programme, Reseller, User
from tests.quotes.conftest import cast, clock

__all__ = ["cast", "clock"]

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
