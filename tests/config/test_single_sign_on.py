"""Single sign-on, against a provider that runs beside the tests and is asked over HTTP like a real one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from config.sessions import SECOND_FACTOR
from licensing.models import User
from tests.accounts import is_in, log_in, set_up_app
from tests.cast import Cast, make_cast
from tests.html import tight

REFUSED = (
    "You could not be logged in this way: there is no active account here with an e-mail address that the sign-on "
    "service has confirmed as yours. Ask your portal admin."
)
LOGIN = "/accounts/sso/login/"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a sign-on service."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    environment = os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as service:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                requests.get(f"{url}/.well-known/openid-configuration", timeout=5)
                break
            except requests.ConnectionError:
                assert service.poll() is None, "The provider did not start."
                time.sleep(0.1)
        yield url
        service.terminate()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def configure(settings, issuer: str) -> None:
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "licensing.User"}]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": "青葉グループ認証",
                    "client_id": "portal",
                    "secret": "secret",
                    "settings": {"server_url": issuer},
                }
            ],
        }
    }


SignOn = Callable[..., Client]


@pytest.fixture
def sign_on(settings, issuer: str) -> SignOn:
    """Log in at the service as somebody about whom it says this, and come back to the portal."""
    configure(settings, issuer)

    def go(subject: str, *, client: Client | None = None, after: str = "", **claims: object) -> Client:
        requests.put(f"{issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()
        client = client or Client(headers={"accept-language": "en"})
        away = client.get(LOGIN, {"next": after} if after else {})["Location"]
        asked = parse_qs(urlsplit(away).query)
        assert asked["redirect_uri"] == ["http://testserver/accounts/sso/login/callback/"]
        assert asked["code_challenge_method"] == ["S256"]
        assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]
        back = requests.post(away, data={"sub": subject}, allow_redirects=False, timeout=10).headers["Location"]
        client.answer = client.get(back.removeprefix("http://testserver"))
        return client

    return go


def test_without_a_service_there_is_no_button_and_no_address(cast, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    visitor = Client(headers={"accept-language": "en"})
    assert "sso" not in visitor.get("/accounts/login/").text
    for address in (LOGIN, f"{LOGIN}callback/?state=x&code=y"):
        assert visitor.get(address).status_code == 404
        assert visitor.post(address).status_code == 404


def test_the_button_leads_to_the_service_and_keeps_where_one_wanted_to_go(cast, sign_on):
    page = Client(headers={"accept-language": "en"}).get("/accounts/login/?next=/customers/%3Fq%3Dx")
    assert f'href="{LOGIN}?next=/customers/%3Fq%3Dx">Log in with 青葉グループ認証</a>' in tight(page.text)
    desk = sign_on("1", after="/customers/?q=x", email="Aoki@Aoba.example.jp", email_verified=True)
    assert desk.answer["Location"] == "/customers/?q=x"
    assert "青木 陽子" in desk.get("/").text


def test_nothing_is_stored_or_linked_and_the_password_stays(cast, sign_on):
    sign_on("1", email=cast.staff.email, email_verified=True)
    assert (SocialAccount.objects.count(), SocialToken.objects.count()) == (0, 0)
    assert is_in(log_in(cast.staff))
    User.objects.filter(pk=cast.staff.pk).update(email="elsewhere@aoba.example.jp")
    assert not is_in(sign_on("1", email=cast.staff.email, email_verified=True))


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@aoba.example.jp", "email_verified": True},
        {"email": "aoki@aoba.example.jp", "email_verified": False},
        {"email": "aoki@aoba.example.jp"},
        {"email": "aoki@aoba.example.jp", "email_verified": "false"},
        {"email": "hayami@aoba.example.jp", "email_verified": True},
        {},
    ],
    ids=["unknown", "unverified", "not said", "said in words", "deactivated", "no address"],
)
def test_everybody_else_hears_the_same(cast, sign_on, claims):
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    before = User.objects.count()
    visitor = sign_on("2", **claims)
    assert visitor.answer["Location"] == "/accounts/login/"
    assert unescape(REFUSED) in unescape(visitor.get("/accounts/login/").text)
    assert not is_in(visitor)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_accounts_are_never_linked(cast, sign_on):
    desk = log_in(cast.staff)
    assert desk.get(f"{LOGIN}?process=connect").status_code == 404
    assert desk.get("/accounts/sso/").status_code == 404
    assert desk.get("/accounts/sso/signup/").status_code == 404


def test_an_answer_that_nobody_asked_for_is_refused(cast, sign_on):
    sign_on("1", email=cast.staff.email, email_verified=True)
    visitor = Client(headers={"accept-language": "en"})
    page = visitor.get(f"{LOGIN}callback/?state=made-up&code=x")
    assert "The sign-on service did not let you in" in page.text
    assert not is_in(visitor)
    asked = parse_qs(urlsplit(visitor.get(LOGIN)["Location"]).query)["state"][0]
    cancelled = visitor.get(f"{LOGIN}callback/?state={asked}&error=access_denied", follow=True)
    assert "You did not log in at the sign-on service." in cancelled.text


def test_a_service_that_is_down_says_so(cast, settings):
    configure(settings, "http://127.0.0.1:9")
    page = Client(headers={"accept-language": "en"}).get(LOGIN)
    assert page.status_code == 502
    assert "The sign-on service did not let you in" in page.text


@pytest.mark.parametrize("counts", [False, True])
def test_whether_it_stands_for_a_second_factor_is_a_setting(cast, sign_on, settings, counts):
    settings.REQUIRE_ADMIN_MFA = True
    settings.OIDC_IS_SECOND_FACTOR = counts
    office = sign_on("3", email=cast.admin.email, email_verified=True)
    assert office.answer["Location"] == "/"
    assert is_in(office) is counts
    if not counts:
        assert office.get("/admin/")["Location"] == "/accounts/security/"
    assert not is_in(log_in(cast.admin))


def test_whoever_set_up_a_second_factor_is_asked_for_it(cast, sign_on):
    set_up_app(log_in(cast.staff))
    desk = sign_on("1", email=cast.staff.email, email_verified=True)
    assert desk.answer["Location"] == "/accounts/security/code/"
    assert not is_in(desk)
    assert SECOND_FACTOR not in desk.session
