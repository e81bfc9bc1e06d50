"""Where people can go from every page: by what they are, and by where they are."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import get_resolver, resolve
from django.utils.translation import override

from config.navigation import MANAGEMENT, main_navigation, management_tabs
from licensing.models import User
from licensing.urls import urlpatterns as licensing_addresses
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def links(user: object, path: str, of=main_navigation) -> list[tuple[str, str, str]]:
    request = RequestFactory().get(path)
    request.user = user
    request.resolver_match = resolve(path)
    with override("en"):
        return [(str(link.words), link.url, link.current) for link in of(request)]


def current(user: User, path: str) -> dict[str, str]:
    return {words: how for words, _, how in links(user, path) if how}


def test_everybody_sees_what_they_may_open(cast):
    desk = [("Renewals", "/", "page"), ("Quotes", "/quotes/", ""), ("Customers", "/customers/", "")]
    approvals, margins = ("Approvals", "/approvals/", ""), ("Margins", "/margins/", "")
    assert links(cast.staff, "/") == [*desk, approvals]
    assert links(cast.manager, "/") == [*desk, approvals, margins, ("Manage", "/manage/people/", "")]
    assert links(cast.admin, "/") == desk
    assert links(cast.contact, "/received/") == [("Quotes", "/received/", "page")]
    assert links(AnonymousUser(), "/") == []


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/license-ids/LIC-1/quote/", {"Renewals": "true"}),
        ("/confirmations/", {"Renewals": "true"}),
        ("/calendar/", {"Renewals": "true"}),
        ("/quotes/", {"Quotes": "page"}),
        ("/records/", {"Quotes": "true"}),
        ("/drafts/", {"Quotes": "true"}),
        ("/approvals/", {"Approvals": "page"}),
        ("/approvals/6b1f0a0e-0000-4000-8000-000000000000/", {"Approvals": "true"}),
        ("/manage/approval/", {"Manage": "true"}),
        ("/holdings/import/", {"Customers": "true"}),
        ("/customers/1/", {"Customers": "true"}),
        ("/license-ids/LIC-1/", {"Customers": "true"}),
        ("/margins/", {"Margins": "page"}),
        ("/manage/cost-rates/", {"Manage": "true"}),
        ("/manage/people/", {"Manage": "page"}),
        ("/manage/customers/new/", {"Manage": "true"}),
        ("/manage/letters/", {"Manage": "true"}),
        ("/accounts/security/", {}),
    ],
)
def test_a_page_stands_beneath_one_entry(cast, path, shown):
    """A page that an entry names belongs to it, though another entry holds all of `quotes`."""
    assert current(cast.manager, path) == shown


def test_each_part_of_the_management_is_a_tab(cast):
    tabs = links(cast.manager, "/manage/customers/", of=management_tabs)
    assert [words for words, _, _ in tabs] == [
        "People", "Customers", "Company data", "Cost rates", "Approval", "E-mail texts", "Quantity confirmations",
        "Standing lines", "Reminders", "Chat notices",
    ]  # fmt: skip
    assert [how for _, _, how in tabs] == ["", "page", *[""] * 8]
    assert len(tabs) == len(MANAGEMENT)


NO_PAGES = re.compile(
    r"_(?:owner|hand_over|csv|xlsx|progress|undo|remove|restore|deactivate|reactivate|renew|revoke)$|^invitation$"
)
"""Files, pieces of pages, what is only posted, and the page of who has no log-in yet."""


def seen_by(user: User, name: str) -> SimpleNamespace:
    """A request for an address by its name."""
    return SimpleNamespace(user=user, resolver_match=SimpleNamespace(view_name=name))


def test_every_page_of_a_resellers_people_lies_beneath_an_entry():
    """A page that lies nowhere leaves people without knowing where they are."""
    staff = User(email="a@aoba.example.jp", role=User.Role.MANAGER)
    pages = [page.name for page in licensing_addresses if not NO_PAGES.search(page.name)]
    lost = [name for name in pages if not any(link.current for link in main_navigation(seen_by(staff, name)))]
    pages = [
        f"{app}:{name}"
        for app in ("quotes", "renewals")
        for name in get_resolver().namespace_dict[app][1].reverse_dict
        if isinstance(name, str)
    ]
    lost += [name for name in pages if not any(link.current for link in main_navigation(seen_by(staff, name)))]
    assert lost == []
