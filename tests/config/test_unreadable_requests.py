"""What nobody can read is answered 400 with words: charsets that are none, broken bodies, rows that are not there."""

import random
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory

from pricing.asof.forms import LicenseDayForm, ProductDayForm
from pricing.lists.admin.overview import GridFilter
from quotes.archive.forms import ExportForm
from tests.access.table import read_table
from tests.access.walk import all_addresses
from tests.access.world import MISSING, World, arguments, open_world, undone
from tests.examples import MANY_TIMES
from tests.test_project import python_files

ADDRESSES = {address.name: address for address in all_addresses()}
NO_CHARSETS = [
    "rot13", "hex", "base64", "zip", "bz2", "quopri", "uu", "idna", "punycode", "undefined", "unicode_escape",
    "raw_unicode_escape", "utf-7", "utf-16", "utf-8-sig", "mbcs", "shift_jis", "nosuch", "", "\0", "é", "x" * 5000,
]  # fmt: skip
WORDS = "The portal could not read this request."
FORM = "application/x-www-form-urlencoded"
BROKEN = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"x"),
    ("multipart/form-data; boundary=" + "x" * 300, b"x"),
    ("multipart/form-data; boundary=\xe9", b"x"),
    ("multipart/form-data; boundary*=nosuch''b", b"x"),
    (FORM, b"login=" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)),
    (FORM, b"&".join(b"a=1" for _ in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))),
]  # fmt: skip
BORNE = [
    ("text/plain; title*=nosuch''x", b""),
    ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=x\r\n"
     b"Content-Transfer-Encoding: base64\r\n\r\nx\r\n--b--"),
    ("multipart/form-data; boundary=b", b""),
    ("multipart/form-data; boundary=b", b"--b\r\n\r\n--b"),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="login"; filename="\0.xlsx"'
     b"\r\nContent-Type: text/plain; charset=rot13\r\n\r\nx\r\n--b--"),
    ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name*=rot13''x; filename*=hex''z"
     b"\r\n\r\nx\r\n--b--"),
    (FORM, b"login=%ff%00&password=%ed%a0%80&%00=%00"),
    ("application/json", b'{"login": "\0"}'),
    (";;;=;", b"x"),
    ("text/plain; charset=UTF-8", b"x"),
    ('text/plain; charset="utf-8"', b"x"),
]  # fmt: skip
HEADERS = [
    {"accept-language": "\xff;q=x," * 50},
    {"accept-language": "en;q=1e999,ja;q=nan"},
    {"accept-language": "a" * 5000},
    {"accept": "text/*;q=x;charset*=a'b"},
    {"range": "bytes=9999999999999999999999-"},
    {"if-modified-since": "x"},
    {"cookie": "sessionid=\xff;a=\0;;=;csrftoken=" + "x" * 5000},
    {"cookie": "django_language=../../x; messages=x:y; sessionid=" + "a" * 32},
    {"x-forwarded-for": "x"},
    {"user-agent": "\0\xff"},
    {"referer": "http://[x"},
    {"origin": "http://[x"},
    {"hx-request": "true", "hx-current-url": "http://[x", "hx-target": "\xff"},
    {"content-encoding": "gzip"},
    {"sec-purpose": "\xff"},
]
NAMES = sorted(
    {name for path in python_files() for name in re.findall(r"GET\.get(?:list)?\(\"(\w+)\"", path.read_text())}
    | {*ExportForm.base_fields, *GridFilter.base_fields, *ProductDayForm.base_fields, *LicenseDayForm.base_fields}
    | {"kind", "only", "reseller", "text", "next", "p", "o", "e", "all", "term", "_facets", "_changelist_filters"}
    | {"_popup", "app_label", "model_name", "field_name"}
)
"""Every name that any page reads from its address."""
TEXTS = ["\0", "[", "", "-1", "9" * 30, "9" * 5000, "0001-01-01", "9999-12-31", "1e400", "\udc80", "²", "令和1年"]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), open_world() as world:
        yield world


def visitor() -> Client:
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


@pytest.mark.parametrize("charset", NO_CHARSETS, ids=range(len(NO_CHARSETS)))
def test_no_other_charset_is_taken(charset: str) -> None:
    for method in ("GET", "POST"):
        for kind in ("text/plain", FORM, "multipart/form-data; boundary=b", "application/json"):
            answer = visitor().generic(method, "/accounts/login/?next=/", b"x", f"{kind}; charset={charset}")
            assert answer.status_code == 400
            assert WORDS in answer.text


def test_it_is_noticed_while_the_request_is_made() -> None:
    """Django fails over these there, before any middleware could answer: so begun as a server begins."""
    for charset, is_unreadable in (("rot13", True), ("zip", True), ("utf-8", False)):
        environ = RequestFactory().get("/accounts/login/", {"next": "/"}).environ
        request: Any = WSGIRequest(environ | {"CONTENT_TYPE": f"text/plain; charset={charset}"})
        assert (request.is_unreadable, request.GET["next"]) == (is_unreadable, "/")


