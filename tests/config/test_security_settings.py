"""Production's settings; what breaks tells nothing; nothing secret is kept in the repository."""

import json
import os
import re
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from tests.cast import make_cast, sign_in
from tests.test_project import ROOT, lines_that_match
from tools.check import production_environment

ASK = """
import json, django
from django.conf import settings
django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
names = json.loads(%r)
print(json.dumps({name: getattr(settings, name) for name in names}))
"""
EXPECTED = {
    "DEBUG": False,
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "X_FRAME_OPTIONS": "DENY",
    "ALLOWED_HOSTS": ["portal.example.jp"],
    "USE_X_FORWARDED_HOST": False,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
}
HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]


def run_settings(environment: dict[str, str], code: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean | settings | environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_production_is_set_up_safely() -> None:
    """`check --deploy` has nothing to say, and what it does not look at is right as well."""
    names = [*EXPECTED, "PASSWORD_HASHERS", "AUTH_PASSWORD_VALIDATORS", "CACHES"]
    done = run_settings(production_environment(), ASK % json.dumps(names))
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("PASSWORD_HASHERS") == HASHERS
    cache = found.pop("CACHES")["default"]["BACKEND"]
    assert cache == "foundation.attempts.AttemptsCache", "attempts are counted for all processes, and kept"
    assert {"min_length": 12} in [validator.get("OPTIONS") for validator in found.pop("AUTH_PASSWORD_VALIDATORS")]
    assert found == EXPECTED


def test_without_a_key_production_does_not_start() -> None:
    environment = {name: value for name, value in production_environment().items() if name != "SECRET_KEY"}
    done = run_settings(environment, "from django.conf import settings; settings.DEBUG")
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr.splitlines()[-1]


def test_nothing_secret_is_kept_here() -> None:
    shapes = (
        r"-----BEGIN [A-Z ]*PRIVATE KEY",
        r"\bAKIA[0-9A-Z]{16}\b",
        r"\bgh[pousr]_[A-Za-z0-9]{30,}",
        r"\bxox[abps]-\w{10,}",
        r"\beyJ[\w-]{20,}\.eyJ",
        r"(?i:secret|api|private)_?(?i:key)\s*[:=]\s*[\"'][\w+/=-]{24,}[\"']",
    )
    found = lines_that_match(re.compile("|".join(shapes)), but_not_in={"tests/config/test_security_settings.py"})
    assert [line for line in found if "development-only-not-for-production" not in line] == []
    example = (ROOT / "deploy/portal.env.example").read_text(encoding="utf-8")
    assert re.search(r"^SECRET_KEY=$", example, re.MULTILINE)


def test_a_key_is_long_and_of_ones_own(settings: Any) -> None:
    """`check --deploy` refuses a short or well-known one."""
    for key, is_refused in (
        ("short", True),
        ("django-insecure-" + secrets.token_urlsafe(60), True),
        ("x" * 60, True),
        (secrets.token_urlsafe(60), False),
    ):
        settings.SECRET_KEY = key
        said = run_checks(tags=[Tags.security], include_deployment_checks=True)
        assert ("security.W009" in {message.id for message in said}) == is_refused, key


# --- What breaks tells nothing --------------------------------------------------------------------------------------


def broken(request: HttpRequest) -> HttpResponse:
    secret = "licensing_user.password"
    raise ZeroDivisionError(f"the reason: {secret}")


urlpatterns = [path("broken/", broken), *urls.urlpatterns]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), [("/broken/", 500), ("/nowhere/", 404), ("/admin/", 302)])
def test_an_error_tells_no_detail(db: None, settings: Any, address: str, status: int) -> None:
    settings.DEBUG = False
    cast = make_cast()
    for browser in (Client(raise_request_exception=False), sign_in(cast.staff)):
        browser.raise_request_exception = False
        answer = browser.get(address)
        if answer.status_code == 302:
            continue
        assert answer.status_code == status
        for detail in (
            "the reason",
            "Traceback",
            "ZeroDivision",
            "licensing_user",
            "site-packages",
            str(ROOT),
            "Django",
        ):
            assert detail not in answer.text
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers
