"""What a hostile request gets: forged forms, leading astray, names of files, headers, hosts, and sizes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from tests.access.table import read_table
from tests.access.walk import all_addresses
from tests.access.world import MISSING, World, open_world
from tests.cast import PASSWORD
from tests.mailbox import arrived

ADDRESSES = {address.name: address for address in all_addresses()}
POSTED = sorted({row.address for row in read_table() if "POST" in row.methods} & set(ADDRESSES))
ELSEWHERE = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "///evil.example", "https:evil.example",
    "javascript:alert(1)", "\t//evil.example", "http:///evil.example", "/\r\nLocation: https://evil.example",
)  # fmt: skip
NAMES = ("next", "redirect_to", "url", "return", "return_to", "success_url", "back")
OUTSIDE = (
    "../../config/settings.py",
    "..%2f..%2fetc%2fpasswd",
    "....//etc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "/etc/passwd",
)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), open_world() as world:
        yield world


# --- Forged forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["anonymous", "portal admin"])
def test_every_form_from_elsewhere_is_refused(world: World, role: str) -> None:
    """Before it is looked at who asks for what: every address that takes a form."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = world.browser(role).cookies
    answers = {name: strict.post(ADDRESSES[name].path(MISSING)).status_code for name in POSTED}
    assert len(answers) > 80
    assert {name: status for name, status in answers.items() if status != 403} == {}


def test_no_view_is_exempt() -> None:
    def callbacks(resolver: Any) -> Iterator[Any]:
        for entry in resolver.url_patterns:
            yield from callbacks(entry) if hasattr(entry, "url_patterns") else [entry.callback]

    assert [view for view in callbacks(get_resolver()) if getattr(view, "csrf_exempt", False)] == []


def test_the_portals_own_form_is_taken(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = strict.get("/accounts/login/").cookies["csrftoken"].value
    data = {"login": world.cast.staff.email, "password": "wrong", "csrfmiddlewaretoken": token}
    assert strict.post("/accounts/login/", data).status_code == 200
    assert strict.post("/accounts/login/", data, headers={"origin": "https://evil.example"}).status_code == 403


# --- Leading astray -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "places"),
    [("anonymous", ELSEWHERE[:2]), ("staff A", ELSEWHERE[:4]), ("portal admin", ELSEWHERE[2:4])],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobody_is_led_elsewhere(world: World, role: str, places: tuple[str, ...]) -> None:
    """Every address, with every name under which it might be told where to lead on to; one of the places at each."""
    led = set()
    browser = world.browser(role)
    for number, address in enumerate(ADDRESSES.values()):
        if address.name.startswith("admin:") and not address.name.startswith(("admin:log", "admin:index")):
            continue
        path = address.path(MISSING)
        data = dict.fromkeys(NAMES, places[number % len(places)])
        for response in (browser.get(path, data, headers={"referer": data["next"]}), browser.post(path, data)):
            led.add(response.get("Location", ""))
        browser.cookies = world.browser(role).cookies
    assert len(led) > 3
    assert {place for place in led if not is_here(place)} == set()


@pytest.mark.parametrize("place", ELSEWHERE)
def test_logging_in_and_choosing_a_language_lead_on_here(world: World, place: str) -> None:
    data = {"login": world.cast.staff.email, "password": PASSWORD, "next": place, "language": "en"}
    for address in ("/accounts/login/", f"/accounts/login/?next={quote(place)}", "/i18n/setlang/", "/accounts/logout/"):
        for response in (Client().post(address, data), world.browser("staff A").post(address, data)):
            assert response.status_code == 302
            assert is_here(response["Location"])


def is_here(place: str) -> bool:
    parts = urlsplit(place)
    return not parts.scheme and not parts.netloc and "\\" not in parts.path and not place.startswith("//")


@pytest.mark.parametrize("text", ["x\r\nSet-Cookie: a=b", "x\nX-Evil: 1", "x%0d%0aX-Evil: 1", "x\u560d\u560aX: 1"])
def test_no_text_becomes_a_header(world: World, text: str) -> None:
    browser = world.browser("staff A")
    data = dict.fromkeys(("q", "page", "status", "within", "next", "language"), text)
    for address in ("/", "/quotes/", "/customers/", "/accounts/login/", "/i18n/setlang/"):
        for response in (browser.get(address, data), browser.post(address, data)):
            assert response.status_code in (200, 302, 405)
            assert not [value for value in response.headers.values() if "\n" in value or "\r" in value]
            assert "X-Evil" not in response.headers
            assert "a" not in response.cookies


# --- Files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_address_leads_to_a_file(world: World, path: str) -> None:
    for role in ("anonymous", "portal admin"):
        browser = world.browser(role)
        for before in ("/", "/static/", "/media/", "/admin/licensing/reseller/1/picture/", "/license-ids/", "/admin/"):
            response = browser.get(f"{before}{path}", follow=True)
            assert response.status_code in (200, 404)
            found = b"".join(response)
            assert b"root:" not in found
            assert b"SECRET_KEY" not in found


def test_uploads_are_not_served(world: World) -> None:
    name = world.cast.aoba.seal.name
    assert name
    for role in ("anonymous", "staff A", "portal admin"):
        for before in ("/", "/media/", "/static/"):
            assert world.browser(role).get(f"{before}{name}").status_code == 404


@pytest.mark.parametrize("name", ["../../../x/evil.png", "/etc/evil.png", "..\\..\\evil.png", "x/../../evil.png"])
def test_an_upload_stays_in_its_folder(world: World, name: str) -> None:
    assert "/" not in SimpleUploadedFile(name, b"x").name
    seal = world.cast.minato.seal
    with contextlib.suppress(SuspiciousFileOperation):
        seal.save(name, ContentFile(b"x"), save=False)
        path = Path(seal.path).resolve()
        seal.delete(save=False)
        assert path.is_relative_to(Path(settings.MEDIA_ROOT).resolve())


# --- Hosts and sizes ------------------------------------------------------------------------------------------------


def test_another_host_is_not_believed(world: World, settings: Any) -> None:
    """No link in a mail leads to where a forged Host says."""
    settings.ALLOWED_HOSTS = ["portal.example.jp"]
    forged = Client(raise_request_exception=False)
    arrived().clear()
    data = {"email": world.cast.staff.email}
    address = "/accounts/password/reset/"
    for headers in ({"host": "evil.example"}, {"host": "portal.example.jp@evil.example"}):
        assert forged.post(address, data, headers=headers).status_code == 400
    assert arrived() == []
    headers = {"host": "portal.example.jp", "x-forwarded-host": "evil.example"}
    assert forged.post(address, data, headers=headers).status_code == 302
    [sent] = arrived()
    assert "://portal.example.jp/" in sent.body
    assert "evil" not in sent.body


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"login=" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), "application/x-www-form-urlencoded"),
        (
            b"&".join(b"a=1" for _ in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)),
            "application/x-www-form-urlencoded",
        ),
    ],
    ids=["too long", "too many fields"],
)
def test_too_much_is_refused_unread(db: None, body: bytes, kind: str) -> None:
    answer = Client(raise_request_exception=False).post("/accounts/login/", body, content_type=kind)
    assert answer.status_code == 400
    assert b"Traceback" not in answer.content
