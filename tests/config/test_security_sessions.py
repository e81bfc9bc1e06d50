"""Sessions: renewed at log-in, gone after it, not to be had by others; and nobody learns who has an account."""

from collections.abc import Iterator

import pytest
import zeal
from django.contrib.sessions.models import Session
from django.test import Client

from tests.cast import PASSWORD, Cast, make_cast, sign_in
from tests.mailbox import arrived

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with zeal.zeal_ignore():  # whose session it was, and whose it becomes
        yield make_cast()


def log_in(browser: Client, cast: Cast, password: str = PASSWORD) -> int:
    status: int = browser.post("/accounts/login/", {"login": cast.staff.email, "password": password}).status_code
    return status


def test_a_session_that_was_slipped_in_is_not_logged_in(cast: Cast) -> None:
    """Neither one that the portal knows, nor one that it never made."""
    attacker = Client()
    attacker.post("/accounts/login/", {"login": "x@example.jp", "password": "x"})
    session = attacker.session
    session["known"] = "yes"
    session.save()
    for key in (session.session_key, "a" * 32):
        victim = Client()
        victim.cookies["sessionid"] = key
        assert log_in(victim, cast) == 302
        assert victim.cookies["sessionid"].value != key
        thief = Client()
        thief.cookies["sessionid"] = key
        assert thief.get("/").status_code == 302


def test_the_cookie_is_for_the_browser_only(cast: Cast) -> None:
    browser = Client()
    log_in(browser, cast)
    cookie = browser.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert cookie["expires"] == ""
    assert cookie["max-age"] == ""


def test_no_address_holds_a_session(cast: Cast) -> None:
    browser = sign_in(cast.staff)
    key = browser.cookies["sessionid"].value
    assert key not in browser.get("/", follow=True).text
    assert Client().get("/", {"sessionid": key}).status_code == 302


def test_after_logging_out_the_session_is_gone(cast: Cast) -> None:
    browser = sign_in(cast.staff)
    stolen = Client()
    stolen.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert stolen.get("/").status_code == 200
    browser.post("/accounts/logout/")
    assert stolen.get("/").status_code == 302
    assert Session.objects.count() == 0


def test_nobody_learns_who_has_an_account(cast: Cast) -> None:
    """Known or not: log-in and forgotten password say the same."""
    said = []
    for email in (cast.staff.email, "nobody@aoba.example.jp"):
        browser = Client(headers={"accept-language": "en"})
        answers = [
            browser.post("/accounts/login/", {"login": email, "password": "wrong"}),
            browser.post("/accounts/password/reset/", {"email": email}, follow=True),
        ]
        said.append([(answer.status_code, without_tokens(answer.text).replace(email, "")) for answer in answers])
    assert said[0] == said[1]
    assert {recipient for sent in arrived() for recipient in sent.to} == {cast.staff.email, "nobody@aoba.example.jp"}


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf" not in line.lower())
