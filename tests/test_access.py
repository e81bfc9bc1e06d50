"""Who is answered what at which address, as docs/access.md declares it, and nothing else.

Every address is asked once by every role, about its own, another's and a missing object; the tests look at the answers.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.asking import Answer, as_row, ask_all, ask_one
from tests.access.costs import marks_of_margins, marks_of_own_costs
from tests.access.marks import marks_of, marks_of_others
from tests.access.pages import inline_code, texts, wrong_headers
from tests.access.table import ROLES, Row, read_table
from tests.access.walk import EXAMPLES, Address, all_addresses
from tests.access.world import KINDS, MISSING, World, open_world
from tests.wrong_language import in_the_wrong_language, pieces_of

ADDRESSES = {address.name: address for address in all_addresses()}
TABLE = read_table()
DATA = ("通常", "宛先", "件名", "日本語")
"""What people called something, and the portal happens to say too; a language is called by its own name in files."""
IN_ANOTHER_LANGUAGE = {
    "admin:foundation_outgoingmail_changelist",  # subjects of letters, each in its reader's language
    "admin:foundation_outgoingmail_change",
    "renewals:calendar-feed",  # in its owner's language, whoever fetches it
}
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), open_world() as world:
        yield world


@pytest.fixture(scope="module", params=sorted(ADDRESSES))
def answers(request: pytest.FixtureRequest, world: World) -> list[Answer]:
    """All that is said at one address."""
    address = ADDRESSES[request.param]
    return [answer for row in rows_of(address) for answer in ask_all(world, address, row, asked_roles(row))]


def asked_roles(row: Row) -> list[str]:
    """All; at the administration, where nothing belongs to a reseller, those of one, if both are answered alike."""
    twins = {"contact B": "contact A", "staff B": "staff A"} if row.address.startswith("admin:") else {}
    return [role for role in ROLES if role not in twins or row.cells[role] != row.cells[twins[role]]]


def rows_of(address: Address) -> list[Row]:
    return [row for row in TABLE if row.address == address.name]


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


def test_everybody_is_answered_as_declared(answers: list[Answer]) -> None:
    wrong = []
    for row, method in dict.fromkeys((answer.row, answer.method) for answer in answers):
        roles = asked_roles(row)
        said = {role: [a.word for a in answers if (a.row, a.method, a.role) == (row, method, role)] for role in roles}
        parts = max(len(words) for words in said.values())
        where = f"docs/access.md:{row.line}: `{row.address}`"
        assert {len(cell) for cell in row.cells.values()} <= {1, parts}, f"{where}: in each cell one word, or {parts}"
        counts = {role: len(said[role]) if role in said else parts for role in row.cells}
        declared = {role: list(cell * counts[role] if len(cell) == 1 else cell) for role, cell in row.cells.items()}
        if differing := [role for role in roles if said[role] != declared[role]]:
            wrong.append(
                f"{where}: {method} is answered otherwise for {', '.join(differing)}. The portal answers:\n"
                + as_row(row, method, declared | said)
            )
    assert not wrong, "\n".join(wrong)


def test_nothing_of_others_is_told(world: World, answers: list[Answer]) -> None:
    """Not in pages, nor in files, nor in what refuses them."""
    told = [
        f"{answer}: {mark}"
        for answer in answers
        for marks in [list(marks_of_others(world, answer))]
        for text in texts(answer)
        for mark in marks
        if mark in text
    ]
    assert told == []


def test_it_is_in_the_readers_language(answers: list[Answer]) -> None:
    """English, here: pages and files. One for each method, of the first and of the last role that is let in; Japanese
    pages are looked at where they are drawn (tests/templates/test_html.py).
    """
    wrong = {}
    for row, method in dict.fromkeys((answer.row, answer.method) for answer in answers):
        let_in = [one for one in answers if (one.row, one.method, one.word) == (row, method, "ok")]
        for answer in {one.role: one for one in (*let_in[:1], *let_in[-1:])}.values():
            if row.address in IN_ANOTHER_LANGUAGE:
                continue
            said = pieces_of(answer.responses[0].content_read, "en")
            if found := in_the_wrong_language(said, "en", data=DATA):
                wrong[str(answer)] = found
    assert wrong == {}


def test_no_page_has_code_inside(answers: list[Answer]) -> None:
    """The content security policy would stop scripts, styles and handlers that stand in the page itself."""
    assert [f"{answer}: {found}" for answer in answers for found in inline_code(answer)] == []


def test_every_answer_has_its_headers(answers: list[Answer]) -> None:
    """Whatever the answer: a page, a file, a refusal, a leading on."""
    assert [f"{answer}: {lacking}" for answer in answers for lacking in wrong_headers(answer)] == []


def test_own_marks_are_found(world: World) -> None:
    """What the search for others' data would find: pages show the marks to those whose they are."""
    seen = {}
    for role, side in (("staff A", "a"), ("staff A", "neighbour"), ("staff B", "b")):
        browser = world.browser(role)
        pages = [
            browser.get(path).text
            for thing in (getattr(world.quotes, side), getattr(world.drafts, side))
            for path in (f"/{thing._meta.model_name.removeprefix('quote') or 'quote'}s/{thing.key}/", "/quotes/")
        ]
        pages += [browser.get(path).text for path in ("/customers/", "/?due=all", "/drafts/")]
        seen[role, side] = [mark for mark in marks_of(world, side) if not any(mark in page for page in pages)]
    assert seen == {("staff A", "a"): [], ("staff A", "neighbour"): [], ("staff B", "b"): []}


