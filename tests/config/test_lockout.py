"""Guessing is slowed down, for all processes together; and nobody learns which addresses have an account."""

import os
import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as portal
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory

from licensing.adapters import MFAAdapter
from licensing.views import is_too_often
from tests.accounts import alerts_on, is_in, log_in
from tests.cast import PASSWORD, Cast, make_cast
from tests.mailbox import arrived

TOO_MANY = "Too many attempts. Wait a few minutes, then try again."
NOT_TOGETHER = "This e-mail address and this password do not belong together. Try again."
LIKE_PRODUCTION = {
    "default": {
        "BACKEND": "foundation.attempts.AttemptsCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}


@pytest.fixture
def cast(db: None, settings) -> Cast:
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "licensing.User"}]
    return make_cast()


def attempt(client: Client, email: str, password: str = "wrong") -> list[str]:
    return alerts_on(client.post("/accounts/login/", {"login": email, "password": password}))


def visitor(**more: str) -> Client:
    return Client(headers={"accept-language": "en"}, **more)


def test_an_account_is_locked_after_five_failures_and_no_other(cast):
    client = visitor()
    assert [attempt(client, cast.staff.email) for _ in range(5)] == [[NOT_TOGETHER]] * 5
    assert attempt(client, cast.staff.email, PASSWORD) == [TOO_MANY]
    assert attempt(visitor(REMOTE_ADDR="192.0.2.9"), cast.staff.email.upper(), PASSWORD) == [TOO_MANY]
    assert is_in(log_in(cast.colleague, client=visitor()))
    assert is_in(log_in(cast.stranger, client=visitor(REMOTE_ADDR="192.0.2.9")))
    cache.clear()  # the minutes have passed
    assert is_in(log_in(cast.staff))


def test_one_address_cannot_try_many_accounts(cast):
    client = visitor()
    for number in range(20):
        assert attempt(client, f"x{number}@aoba.example.jp") == [NOT_TOGETHER]
    assert attempt(client, "x20@aoba.example.jp") == [TOO_MANY]
    assert not is_in(log_in(cast.staff, client=client))
    assert is_in(log_in(cast.staff, client=visitor(REMOTE_ADDR="192.0.2.9")))
    for _ in range(10):
        answer = client.post("/accounts/login/", {"login": "y@aoba.example.jp", "password": "wrong"})
    assert answer.status_code == 429
    assert TOO_MANY in answer.text


def test_codes_cannot_be_guessed(cast):
    for user in (cast.staff, cast.colleague):
        Authenticator.objects.create(user=user, type="totp", data={"secret": MFAAdapter().encrypt("A" * 32)})
    client = log_in(cast.staff)
    said = [alerts_on(client.post("/accounts/security/code/", {"code": f"{n:06}"})) for n in range(6)]
    assert said[5] == [TOO_MANY]
    assert TOO_MANY not in said[4]
    again = log_in(cast.staff, client=visitor(REMOTE_ADDR="192.0.2.9"))
    assert alerts_on(again.post("/accounts/security/code/", {"code": "000000"})) == [TOO_MANY]
    other = log_in(cast.colleague)
    assert alerts_on(other.post("/accounts/security/code/", {"code": "12"})) != [TOO_MANY]


def test_confirming_with_the_password_is_counted_like_logging_in(cast):
    desk = log_in(cast.staff)
    said = [alerts_on(desk.post("/accounts/reauthenticate/", {"password": "wrong"})) for _ in range(6)]
    assert said[4:] == [["This is not your password. Type it again."], [TOO_MANY]]
    assert attempt(visitor(), cast.staff.email, PASSWORD) == [TOO_MANY]


def test_mail_about_passwords_cannot_flood_anybody(cast):
    client = visitor()
    answers = [client.post("/accounts/password/reset/", {"email": cast.staff.email}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert len(arrived()) == 5


class CountingHasher(MD5PasswordHasher):
    """How often a password was hashed is how long the answer takes."""

    counted = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).counted += 1
        return super().encode(password, salt)


def test_the_answer_and_the_work_are_the_same_with_and_without_an_account(cast, settings):
    settings.PASSWORD_HASHERS = ["tests.config.test_lockout.CountingHasher"]
    type(cast.staff).objects.filter(pk=cast.colleague.pk).update(is_active=False)
    cast.contact.set_unusable_password()
    cast.contact.save()
    pages = []
    for email in (cast.staff.email, "nobody@aoba.example.jp", cast.colleague.email, cast.contact.email):
        before = CountingHasher.counted
        page = visitor().post("/accounts/login/", {"login": email, "password": "wrong"})
        assert CountingHasher.counted - before == 1, email
        assert page.status_code == 200
        pages.append(
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page.text).replace(email, "")
        )
    assert len(set(pages)) == 1
    resets = []
    for email in (cast.staff.email, "nobody@aoba.example.jp", cast.colleague.email, cast.contact.email):
        answer = visitor().post("/accounts/password/reset/", {"email": email})
        resets.append((answer.status_code, answer["Location"]))
    assert set(resets) == {(302, "/accounts/password/reset/done/")}
    assert len(arrived()) == 4  # one each: sending takes as long


