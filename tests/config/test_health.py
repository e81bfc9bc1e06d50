"""GET /healthz, and pages, while the database answers and while it does not."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as portal
from django.db import OperationalError, connection
from django.test import Client

from foundation.jobs.models import WorkerBeat
from foundation.jobs.operations import note_worker
from tests.cast import NOW, make_cast, sign_in

pytestmark = pytest.mark.both_databases
VERSION = portal.PORTAL_VERSION


def refuse(execute, sql, params, many, context):
    raise OperationalError("connection refused")


@pytest.mark.django_db
def test_ok_without_logging_in_and_not_cached(client):
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, f"ok\nversion {VERSION}\nworker never seen")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_it_tells_when_a_worker_was_last_seen(client):
    note_worker(name="one:1", version=VERSION, now=NOW - timedelta(days=2))
    note_worker(name="two:2", version=VERSION, now=NOW - timedelta(seconds=90))
    note_worker(name="two:2", version=VERSION, now=NOW - timedelta(seconds=7))
    with time_machine.travel(NOW, tick=False):
        assert client.get("/healthz").text == f"ok\nversion {VERSION}\nworker seen 7 s ago"
    assert list(WorkerBeat.objects.values_list("name", flat=True)) == ["two:2"]


@pytest.mark.django_db
def test_not_redirected_to_https_and_asked_by_any_name(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    settings.ALLOWED_HOSTS = ["portal.example.jp"]
    assert client.get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200
    assert client.get("/accounts/login/", headers={"host": "portal.example.jp"}).status_code == 301


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["", "no-such-session", "\x00", "own"])
def test_503_when_the_database_does_not_answer(cookie):
    browser = sign_in(make_cast().staff) if cookie == "own" else Client()
    if cookie not in ("", "own"):
        browser.cookies["sessionid"] = cookie
    with connection.execute_wrapper(refuse):
        response = browser.get("/healthz")
    assert (response.status_code, response.text) == (503, "database does not answer")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/quotes/", "/s/some-token/", "/accounts/login/?next=/quotes/"])
def test_a_page_says_so_in_words(address):
    browser = sign_in(make_cast().staff, language="ja")
    browser.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        response = browser.get(address)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "データベースが応答していません。" in response.text
    assert "refused" not in response.text
    assert browser.get(address).status_code in (200, 302, 404)


@pytest.mark.django_db
def test_the_version_is_at_the_foot_of_every_page():
    cast = make_cast()
    for address in ("/accounts/login/", "/quotes/", "/admin/"):
        browser = Client(headers={"accept-language": "en"}) if "login" in address else sign_in(cast.admin)
        assert f"Version {VERSION}" in browser.get(address).text


@pytest.mark.django_db
def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405
