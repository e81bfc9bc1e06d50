"""A null character, which PostgreSQL cannot hold, is an error nowhere."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, PASSWORD, Cast, make_cast, make_license_id, sign_in

pytestmark = pytest.mark.both_databases

QUERIES = (
    "/", "/customers/", "/quotes/", "/drafts/", "/admin/", "/admin/licensing/customer/",
    "/admin/licensing/licenseid/", "/admin/licensing/user/", "/admin/pricing/pricelist/", "/admin/quotes/quote/",
    "/admin/renewals/quotedraft/", "/admin/licensing/reseller/", "/admin/licensing/product/",
)  # fmt: skip
NAMES = ("q", "page", "within", "status", "next", "p", "o", "code", "code__exact", "x%00")


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        cast = make_cast()
        make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
        yield cast


def ask(client: Client, address: str) -> int:
    return client.get(address, follow=True).status_code


def test_in_a_query_it_is_left_out(cast: Cast) -> None:
    query = "&".join(f"{name}=LIC%00&{name}=%00" for name in NAMES)
    for client in (sign_in(cast.staff), sign_in(cast.admin), sign_in(cast.contact), Client()):
        for address in QUERIES:
            assert ask(client, f"{address}{'&' if '?' in address else '?'}{query}") in {200, 400, 403}


def test_a_search_finds_as_without_it(cast: Cast) -> None:
    assert "LIC-1001" in sign_in(cast.staff).get("/?q=LIC%00-1001").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/%00", "/license-ids/LIC-1001%00/quote/", "/license-ids/%00/quote/", "/customers/%00/", "/customers/1%00/",
        "/quotes/%00/", "/drafts/%00/", "/admin/licensing/user/%00/change/", "/admin/licensing/user/1%00/change/",
        "/accounts/password/reset/key/1-%00/", "/accounts/%00/",
    ],
)  # fmt: skip
def test_an_address_with_one_is_not_there(cast: Cast, address: str) -> None:
    for client in (sign_in(cast.staff), sign_in(cast.admin), Client()):
        assert client.get(address).status_code == client.post(address).status_code == 404
    assert "ページが見つかりません" in Client(headers={"accept-language": "ja"}).get(address).content.decode()


def test_a_cookie_with_one_is_nobodys(cast: Cast) -> None:
    """A quoted cookie may hold any character: \\000 is one."""
    for cookies in (r'sessionid="abcdefghijkl\000"', r'csrftoken="\000"', r'django_language="j\000a"', r'x="\000"'):
        client = Client(headers={"cookie": cookies})
        assert client.get("/").status_code == 302
        assert client.get("/accounts/login/").status_code == 200


def test_a_password_with_one_is_refused_with_words(cast: Cast) -> None:
    fields = {"login": cast.staff.email, "password": f"{PASSWORD}\0"}
    response = Client(headers={"accept-language": "en"}).post("/accounts/login/", fields)
    assert response.status_code == 200
    assert "Null characters are not allowed." in response.content.decode()


@pytest.mark.parametrize(
    ("address", "fields", "leads"),
    [
        ("/accounts/login/", {"login": "aoki@aoba.example.jp\0", "password": PASSWORD}, "/"),
        ("/accounts/password/reset/", {"email": "aoki@aoba.example.jp\0"}, "/accounts/password/reset/done/"),
    ],
)
def test_an_address_is_read_without_it(cast: Cast, address: str, fields: dict[str, Any], leads: str) -> None:
    """As every character that nobody sees: it came along with copying."""
    response = Client().post(address, fields)
    assert (response.status_code, response["Location"]) == (302, leads)


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/accounts/login/", {"login": "a", "password": "b", "next": "/\0"}),
        ("/accounts/login/?next=/%00", {"login": "aoki@aoba.example.jp", "password": PASSWORD}),
        ("/i18n/setlang/", {"language": "j\0a", "next": "/\0"}),
        ("/admin/login/", {"username": "a\0", "password": "b\0"}),
    ],
)
def test_other_forms_bear_it(cast: Cast, address: str, fields: dict[str, Any]) -> None:
    for client in (sign_in(cast.staff), Client()):
        assert client.post(address, fields, follow=True).status_code in {200, 403, 404}
