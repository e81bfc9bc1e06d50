"""Whoever tries the portal sees its own error pages; developers see Django's."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config import urls
from licensing.models import User


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("the reason")


urlpatterns = [path("broken/", broken), *urls.urlpatterns]


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False, headers={"accept-language": "ja"})


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "own"),
    [("/nowhere/", 404, "ページが見つかりません。"), ("/broken/", 500, "こちら側でエラーが起きました。")],
)
def test_with_debug_on(visitor, settings, address, status, own):
    settings.DEBUG = True
    settings.TECHNICAL_ERROR_PAGES = False
    visitor.force_login(User.objects.create_user(email="a@example.jp", name="-", role="admin"))
    answer = visitor.get(address)
    assert answer.status_code == status
    assert own in answer.text
    assert "DEBUG" not in answer.text
    with override_settings(TECHNICAL_ERROR_PAGES=True):
        assert "DEBUG = True" in visitor.get(address).text