@pytest.mark.parametrize(("kind", "body"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_body_is_refused(kind: str, body: bytes) -> None:
    began = time.process_time()
    answer = visitor().generic("POST", "/accounts/login/", body, kind)
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert time.process_time() - began < 1


@pytest.mark.parametrize(("kind", "body"), BORNE, ids=range(len(BORNE)))
def test_an_odd_body_is_no_error(kind: str, body: bytes) -> None:
    assert visitor().generic("POST", "/accounts/login/", body, kind).status_code in (200, 400)


@pytest.mark.parametrize("headers", HEADERS, ids=range(len(HEADERS)))
def test_an_odd_header_is_no_error(world: World, headers: dict[str, str]) -> None:
    for role in ("anonymous", "staff A"):
        for path in ("/accounts/login/", "/", "/check/", "/s/unknown/", "/static/no.css", "/admin/"):
            answer = world.browser(role).generic("GET", path, headers=headers)
            assert answer.status_code in (200, 302, 403, 404, 429), (path, answer.status_code)


@pytest.mark.parametrize("host", ["a b", "[::1", "x" * 300, "\xff", "a\0b", "portal.example.jp:x", ","])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    assert visitor().get("/accounts/login/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("role", ["anonymous", "staff A", "portal admin"])
def test_at_every_address(world: World, role: str) -> None:
    said = {
        (address.name, method): world.browser(role).generic(method, address.path(MISSING), b"x", kind).status_code
        for address in ADDRESSES.values()
        for method, kind in (("POST", "text/plain; charset=hex"), ("GET", "text/plain; charset=rot13"))
    }
    assert {key: status for key, status in said.items() if status != 400 and key[0] != "healthz"} == {}
    assert {status for key, status in said.items() if key[0] == "healthz"} == {200, 405}  # whatever else comes


ROUNDS = 12 if MANY_TIMES > 1 else 1


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
@pytest.mark.parametrize("number_of_round", range(ROUNDS))
def test_no_query_is_an_error(world: World, number_of_round: int) -> None:
    """Every address that is read, about what there is, with every name that any page knows, each with another text.

    Every page meets every text; which names it comes with, differs from run to run.
    """
    first = random.randrange(len(TEXTS)) + number_of_round * len(TEXTS) // ROUNDS
    texts = [TEXTS[(number + first) % len(TEXTS)] for number in range(len(NAMES))]
    query = urlencode(
        [(name, text.encode("utf-8", "surrogateescape")) for name, text in zip(NAMES, texts, strict=True)]
    )
    said = {}
    for row in read_table():
        if "GET" not in row.methods:
            continue
        thing = arguments(world.things[row.kind].a) if row.kind else {}
        path = f"{ADDRESSES[row.address].path(thing)}?{query}"
        roles = ("portal admin",) if row.address.startswith("admin:") else ("manager A", "contact A", "anonymous")
        for role in roles if number_of_round == 0 else [role for role in roles if "ok" in row.cells[role]]:
            with undone():
                answer: Any = world.browser(role).get(path)
                b"".join(answer)  # a file is closed when it has been read
                said[row.address, role] = answer.status_code
    assert len(said) > 150
    assert {key: status for key, status in said.items() if status >= 500} == {}


@pytest.mark.parametrize("many", ["1000000", "9" * 5000, "2000"])
def test_rows_that_are_not_there_are_refused_at_once(world: World, many: str) -> None:
    """As many empty forms as the number says would be made; a browser sends fields of each."""
    office = world.browser("portal admin")
    tables = world.draft_prices.tables.get()
    for url, name in (
        (f"/admin/pricing/pricetable/{tables.pk}/change/", "ranks"),
        (f"/admin/licensing/licenseid/{world.license_ids.a.pk}/change/", "holdings"),
        ("/admin/pricing/goldencase/add/", "holding"),
        (f"/license-ids/{world.license_ids.a.code}/quote/", "additions"),
    ):
        began = time.process_time()
        answer = office.post(url, {f"{name}-TOTAL_FORMS": many, f"{name}-INITIAL_FORMS": "0", f"{name}-0-x": "1"})
        assert answer.status_code == 400
        assert WORDS in answer.text
        assert time.process_time() - began < 1


def test_many_fields_are_no_work(world: World) -> None:
    """One fewer than are refused unread."""
    fields = {f"x{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS - 2)}
    for role, url in (
        ("anonymous", "/accounts/login/"),
        ("staff A", f"/license-ids/{world.license_ids.a.code}/quote/"),
        ("portal admin", "/admin/licensing/reseller/add/"),
    ):
        began = time.process_time()
        with undone():
            answer = world.browser(role).post(url, fields)
        assert answer.status_code in (200, 302, 422)
        assert time.process_time() - began < 3
