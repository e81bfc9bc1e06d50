"""Texts stay texts: in queries, in mails, and in the code nothing that would make more of them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client

from licensing.models import Customer
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.mailbox import arrived
from tests.making import given_quote
from tests.test_project import ROOT, python_files, shown, tracked_files

OURS = ("config", "foundation", "licensing", "pricing", "quotes", "renewals")
HOSTILE = (
    "' OR 1=1 --", "'; DROP TABLE licensing_customer; --", "\" OR \"\"=\"", "1) OR (1=1", "%", "\\", "%s", "{0}",
    "' UNION SELECT password FROM licensing_user --",
)  # fmt: skip
SEARCHES = [
    ("staff", "/", {"within": "all"}),
    ("staff", "/customers/", {}),
    ("staff", "/quotes/", {}),
    ("staff", "/drafts/", {}),
    ("admin", "/admin/licensing/customer/", {}),
    ("admin", "/admin/licensing/licenseid/", {}),
    ("admin", "/admin/licensing/user/", {}),
    ("admin", "/admin/quotes/quote/", {}),
]


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):  # the same each time, so that it is written once and then copied
        cast = make_cast()
        given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
        given_quote(make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45)), by=cast.stranger)
        yield cast


@pytest.mark.parametrize(("who", "address", "asked"), SEARCHES)
def test_a_search_finds_texts_and_runs_none(cast: Cast, who: str, address: str, asked: dict[str, str]) -> None:
    browser = sign_in(getattr(cast, who))
    for text in HOSTILE:
        answer = browser.get(address, asked | {"q": text})
        assert answer.status_code == 200, text
        found = answer.text.partition("<main")[2]
        assert [mark for mark in ("LIC-1001", "LIC-2001", "髙﨑", "波止場", "aoki@") if mark in found] == [], text
    assert Customer.objects.count() == 3


@pytest.mark.parametrize("text", ["' OR 1=1 --", "1 OR 1=1", "0;", "-1", "9" * 40, "1e3"])
def test_what_is_no_number_is_no_row(cast: Cast, text: str) -> None:
    desk, office = sign_in(cast.staff), sign_in(cast.admin)
    for address in (f"/customers/{text}/", f"/license-ids/{text}/", f"/quotes/{text}/"):
        assert desk.get(address).status_code == 404
    assert office.get(f"/admin/licensing/customer/{text}/change/").status_code in (302, 404)
    for name in ("page", "p", "o", "all"):
        assert desk.get("/quotes/", {name: text}).status_code == 200


@pytest.mark.parametrize(
    "text", ["a@example.jp\nBcc: b@evil.example", "a@example.jp\r\nSubject: x", "a@example.jp%0ACc:b"]
)
def test_no_address_becomes_a_mails_header(cast: Cast, text: str) -> None:
    mail.outbox.clear()
    answer = Client().post("/accounts/password/reset/", {"email": text})
    assert answer.status_code == 200
    assert arrived() == []
    assert "@evil" not in str(answer.headers)


# --- What the code does without -------------------------------------------------------------------------------------

DANGEROUS_CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "RawSQL", "raw", "extra", "mark_safe"}
DANGEROUS_MODULES = {
    "subprocess",
    "pickle",
    "marshal",
    "shelve",
    "ctypes",
    "yaml",
    "dill",
    "xml",
    "telnetlib",
    "ftplib",
}
ALLOWED = {"re.compile", "typst.compile"}
"""Calls that only share a name."""
LOOKED_AT = {
    "pricing/templatetags/pricing.py: mark_safe": "escapes every part before it",
    "quotes/templatetags/quotes.py: mark_safe": "escapes every part before it",
    "quotes/paper/drawing.py: .compile": "typst's compiler, of the portal's own template; what users wrote is data",
    "foundation/administration/files.py: mark_safe": "what the library escaped, its tags without style",
    "foundation/inputs.py: mark_safe": "escapes every part before it, as Django's template does",
    "foundation/live_fields.py: mark_safe": "escapes each choice, and attributes as Django does",
    "foundation/spreadsheets/workbooks.py: xml.parsers": "a stream that refuses document types and tags without end",
    "foundation/spreadsheets/files.py: subprocess": "the reading process: a list, no shell, nothing of the file in it",
    "foundation/integrity/counts.py: execute": "names of tables and columns are the program's own",
    "foundation/among.py: RawSQL": "a sentence of the module's own; the numbers are a parameter",
    "renewals/desk/further.py: RawSQL": "names of the model's own columns; values are parameters",
    "foundation/text/kept_search.py: RawSQL": "Django's own SQL of a search; the words are parameters",
    "foundation/integrity/triggers.py: execute": "names of triggers and tables are the code's own",
    "foundation/integrity/bulk.py: execute": "names of tables and columns are the models' own, and quoted",
    "foundation/integrity/files.py: execute": "names of tables and columns are the migrations' own",
    "foundation/text/parts.py: compiler.compile": "Django's own SQL of a column; what was searched for is a parameter",
    "renewals/desk/queries.py: RawSQL": "a sentence of the module's own; what was searched for is a parameter",
    "renewals/desk/refresh.py: execute": "the module's own SELECT; what varies is a parameter",
    "foundation/integrity/backup/databases.py: subprocess": "pg_dump and pg_restore for an operator; a list, no shell",
    "templates/allauth/elements/fields.html": "help texts are the code's own",
}
"""What may do so, and why."""


@cache
def own_code() -> list[tuple[str, ast.AST]]:
    return [
        (shown(path), ast.parse(path.read_text(encoding="utf-8")))
        for path in python_files()
        if path.relative_to(ROOT).parts[0] in OURS and "migrations" not in path.parts
    ]


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call with its name; with that of the module or variable before the dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            yield f"{owner}.{node.func.attr}", node


def test_no_program_is_run_and_no_text_as_code() -> None:
    found = set()
    for file, tree in own_code():
        for name, _call in calls(tree):
            if name.rpartition(".")[2] in DANGEROUS_CALLS and name not in ALLOWED:
                found.add(f"{file}: {name}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                found |= {f"{file}: {name}" for name in modules if name.partition(".")[0] in DANGEROUS_MODULES}
    assert found - set(LOOKED_AT) == set()


def test_no_query_is_put_together_from_texts() -> None:
    """What varies goes in as a parameter."""
    found = {
        f"{file}: execute"
        for file, tree in own_code()
        for name, call in calls(tree)
        if name.endswith((".execute", ".executemany")) and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    }
    assert found - set(LOOKED_AT) == set()


def test_no_template_lets_html_through() -> None:
    pattern = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off")
    templates = [path for path in tracked_files() if path.suffix == ".html" and path.is_relative_to(ROOT / "templates")]
    assert len(templates) > 40
    found = {shown(path) for path in templates if pattern.search(path.read_text(encoding="utf-8"))}
    assert found - set(LOOKED_AT) == set()


def test_what_was_looked_at_is_still_there() -> None:
    for place in LOOKED_AT:
        assert (ROOT / place.partition(":")[0]).exists(), place


def test_no_template_has_code_inside() -> None:
    """The walk of tests/test_access.py sees pages; this sees the branches that it does not come to. JSON is no code."""
    scripts = r"<script(?![^>]*\bsrc=)(?![^>]* type=\"application/json\">)"
    pattern = re.compile(rf"{scripts}|<style\b|<[^<>]*\sstyle\s*=|<[^<>]*\son[a-z]+\s*=|javascript:", re.I)
    templates = [path for path in tracked_files() if path.suffix == ".html" and path.is_relative_to(ROOT / "templates")]
    assert [shown(path) for path in templates if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_scripts_do_not_write_html() -> None:
    pattern = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    scripts = [path for path in Path(settings.BASE_DIR, "static").rglob("*.js")]
    assert scripts
    assert [shown(path) for path in scripts if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_htmx_runs_no_code_from_attributes(client: Client, db: None) -> None:
    page: Any = client.get("/accounts/login/").text
    assert '"allowEval":false' in page.replace(" ", "").replace("&quot;", '"')
