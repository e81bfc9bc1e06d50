"""What stands in the log of the portal."""

import logging
import re

import pytest
import zeal
from django.core.exceptions import PermissionDenied
from django.test import Client

from config.logs import Discreet, without_traceback_of_refusals
from tests.cast import PASSWORD, make_cast, make_license_id, sign_in
from tests.mailbox import arrived
from tests.making import given_quote


def record(error: Exception | None) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Forbidden: /", None, info)


def test_a_refusal_is_one_line() -> None:
    said = record(PermissionDenied("Quotes are made by reseller staff."))
    assert without_traceback_of_refusals(said)
    assert logging.Formatter("%(levelname)s %(message)s").format(said) == "WARNING Forbidden: /"


@pytest.mark.parametrize("error", [ValueError("wrong"), None])
def test_an_error_keeps_its_traceback(error: Exception | None) -> None:
    said = record(error)
    assert without_traceback_of_refusals(said)
    assert (said.exc_info is not None) == (error is not None)


def test_the_portal_logs_this_way(settings) -> None:
    console = settings.LOGGING["handlers"]["console"]
    assert console["filters"] == ["refusals", "addresses"]
    assert settings.LOGGING["filters"]["refusals"]["callback"].endswith("config.logs.without_traceback_of_refusals")


UUID = "0b5d6b00-0000-4000-8000-000000000001"
TOKEN = "vR3-kq_8ZbT1x0m5Yw2LsN7aQd9eFhJc4uGiOpXkBzE"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"Not Found: /shared/{TOKEN}/", "Not Found: /shared/[token]/"),
        (f"Gone: /shared/{TOKEN}", "Gone: /shared/[token]"),
        (f"Gone: /shared/{TOKEN}.", "Gone: /shared/[token]."),
        (f"Gone: /shared/{TOKEN}:)", "Gone: /shared/[token])"),
        (f"Not Found: /shared/{TOKEN[:30]}/", "Not Found: /shared/[token]/"),
        (f"log in: /login/?next=/s/{TOKEN}/pdf/", "log in: /login/?next=/s/[token]/pdf/"),
        (f"log in: /login/?next=%2Fs%2F{TOKEN}%2F", "log in: /login/?next=%2Fs%2F[token]%2F"),
        (f"Referer checking failed - https://x.jp/s/{TOKEN}/", "Referer checking failed - https://x.jp/s/[token]/"),
        (f"Not Found: /password/reset/key/2k-cv3x1p-{'0f' * 16}/", "Not Found: /password/reset/key/[token]/"),
        (f"Not Found: /quotes/{UUID}/pdf/", f"Not Found: /quotes/{UUID}/pdf/"),
        ("Key (email)=(aoki+x@aoba.example.jp) exists.", "Key (email)=([e-mail]) exists."),
        ("quote issued: Q2701-0001-00 reseller=1", "quote issued: Q2701-0001-00 reseller=1"),
        (
            'File "/srv/portal/renewals/issue/operations.py", line 3',
            'File "/srv/portal/renewals/issue/operations.py", line 3',
        ),
    ],
)
def test_lines_hold_neither_tokens_nor_addresses(said: str, written: str) -> None:
    line = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s", (said,), None)
    assert Discreet("%(message)s").format(line) == written


def test_a_traceback_holds_none_either() -> None:
    try:
        raise ValueError("aoki@aoba.example.jp")
    except ValueError as error:
        text = Discreet("%(message)s").format(record(error))
    assert "ValueError: [e-mail]" in text


def test_every_handler_writes_this_way(settings) -> None:
    assert settings.LOGGING["formatters"] == {
        "line": {"()": "config.logs.Discreet", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    }
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"line"}


def test_a_request_leaves_a_line_without_what_it_is_about(db, caplog) -> None:
    cast = make_cast()
    caplog.set_level(logging.INFO, logger="portal.access")
    sign_in(cast.staff).get("/quotes/", {"q": "髙﨑製作所 aoki@aoba.example.jp"})
    Client().get("/quotes/")
    Client().get(f"/accounts/password/reset/key/1-{TOKEN}/")
    Client().get(f"/nowhere/{TOKEN}/")
    said = [re.sub(r"\d+ ms", "1 ms", entry.getMessage()) for entry in caplog.records if entry.name == "portal.access"]
    assert said == [
        f"GET quotes:list 200 1 ms user={cast.staff.pk}",
        "GET quotes:list 302 1 ms user=-",
        "GET account_reset_password_from_key 200 1 ms user=-",
        "GET - 404 1 ms user=-",
    ]


