"""The process that reads: small files that would need much are refused, in little memory and soon, whoever asks."""

import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.utils import translation

from foundation.spreadsheets import files
from foundation.spreadsheets.bounds import MOST_MEMORY
from foundation.spreadsheets.files import FileRefused, open_file

from .books import make_book, packed, rows_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CELL = rows_of("<row><c><v>1</v></c></row>")
DAMAGED = "The workbook is damaged or incomplete."
UNPACKED = "Unpacked, this workbook is larger than 200 MB."
MILLIONS = 15_000_000
HOSTILE = {
    "styles without end": (lambda: make_book(CELL, styles=f"<cellXfs>{'<xf/>' * 900_000}</cellXfs>"), DAMAGED),
    "number formats without end": (
        lambda: make_book(CELL, styles=f"<numFmts>{'<numFmt/>' * 600_000}</numFmts>"),
        DAMAGED,
    ),
    "shared texts without end": (lambda: make_book(CELL, texts="<si/>" * 2_500_000), DAMAGED),
    "shared texts packed tightly": (lambda: make_book(CELL, texts="<si/>" * 6_000_000), DAMAGED),
    "8,000 sheets naming one part": (
        lambda: make_book(CELL, targets=("worksheets/sheet1.xml",) * 8_000),
        "The workbook has more than 200 sheets.",
    ),
    "a few sheets naming one part": (lambda: make_book(CELL, targets=("worksheets/sheet1.xml",) * 3), DAMAGED),
    "attributes without end": (
        lambda: make_book(f"""<sheetData><row {" ".join(f'a{n}=""' for n in range(300_000))}/></sheetData>"""),
        DAMAGED,
    ),
    "an attribute without end": (lambda: make_book(f'<sheetData><row r="{"1" * MILLIONS}"/></sheetData>'), DAMAGED),
    "a tag without end": (lambda: make_book(f"<{'x' * MILLIONS}/>"), DAMAGED),
    "nesting without end": (lambda: make_book("<a>" * 3_000_000), DAMAGED),
    "defined names without end": (lambda: make_book(CELL, properties="<definedName/>" * 200_000), DAMAGED),
    "merged cells without end": (
        lambda: make_book(CELL + "<mergeCells>" + '<mergeCell ref="A1:A2"/>' * 200_000 + "</mergeCells>"),
        DAMAGED,
    ),
    "a comment without end": (lambda: make_book(f"<!--{'x' * MILLIONS}-->" + CELL), DAMAGED),
    "entities": (
        lambda: make_book(CELL, more={"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}),
        DAMAGED,
    ),
    "relations without end": (
        lambda: make_book(CELL, more={"xl/_rels/workbook.xml.rels": f"<r>{'<Relationship/>' * 200_000}</r>"}),
        DAMAGED,
    ),
    "more than is unpacked": (lambda: make_book(CELL, more={"xl/media/x.bin": " " * 215_000_000}), UNPACKED),
    "packed as no program packs": (lambda: make_book(" " * 60_000_000), DAMAGED),
    "another program's workbook": (
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}),
        "This is an OpenDocument spreadsheet (.ods).",
    ),
    "a text document": (
        lambda: packed({"[Content_Types].xml": "", "word/document.xml": ""}),
        "This is not an XLSX workbook.",
    ),
    "no sheet": (lambda: make_book(), DAMAGED),
    "a workbook with a password": (
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "This workbook has a password.",
    ),
    "an old workbook": (lambda: OLE + b"Workbook", "This is an old Excel file (.xls)."),
    "a web page called a workbook": (lambda: "\ufeff<html>".encode("utf-16"), "This is a web page or XML"),
}
DEAR = ("styles without end", "shared texts without end", "attributes without end", "nesting without end")
"""Those that come near the bounds: read once, in a process whose memory is measured."""


def refusal_of(data: bytes) -> str:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        read_all(data)
    return str(refused.value)


def read_all(data: bytes) -> None:
    with open_file(data) as book:
        for sheet in book.sheets:
            list(book.read(sheet))


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in DEAR])
def test_it_is_refused_in_clear_words(name):
    make, reason = HOSTILE[name]
    assert refusal_of(make()).startswith(reason)


