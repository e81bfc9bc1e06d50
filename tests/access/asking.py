"""Asks an address as every role, about every object of its kind, and takes back what was done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from tests.access.table import ROLES, Row
from tests.access.walk import Address
from tests.access.world import MISSING, Things, World, arguments, undone

OWN, ANOTHERS, NOTHING = "own", "another's", "missing"


@dataclass(frozen=True)
class Answer:
    """What a role was answered."""

    row: Row
    role: str
    method: str
    whose: str
    """OWN, ANOTHERS or NOTHING; empty where the address has no object."""
    word: str
    """The table's."""
    responses: Sequence[Any]
    """One; where there are several others' objects, one for each."""

    def __str__(self) -> str:
        return " ".join(part for part in (self.method, self.row.address, self.whose, f"as {self.role}") if part)


def ask_all(world: World, address: Address, row: Row, roles: Sequence[str] = ROLES) -> Iterator[Answer]:
    """What everybody is answered, in the order of the cells.

    Who is sent away whatever it is about, is so before anybody looks for it: one of them stands for the others in what
    is said of others' objects and of what is not there.
    """
    sent_away = [role for role in roles if row.cells[role] in (("403",), ("log-in",))]
    for method in row.methods:
        for role in roles:
            tries = _tries(world.things[row.kind] if row.kind else None, role)
            for whose, things in tries[:1] if role in sent_away[1:] else tries:
                responses = [ask_one(world, role, method, address, thing) for thing in things]
                words = {word_for(response, is_missing=whose == NOTHING) for response in responses}
                yield Answer(row, role, method, whose, "+".join(sorted(words)), responses)


def _tries(things: Things | None, role: str) -> list[tuple[str, list[Any]]]:
    if things is None:
        return [("", [None])]
    tries = [(OWN, [things.own(role)]), (NOTHING, [MISSING])]
    return [tries[0], (ANOTHERS, things.others(role)), tries[1]] if things.is_owned else tries


def ask_one(world: World, role: str, method: str, address: Address, thing: Any) -> Any:
    """The answer about a thing; about nothing in particular for None."""
    path = address.path({} if thing is None else arguments(thing))
    with undone():
        response: Any = world.browser(role).generic(method, path, content_type="application/x-www-form-urlencoded")
        response.content_read = b"".join(response)  # a file's answer closes it when it has been read
        return response


def word_for(response: Any, *, is_missing: bool = False) -> str:
    """The table's word for an answer."""
    if response.status_code in (301, 302, 303):
        path = urlsplit(response["Location"]).path
        if path in (reverse("account_login"), reverse("admin:login")):
            return "log-in"
        if path == reverse("account_reauthenticate"):
            return "confirm"
        return "away" if is_missing else "ok"
    return "ok" if response.status_code in (200, 400, 422) else str(response.status_code)


def as_row(row: Row, method: str, said: Mapping[str, Sequence[str]]) -> str:
    """The row that would declare it."""
    cells = ["/".join(said[role] if len(set(said[role])) > 1 else said[role][:1]) for role in ROLES]
    return f"| {' | '.join([f'`{row.address}`', method, row.kind or '-', *cells])} |"