@zeal.zeal_ignore([{"model": "licensing.User", "field": "get()"}])  # who asks, and whose password it is
def test_a_working_day_leaves_nothing_personal(db, caplog) -> None:
    """Logging in, failing to, forgetting a password, making a quote, searching, being refused."""
    caplog.set_level(logging.DEBUG)
    for name in ("django.db.backends", "django.template"):  # never written: DEBUG is off where there is real data
        caplog.set_level(logging.INFO, logger=name)
    cast = make_cast()
    caplog.handler.setFormatter(Discreet("%(name)s %(message)s"))
    visitor = Client(headers={"accept-language": "ja"})
    visitor.post("/accounts/login/", {"login": cast.staff.email, "password": "wrong-pass-phrase"})
    visitor.post("/accounts/login/", {"login": cast.staff.email, "password": PASSWORD})
    visitor.post("/accounts/password/reset/", {"email": cast.staff.email})
    [link] = [word for word in arrived()[0].body.split() if "/password/reset/key/" in word]
    token = link.rstrip("/").rpartition("/")[2]
    visitor.get(link)
    visitor.post(link)
    visitor.get(link.replace("/key/", "/nokey/"))
    licenseid = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    given_quote(licenseid, by=cast.staff)
    visitor.get("/", {"q": cast.customer.name})
    visitor.get("/admin/")
    log = caplog.text
    assert "Not Found: /accounts/…" in log
    people = (cast.staff, cast.contact, cast.admin)
    personal = {text for user in people for text in (user.email, user.name)} | {PASSWORD, "wrong-pass-phrase", token}
    personal |= {cast.customer.name, cast.customer.person, cast.customer.address}
    assert [text for text in personal if text in log] == []


# --- Whatever is asked for, under the portal's own settings -----------------------------------------------------------

ASK = """
import logging.config, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
token = sys.argv[1]
browser = Client(raise_request_exception=False)
READ_ONLY = (
    f"/s/{token}", f"/s/{token}/pdf/", f"/s/{token}./", f"/s/{token})/", f"/s/ {token[:20]}/", f"/s/{token}/{token}/",
    f"/{token}", f"/{token}/", f"//{token}/",
)
for address in (
    *READ_ONLY, f"/s/{token}/", f"/invitations/{token}/x", f"/accounts/password/reset/key/1-{token}/x/",
):
    browser.get(address, headers={"host": "localhost"})
    if address in READ_ONLY:
        continue
    browser.post(address, headers={"host": "localhost"})
    browser.put(address, headers={"host": "localhost"})
    browser.get(address, headers={"host": f"x/s/{token}/"})
    Client(enforce_csrf_checks=True, raise_request_exception=False).post(
        address, {}, headers={"host": "localhost", "referer": f"https://localhost/s/{token}/"}, secure=True)
"""


@pytest.mark.parametrize("debug", ["True", "False"])
def test_no_token_reaches_the_log_whole_or_mistyped(tmp_path, debug) -> None:
    """The process writes as a server does: by all handlers that Django and the portal set up."""
    from tests.config.test_security_settings import run_settings
    from tools.check import production_environment

    environment = production_environment() | {
        "DEBUG": debug,
        "TECHNICAL_ERROR_PAGES": "False",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",  # without tables: every page that asks it breaks
        "SECURE_SSL_REDIRECT": "False",
    }
    done = run_settings(environment, f"import sys; sys.argv = ['', {TOKEN!r}]" + ASK)
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout + done.stderr
    assert "Method Not Allowed: /invitations/…" in said
    assert "Internal Server Error: /…" in said
    assert "Internal Server Error: /s/<str:token>/" in said
    assert [line for line in said.splitlines() if TOKEN[:12] in line] == []