def test_a_process_that_needs_too_much_memory_is_a_refusal(monkeypatch):
    """With limits so small that an ordinary file is beyond them."""
    monkeypatch.setattr(files, "COMMAND", limited("memory=24 * 1024 * 1024, seconds=30"))
    reason = "Reading this file takes more memory than is allowed. Copy only the table into a new workbook"
    assert refusal_of(make_book(rows_of(*["<row><c><v>1</v></c></row>"] * 200_000))).startswith(reason)


def test_a_process_that_needs_too_long_is_a_refusal(monkeypatch):
    monkeypatch.setattr(files, "COMMAND", limited("memory=500 * 1024 * 1024, seconds=1"))
    reason = "Reading this file takes longer than is allowed."
    empty = rows_of(*["<row/>"] * 1_040_000)
    assert refusal_of(make_book(empty, empty, empty, empty, empty, empty)).startswith(reason)


def limited(limits: str) -> list[str]:
    start = files.START.replace(
        "import main; main()",
        f"import main; import foundation.spreadsheets.child as own; limit = own.limit_itself; "
        f"own.limit_itself = lambda: limit({limits}); main()",
    )
    return [*files.COMMAND[:-3], start, *files.COMMAND[-2:]]


def test_a_process_that_says_nothing_is_not_waited_for_without_end(monkeypatch):
    monkeypatch.setattr(files, "MOST_WAITING", 0.2)
    monkeypatch.setattr(files, "COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
    assert refusal_of(b"a,b\n").startswith("Reading this file takes longer than is allowed.")


def test_a_process_that_is_killed_is_a_refusal():
    with translation.override("en"), open_file(b"a,b\n" * 5_000) as book:
        os.kill(book.process.pid, 9)
        with pytest.raises(FileRefused, match="takes more memory than is allowed"):
            list(book.read(book.sheets[0]))


def test_nothing_of_the_process_is_left():
    with open_file(b"a,b\n") as book:
        process = book.process
    assert process.returncode is not None
    assert not [thread for thread in threading.enumerate() if thread is book.feeder]
    with open_file(b"a,b\n" * 50_000) as book:
        next(book.read(book.sheets[0]))
    assert book.process.returncode is not None


def test_many_threads_read_at_once():
    def count(number: int) -> int:
        with open_file(b"a,b\n" * number) as book:
            return len(list(book.read(book.sheets[0])))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(count, range(1, 9))) == list(range(1, 9))


def test_the_process_has_neither_packages_nor_secrets_in_it():
    """Its start is waited for with every file, and what a broken file might make of it must find nothing."""
    show = files.START.replace("main()", "import os; print(sorted(sys.modules), dict(os.environ))")
    done = subprocess.run([*files.COMMAND[:-3], show, *files.COMMAND[-2:]], capture_output=True, text=True, env={})
    assert done.stderr == ""
    modules = set(re.findall(r"'([\w.]+)'", done.stdout))
    own = {name for name in modules if name.startswith("foundation")}
    assert own == {
        "foundation",
        "foundation.spreadsheets",
        "foundation.spreadsheets.bounds",
        "foundation.spreadsheets.child",
    }
    assert not modules & {"django", "openpyxl", "subprocess", "socket"}
    assert "SECRET_KEY" not in done.stdout


MEASURE = """
import json, os, resource
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django; django.setup()
from tests.foundation.spreadsheets.test_process import DEAR, HOSTILE, refusal_of
books = {name: HOSTILE[name][0]() for name in DEAR}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
refusals = {name: refusal_of(data) for name, data in books.items()}
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([refusals, own // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]))
"""


def test_they_are_refused_in_memory_that_stays_bounded_on_both_sides():
    """In MB: above what making these files took here, and altogether in the reading process."""
    done = subprocess.run([sys.executable, "-c", MEASURE], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    refusals, own, reading = json.loads(done.stdout)
    assert set(refusals) == set(DEAR)
    assert [name for name in DEAR if not refusals[name].startswith(HOSTILE[name][1])] == []
    assert own < 50
    assert reading < MOST_MEMORY // 1024 // 1024
