"""Who is answered what at which address, as docs/access.md declares it, and nothing else."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.access.table import ROLES, Row, read_table
from tests.access.walk import EXAMPLES, Address, all_addresses
from tests.access.world import KINDS, MISSING, Things, World, arguments, open_world, undone

ADDRESSES = {address.name: address for address in all_addresses()}
TABLE = read_table()
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), open_world() as world:
        yield world


def rows_of(address: Address) -> list[Row]:
    return [row for row in TABLE if row.address == address.name]


def outcome(response: HttpResponse, *, is_missing: bool = False) -> str:
    """The table's word for an answer."""
    if response.status_code in (301, 302, 303):
        path = urlsplit(response["Location"]).path
        if path in (reverse("account_login"), reverse("admin:login")):
            return "log-in"
        if path == reverse("account_reauthenticate"):
            return "confirm"
        return "away" if is_missing else "ok"
    return "ok" if response.status_code in (200, 400, 422) else str(response.status_code)


def ask(world: World, role: str, method: str, address: Address, thing: Any) -> str:
    """What a role is answered about a thing; about nothing for an address without an object."""
    path = address.path({} if thing is None else arguments(thing))
    with undone():
        response = world.browser(role).generic(method, path, content_type="application/x-www-form-urlencoded")
        b"".join(response)  # a file's answer closes it when it has been read
        return outcome(response, is_missing=thing is MISSING)


def answers(world: World, role: str, method: str, address: Address, things: Things | None) -> tuple[str, ...]:
    """What a role is answered for its own, anothers' and missing objects; or only once."""
    if things is None:
        return (ask(world, role, method, address, None),)
    tries = [[things.own(role)], *([things.others(role)] if things.is_owned else []), [MISSING]]
    found = []
    for group in tries:
        said = {ask(world, role, method, address, thing) for thing in group}
        found.append("+".join(sorted(said)))
    return tuple(found)


def as_row(row: Row, method: str, said: dict[str, tuple[str, ...]]) -> str:
    cells = ["/".join(said[role] if len(set(said[role])) > 1 else said[role][:1]) for role in ROLES]
    return f"| {' | '.join([f'`{row.address}`', method, row.kind or '-', *cells])} |"


def test_every_address_has_a_row() -> None:
    known = {row.address for row in TABLE}
    wanted = [
        f"| `{address.name}` | GET | {'?' if set(address.arguments) - set(EXAMPLES) else '-'} "
        f"|{' ? |' * len(ROLES)}    ({address.route})"
        for address in ADDRESSES.values()
        if address.name not in known
    ]
    assert not wanted, (
        "Addresses without a row in docs/access.md. Add them under the heading they belong to, with the methods they "
        "take, the kind of object they are about (tests/access/world.py), and what each role shall be answered; this "
        "test then tells where the portal answers something else:\n" + "\n".join(wanted)
    )


def test_every_row_has_an_address() -> None:
    lost = [f"docs/access.md:{row.line}: `{row.address}`" for row in TABLE if row.address not in ADDRESSES]
    assert not lost, "Rows for addresses that do not exist: take them out.\n" + "\n".join(lost)


def test_names_are_not_used_twice() -> None:
    names = [address.name for address in all_addresses()]
    assert [name for name in names if names.count(name) > 1] == []


def test_rows_are_complete() -> None:
    """Each method of an address stands in one row; kinds are known; cells have as many parts as the kind has tries."""
    seen: set[tuple[str, str]] = set()
    for row in TABLE:
        where = f"docs/access.md:{row.line}: `{row.address}`"
        for method in row.methods:
            assert (row.address, method) not in seen, f"{where}: {method} stands in another row already"
            seen.add((row.address, method))
        assert not row.kind or row.kind in KINDS, f"{where}: no kind {row.kind!r} in tests/access/world.py"


def test_every_kind_is_used() -> None:
    assert set(KINDS) == {row.kind for row in TABLE} - {""}


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in sorted(ADDRESSES)])
def test_everybody_is_answered_as_declared(world: World, name: str) -> None:
    address = ADDRESSES[name]
    wrong = []
    for row in rows_of(address):
        things = world.things[row.kind] if row.kind else None
        parts = 1 if things is None else 3 if things.is_owned else 2
        for method in row.methods:
            said = {role: answers(world, role, method, address, things) for role in ROLES}
            assert {len(cell) for cell in row.cells.values()} <= {1, parts}, f"in each cell one answer, or {parts}"
            declared = {role: cell * parts if len(cell) == 1 else cell for role, cell in row.cells.items()}
            differing = [role for role in ROLES if said[role] != declared[role]]
            if differing:
                wrong.append(
                    f"docs/access.md:{row.line}: {method} is answered otherwise for {', '.join(differing)}. "
                    f"The portal answers:\n{as_row(row, method, said)}"
                )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_method_without_a_row_is_refused(world: World, method: str) -> None:
    """405 for whoever is let in; others are sent to log in, or told that it is not for them."""
    wrong = {}
    for address in ADDRESSES.values():
        rows = rows_of(address)
        if not rows or any(method in row.methods for row in rows):
            continue
        things = world.things[rows[0].kind] if rows[0].kind else None
        said = {role: ask(world, role, method, address, things.own(role) if things else None) for role in ROLES}
        if not {"405"} <= set(said.values()) <= {"405", "log-in", "403", "404"}:
            wrong[address.name] = said
    assert wrong == {}


@pytest.mark.parametrize("role", ["anonymous", "staff A", "portal admin"])
def test_no_other_method_is_answered(world: World, role: str) -> None:
    browser = world.browser(role)
    said = {
        (address.name, method): browser.generic(method, address.path(MISSING)).status_code
        for address in ADDRESSES.values()
        for method in OTHER_METHODS
    }
    assert {key: status for key, status in said.items() if status != 405} == {}
