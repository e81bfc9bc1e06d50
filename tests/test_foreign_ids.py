"""Ids of others in one's own forms: every form, every field that could name an object, and fields that no form has.

The forms are found by opening every address that takes POST (docs/access.md): a new one is tried by itself. Fields that
no form has are sent to each as well.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet

from licensing.models import User
from quotes.models import Quote
from renewals.models import QuoteDraft
from tests.access.table import read_table
from tests.access.walk import Address, all_addresses
from tests.access.world import MISSING, NOBODY, World, arguments, open_world, undone
from tests.page import Element, Entry, TreeBuilder, read_entry

ROLES = ("staff A", "manager A", "contact A")
ADDRESSES = {address.name: address for address in all_addresses()}
FORMS = sorted(
    (row.address, role, row.kind)
    for row in read_table()
    for role in ROLES
    if "POST" in row.methods
    and row.cells[role][0] == "ok"
    and row.address in ADDRESSES
    and not (role == "manager A" and row.cells["staff A"][0] == "ok")
)
"""Address, role and object; a manager where staff may not, for both send the same."""
# What no form of A's may change, add to or take from.
B_OWNS = {
    "licensing.Customer": Q(reseller__code="minato"),
    "licensing.Contact": Q(customer__reseller__code="minato"),
    "licensing.LicenseID": Q(customer__reseller__code="minato"),
    "licensing.Holding": Q(licenseid__customer__reseller__code="minato"),
    "licensing.Invitation": Q(reseller__code="minato") | Q(customer__reseller__code="minato"),
    "licensing.Reseller": Q(code="minato"),
    "licensing.User": Q(reseller__code="minato") | Q(customer__reseller__code="minato"),
    "quotes.Quote": Q(reseller__code="minato"),
    "renewals.QuoteDraft": Q(customer__reseller__code="minato") | Q(created_by__reseller__code="minato"),
    "quotes.QuoteEvent": Q(quote__reseller__code="minato"),
    "quotes.QuoteStatus": Q(quote__reseller__code="minato"),
    "quotes.ShareLink": Q(quote__reseller__code="minato"),
    "quotes.LetterTemplate": Q(reseller__code="minato"),
    "quotes.RecordExport": Q(reseller__code="minato"),
    "mfa.Authenticator": Q(user__reseller__code="minato") | Q(user__customer__reseller__code="minato"),
    "usersessions.UserSession": Q(user__reseller__code="minato") | Q(user__customer__reseller__code="minato"),
}
MAY_BE_EMPTY = {"quotes.LetterTemplate", "mfa.Authenticator", "usersessions.UserSession"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), open_world() as world:
        yield world


class Watch:
    """Looks at the same rows again and again: the SQL is written once, and rows are compared as they come."""

    def __init__(self, **asked: QuerySet) -> None:
        self.asked = {name: queryset.query.sql_with_params() for name, queryset in asked.items()}

    def look(self) -> dict[str, list[tuple[Any, ...]]]:
        """The rows by name; names without any are left out."""
        found = {}
        with connection.cursor() as cursor:
            for name, (sql, parameters) in self.asked.items():
                cursor.execute(sql, parameters)
                if rows := cursor.fetchall():
                    found[name] = rows
        return found


@pytest.fixture(scope="module")
def of_b(world: World) -> Watch:
    """Every row of B's."""
    owned = {name: apps.get_model(name)._base_manager.filter(owned) for name, owned in B_OWNS.items()}
    return Watch(**{name: rows.order_by("pk").values() for name, rows in owned.items()})


@pytest.fixture(scope="module")
def mixed_up(world: World) -> Watch:
    """Rows of A's that name something of B's, and people who are more than they were."""
    quotes = Quote.objects.filter(reseller__code="aoba")
    drafts = QuoteDraft.objects.filter(customer__reseller__code="aoba")
    mighty = User.objects.filter(Q(is_superuser=True) | Q(role__in=["admin", "price_admin"]))
    return Watch(
        for_their_customer=quotes.exclude(customer__reseller__code="aoba"),
        issued_by_them=quotes.filter(issued_by__reseller__code="minato"),
        drafts_for_theirs=QuoteDraft.objects.filter(created_by__reseller__code="aoba").exclude(
            customer__reseller__code="aoba"
        ),
        saved_by_them=drafts.filter(saved_by__reseller__code="minato"),
        mighty=mighty.exclude(email__in=["admin@portal.example.jp", "sonoda@portal.example.jp"]),
    )


def foreign_ids(world: World) -> dict[str, list[str]]:
    """Numbers and keys of others', and last of nobody."""
    b = [thing.b for thing in world.things.values() if thing.is_owned]
    found = [arguments(thing) for thing in b]
    numbers = [str(one["pk"]) for one in found if "pk" in one]
    numbers += [str(world.cast.stranger.pk), str(world.cast.minato.pk), str(world.license_ids.b.holdings.get().pk)]
    keys = [str(one["key"]) for one in found if isinstance(one.get("key"), UUID)]
    return {
        "number": [*dict.fromkeys(numbers), str(MISSING["pk"])],
        "key": [*dict.fromkeys(keys), str(NOBODY)],
        "code": [world.license_ids.b.code, str(MISSING["code"])],
    }