def test_an_endless_password_is_not_hashed(cast, settings):
    settings.PASSWORD_HASHERS = ["tests.config.test_lockout.CountingHasher"]
    before = CountingHasher.counted
    said = attempt(visitor(), cast.staff.email, "x" * 1_000_000)
    assert said == ["This password is too long. It may have at most 128 characters."]
    assert CountingHasher.counted == before


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short-pass", "このパスワードは短すぎます。最低 12 文字以上必要です。"),
        ("password1234", "このパスワードは一般的すぎます。"),
        ("483920175628", "このパスワードは数字しか使われていません。"),
        ("aoki@aoba.example", "このパスワードは メールアドレス と似すぎています。"),
        ("長" * 129, "パスワードが長すぎます。128文字以内にしてください。"),
    ],
)
def test_bad_new_passwords_are_refused_in_japanese(cast, password, message):
    desk = log_in(cast.staff, language="ja")
    entry = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert message in " ".join(alerts_on(desk.post("/accounts/password/change/", entry)))
    cast.staff.refresh_from_db()
    assert cast.staff.check_password(PASSWORD)


GUESS = """
import django
django.setup()
from django.conf import settings
from django.test import Client, RequestFactory
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # none collected
print(settings.CACHES)
for _ in range(3):
    page = Client(headers={"accept-language": "en"}).post(
        "/accounts/login/", {"login": "aoki@aoba.example.jp", "password": "wrong"}
    )
    print(page.status_code, "do not belong together" in page.text)
"""


@pytest.mark.django_db(transaction=True)
def test_processes_count_together(settings):
    """As in production: its settings in the other process, its cache in this one, on both databases."""
    settings.CACHES = LIKE_PRODUCTION
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "licensing.User"}]
    cast = make_cast()
    call_command("createcachetable")
    try:
        name = connection.settings_dict["NAME"]
        url = f"sqlite:///{name}"
        if connection.vendor != "sqlite":
            url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
        environment = os.environ | {
            "DATABASE_URL": url,
            "DEBUG": "False",
            "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "testserver",
            "SECURE_SSL_REDIRECT": "False",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, "-c", GUESS]
        done = subprocess.run(
            command, cwd=portal.BASE_DIR, env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stdout.splitlines() == [str(LIKE_PRODUCTION), *["200 True"] * 3]
        here = visitor()
        assert attempt(here, cast.staff.email) == attempt(here, cast.staff.email) == [NOT_TOGETHER]
        assert attempt(here, cast.staff.email, PASSWORD) == [TOO_MANY]
        assert is_in(log_in(cast.colleague))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE cache")


@pytest.mark.both_databases
def test_others_attempts_free_nobody(cast, settings):
    """340 other look-ups from as many addresses: more than Django keeps, and many more than this one is told to."""
    settings.CACHES = {"default": LIKE_PRODUCTION["default"] | {"OPTIONS": {"MAX_ENTRIES": 20}}}
    settings.CHECK_RATE = "2/10m"
    call_command("createcachetable")  # gone with the test's transaction
    locked, guessing = visitor(), visitor(REMOTE_ADDR="192.0.2.7")
    assert [attempt(locked, cast.staff.email) for _ in range(6)][5] == [TOO_MANY]
    codes = [guessing.get("/check/2222-2222-2222-2222/").status_code for _ in range(3)]
    assert codes == [404, 404, 429]
    unknown = [guessing.get("/s/unknown/").status_code for _ in range(21)]
    assert unknown[19:] == [404, 429]
    resets = [guessing.post("/accounts/password/reset/", {"email": cast.staff.email}).status_code for _ in range(6)]
    assert resets[4:] == [302, 429]

    for number in range(40):
        assert Client().get("/s/nothing/", REMOTE_ADDR=f"198.51.100.{number}").status_code == 404
    for number in range(300):  # what the page does, without drawing it
        other = RequestFactory().get("/s/nothing/", REMOTE_ADDR=f"198.51.{number // 200}.{number % 200}")
        assert not is_too_often(other, action="unknown_share_link", rate=portal.SHARE_LINK_UNKNOWN_RATE)
    assert entries() >= 340

    assert attempt(visitor(REMOTE_ADDR="192.0.2.9"), cast.staff.email, PASSWORD) == [TOO_MANY]
    assert guessing.get("/check/2222-2222-2222-2222/").status_code == 429
    assert guessing.get("/s/unknown/").status_code == 429
    assert guessing.post("/accounts/password/reset/", {"email": cast.staff.email}).status_code == 429


@pytest.mark.both_databases
def test_what_has_expired_makes_room(db, settings):
    settings.CACHES = {"default": LIKE_PRODUCTION["default"] | {"OPTIONS": {"MAX_ENTRIES": 20}}}
    call_command("createcachetable")
    for number in range(30):
        cache.set(f"over-{number}", number, -1)
        cache.set(f"kept-{number}", number, 600)
    assert [cache.get(f"kept-{number}") for number in range(30)] == list(range(30))
    assert entries() == 30


def entries() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache")
        return cursor.fetchone()[0]
