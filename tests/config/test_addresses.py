"""Which addresses there are, and what they say to somebody who is not logged in."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast, make_cast, sign_in

OPEN = {
    "/accounts/inactive/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-x/",
    "/accounts/password/reset/key/done/",
    "/healthz",
}
"""Everybody may read these."""

LEAD_BACK = {"/accounts/logout/", "/i18n/setlang/"}

CLOSED = {
    "/accounts/confirm-email/",
    "/accounts/confirm-email/x/",
    "/accounts/email/",
    "/accounts/login/code/confirm/",
    "/accounts/reauthenticate/",
    "/accounts/signup/",
}
"""allauth has these, the portal does not."""

EXAMPLES = {
    "int": "1",
    "str": "x",
    "slug": "seal",
    "path": "1",
    "uuid": "0b5d6b00-0000-4000-8000-000000000000",
    "uidb36": "1",
    "key": "x",
    "url": "x",
    "app_label": "pricing",
}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address, with an example for each argument."""
    for entry in resolver.url_patterns:
        route = str(entry.pattern).removeprefix("^").removesuffix("$")
        route = re.sub(r"<(\w+):\w+>", lambda found: EXAMPLES[found[1]], route)
        route = re.sub(r"\(\?P<(\w+)>[^)]+\)", lambda found: EXAMPLES[found[1]], route)
        if isinstance(entry, URLPattern):
            yield before + route
        else:
            yield from addresses(entry, before + route)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_what_is_open_and_what_is_closed(db: None) -> None:
    visitor = Client()
    answers = {address: visitor.get(address) for address in addresses(get_resolver())}
    assert {address for address, answer in answers.items() if answer.status_code == 404} == CLOSED
    others = {address: answer for address, answer in answers.items() if address not in CLOSED}
    led_to_log_in = {
        address
        for address, answer in others.items()
        if answer.status_code == 302 and answer["Location"].startswith(("/accounts/login/?", "/admin/login/?"))
    }
    assert len(led_to_log_in) > 80
    rest = {address: answer.status_code for address, answer in others.items() if address not in led_to_log_in}
    assert rest == dict.fromkeys(OPEN, 200) | dict.fromkeys(LEAD_BACK, 302)


@pytest.mark.parametrize("address", sorted(CLOSED))
def test_closed_is_closed_for_all(cast: Cast, address: str) -> None:
    data = {"email": "x@aoba.example.jp", "password1": "a-long-pass-phrase", "password2": "a-long-pass-phrase"}
    for user in (cast.staff, cast.contact, cast.admin):
        assert sign_in(user).get(address).status_code == 404
        assert sign_in(user).post(address, data).status_code == 404
    answer = Client().post(address, data)
    assert answer.status_code == 404
    assert type(cast.staff).objects.filter(email="x@aoba.example.jp").count() == 0
