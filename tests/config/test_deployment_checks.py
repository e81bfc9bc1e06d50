"""`manage.py check --deploy` refuses what would be noticed too late; a server without an address does not start."""

from typing import Any

import pytest
from django.core.checks import CheckMessage

from config.checks import check_deployment
from tests.config.test_security_settings import run_settings
from tools.check import production_environment

GOOD = {
    "PUBLIC_URL": "https://portal.example.jp",
    "ALLOWED_HOSTS": ["portal.example.jp"],
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "portal@example.jp",
}


def found(settings: Any, **changed: Any) -> list[CheckMessage]:
    for name, value in (GOOD | changed).items():
        setattr(settings, name, value)
    return check_deployment()


def test_nothing_is_said_of_good_settings(settings: Any) -> None:
    assert found(settings) == []
    assert found(settings, ALLOWED_HOSTS=[".example.jp"], DEFAULT_FROM_EMAIL="更新見積 <portal@example.jp>") == []


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"PUBLIC_URL": ""}, "config.E001", "PUBLIC_URL is not set"),
        ({"PUBLIC_URL": "http://portal.example.jp"}, "config.E001", "it must begin with https://"),
        ({"PUBLIC_URL": "portal.example.jp"}, "config.E001", "it must begin with https://"),
        ({"PUBLIC_URL": "https://127.0.0.1:8000"}, "config.E001", "customers cannot reach that"),
        ({"PUBLIC_URL": "https://[::1]"}, "config.E001", "customers cannot reach that"),
        ({"PUBLIC_URL": "https://localhost"}, "config.E001", "customers cannot reach that"),
        ({"PUBLIC_URL": "https://elsewhere.example.jp"}, "config.E001", "which ALLOWED_HOSTS does not"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, "config.E002", "EMAIL_URL names no"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "config.E002", "EMAIL_URL names no"),
        ({"DEFAULT_FROM_EMAIL": "portal@localhost"}, "config.E003", "DEFAULT_FROM_EMAIL is 'portal@localhost'"),
        ({"DEFAULT_FROM_EMAIL": "Portal <portal@server>"}, "config.E003", "DEFAULT_FROM_EMAIL is"),
        ({"ALLOWED_HOSTS": []}, "config.E004", "names no host but this machine"),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}, "config.E004", "names no host but this machine"),
        ({"ALLOWED_HOSTS": ["*"]}, "config.E004", "holds *"),
    ],
)
def test_it_is_refused(settings: Any, changed: dict[str, Any], code: str, said: str) -> None:
    messages = [message for message in found(settings, **changed) if message.id == code]
    assert len(messages) == 1
    assert said in messages[0].msg
    assert messages[0].hint
    assert messages[0].is_serious()


START_AND_CHECK = """
try:
    import config.wsgi
except Exception as error:
    print(error)
from django.core.management import call_command
call_command("check", deploy=True)
"""


def test_production_fails_without_them_and_names_all_at_once() -> None:
    """Neither does a server without an address start."""
    environment = production_environment()
    for name in ("PUBLIC_URL", "EMAIL_URL", "ALLOWED_HOSTS", "DEFAULT_FROM_EMAIL"):
        del environment[name]
    done = run_settings(environment, START_AND_CHECK)
    assert "Set the PUBLIC_URL environment variable" in done.stdout
    assert done.returncode != 0
    for code in ("config.E001", "config.E002", "config.E003", "config.E004"):
        assert code in done.stderr