def extra(world: World) -> dict[str, str]:
    """Fields that no form has: what a view would write that took over whatever is sent."""
    cast, quote, draft = world.cast, world.quotes.b, world.drafts.b
    named = {
        "reseller": cast.minato.pk, "customer": cast.foreign_customer.pk, "licenseid": world.license_ids.b.pk,
        "license_id": world.license_ids.b.code, "quote": quote.pk, "draft": draft.pk, "holding": MISSING["pk"],
        "user": cast.stranger.pk, "person": cast.stranger.pk, "issued_by": cast.stranger.pk, "by": cast.stranger.pk,
        "created_by": cast.stranger.pk, "saved_by": cast.stranger.pk, "invited_by": cast.stranger.pk, 
        "revises": quote.pk, "with": world.license_ids.b.code,
    }  # fmt: skip
    made = {name: str(value) for name, value in named.items()}
    made |= {f"{name}_id": value for name, value in made.items()}
    return made | {
        "pk": str(quote.pk),
        "id": str(quote.pk),
        "is_superuser": "on",
        "is_staff": "on",
        "next": "//evil.example",
    }


def forms_of(page: str, path: str) -> Iterator[tuple[Entry, list[tuple[str, str]]]]:
    """Each form on a page that is sent to the address: what it would send, and its buttons."""
    builder = TreeBuilder()
    builder.feed(page)
    for form in builder.root.walk():
        if form.tag == "form" and form["method"].lower() == "post" and form["action"] in ("", path):
            buttons = [(one["name"], one["value"]) for one in form.walk() if _is_button(one)]
            yield read_entry(form), buttons or [("", "")]


def _is_button(element: Element) -> bool:
    return element.tag == "button" and element["type"] in ("", "submit") and not element["formaction"]


def tries(entry: Entry, ids: Mapping[str, list[str]]) -> Iterator[Entry]:
    """The form with each field that names an object set to others': in its value, or in its own name. Of fields whose
    first word is the same, the rows of a table, two stand for all.
    """
    alike: Counter[str] = Counter()
    for name, values in entry.items():
        kind = kind_of(values[0], ids)
        before, _dash, number = name.rpartition("-")
        is_numbered = bool(before) and number.isdigit()
        alike[row := re.split("(?<=[a-z])[-_]", name)[0]] += bool(kind) or is_numbered
        if alike[row] > 2:
            continue
        if kind:
            yield from (entry | {name: [value]} for value in ids[kind][-3:])
        if is_numbered:
            for value in ids["number"][-2:]:
                yield entry | {f"{before}-{value}": values}


def kind_of(value: str, ids: Mapping[str, list[str]]) -> str:
    if value.isdigit():
        return "number"
    if len(value) == 36 and value.count("-") == 4:
        return "key"
    return "code" if value.startswith("LIC-") else ""


@pytest.mark.parametrize(("name", "role", "kind"), FORMS, ids=lambda value: value or "-")
def test_a_foreign_id_writes_nothing(
    world: World, of_b: Watch, mixed_up: Watch, name: str, role: str, kind: str
) -> None:
    """Whatever is sent, and whatever is said to it: B's rows stay as they are, and A's name none of them."""
    path = ADDRESSES[name].path(arguments(world.things[kind].own(role)) if kind else {})
    ids, more = foreign_ids(world), extra(world)
    with undone():
        page = world.browser(role).get(path)
    forms = list(forms_of(page.text, path)) if page.status_code == 200 and "html" in page["Content-Type"] else []
    before = of_b.look()
    sent = 0
    for entry, buttons in forms or [({}, [("", "")])]:
        changed = [entry, {**{field: [value] for field, value in more.items()}, **entry}, *tries(entry, ids)]
        for data in changed:
            for button, value in buttons if len(changed) * len(buttons) < 60 else [*buttons[:1], *buttons[-2:]]:
                with undone():
                    body = urlencode(data | ({button: [value]} if button else {}), doseq=True)
                    answer = world.browser(role).post(path, body, content_type="application/x-www-form-urlencoded")
                    sent += 1
                    assert answer.status_code in (200, 302, 400, 403, 404, 405, 422, 429), (data, answer.status_code)
                    assert of_b.look() == before, data
                    assert mixed_up.look() == {}, data
                    assert "波止場" not in answer.text, data
    assert sent > 1


def test_the_forms_are_found(world: World, of_b: Watch) -> None:
    """What the search above rests on: forms are read from pages, and their ids are found in them."""
    path = Address("x", "license-ids/<str:code>/quote/").path({"code": "LIC-1001"})
    [(entry, buttons)] = forms_of(world.browser("staff A").get(path).text, path)
    assert {("action", "issue"), ("action", "save")} <= set(buttons)
    assert len(list(tries(entry, foreign_ids(world)))) > 8
    assert len({name for name, _role, _kind in FORMS}) > 8
    assert set(B_OWNS) - MAY_BE_EMPTY <= set(of_b.look()) <= set(B_OWNS)