def test_margins_are_found_where_they_are_seen(world: World) -> None:
    """What the search for them would find: a manager's page of the quote has each figure as it is looked for."""
    browser, lost = world.browser("manager A"), []
    for side in ("a", "neighbour"):
        page = browser.get(f"/quotes/{getattr(world.quotes, side).key}/").text
        lost += [mark for mark in marks_of_margins(world, side) if not mark.isdigit() and mark not in page]
    kept = browser.get("/manage/standing-lines/").text
    lost += [mark for mark in marks_of_own_costs(world, "a") if not mark.isdigit() and mark not in kept]
    assert lost == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_method_without_a_row_is_refused(world: World, method: str) -> None:
    """405 for whoever is let in; others are sent to log in, or told that it is not for them."""
    wrong = {}
    for address in ADDRESSES.values():
        rows = rows_of(address)
        if not rows or any(method in row.methods for row in rows):
            continue
        things = world.things[rows[0].kind] if rows[0].kind else None
        said = {
            role: ask_one(world, role, method, address, things.own(role) if things else None)
            for role in asked_roles(rows[0])
        }
        if not {405} <= {answer.status_code for answer in said.values()} <= {405, 302, 403, 404}:
            wrong[address.name] = said
    assert wrong == {}


@pytest.mark.parametrize("role", ["anonymous", "staff A", "portal admin"])
def test_no_other_method_is_answered(world: World, role: str) -> None:
    """Every one at every address; of those who are not let in everywhere, at each address another one."""
    browser = world.browser(role)
    said = {
        (address.name, method): browser.generic(method, address.path(MISSING)).status_code
        for number, address in enumerate(ADDRESSES.values())
        for method in (OTHER_METHODS if role == "portal admin" else [OTHER_METHODS[number % len(OTHER_METHODS)]])
    }
    assert {key: status for key, status in said.items() if status != 405} == {}


PARTS = 12


@pytest.mark.postgres
@pytest.mark.parametrize("part", range(PARTS))
def test_the_queries_of_every_page_are_put_to_postgresql_too(world: World, part: int) -> None:
    """Once for each kind of person who is let in, about their own: SQLite takes queries that PostgreSQL refuses."""
    said = {}
    for row in TABLE[part::PARTS]:
        let_in = [role for role in ROLES if row.cells[role][0] == "ok"]
        for role in [role for role in let_in if role in ("contact A", "staff A", "portal admin")] or let_in[:1]:
            own = world.things[row.kind].own(role) if row.kind else None
            for method in row.methods:
                response = ask_one(world, role, method, ADDRESSES[row.address], own)
                said[method, row.address, role] = response.status_code
    assert len(said) > 10
    assert {asked: status for asked, status in said.items() if status not in (200, 302, 400, 422)} == {}
