"""XLSX workbooks: their parts within bounds, their sheets, styles and shared texts.

XML is read as a stream by expat and never kept as a tree, so a part costs no more memory than what is wanted of it.
Namespaces are not looked at: "Strict Open XML" has others, and the same names.
"""

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any
from xml.parsers import expat

from .bounds import (
    LARGE_PART,
    MEGABYTE,
    MOST_ELEMENTS,
    MOST_PARTS,
    MOST_RATIO,
    MOST_SHEETS,
    MOST_STYLES,
    MOST_TEXT,
    MOST_TEXTS,
    MOST_TOKEN,
    MOST_UNPACKED,
    Refused,
)
from .escapes import decode_escapes
from .formats import BUILT_IN, Format, read_format

CHUNK = 65_536
OUT_OF_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Archive:
    """The parts of a workbook, unpacked one by one, not more of them together than the bound."""

    def __init__(self, data: bytes) -> None:
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused("damaged") from error
        parts = self.zip.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Refused("unpacked", size=MOST_UNPACKED // MEGABYTE)
        self.parts = {self.key(part.filename): part for part in parts}
        if len(self.parts) < len(parts):
            raise Refused("damaged")
        self.unpacked = 0
        self.kept: dict[str, bytes] = {}

    @staticmethod
    def key(name: str) -> str:
        return name.replace("\\", "/").lstrip("/").casefold()

    def __contains__(self, name: str) -> bool:
        return self.key(name) in self.parts

    def read(self, name: str) -> bytes:
        """A part's bytes. Raises Refused where there is none, or it is not what its entry says."""
        key = self.key(name)
        if key not in self.kept:
            part = self.parts.get(key)
            if part is None or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refused("damaged")
            if part.flag_bits & 1:
                raise Refused("password")
            if part.file_size > max(LARGE_PART, MOST_RATIO * part.compress_size):
                raise Refused("damaged")
            try:
                with self.zip.open(part) as file:
                    data = file.read(MOST_UNPACKED - self.unpacked + 1)
            except MemoryError:
                raise
            except Exception as error:  # zlib.error, BadZipFile, EOFError, RuntimeError …
                raise Refused("damaged") from error
            self.unpacked += len(data)
            if self.unpacked > MOST_UNPACKED:
                raise Refused("unpacked", size=MOST_UNPACKED // MEGABYTE)
            self.kept[key] = data
        return self.kept[key]


class Parsing:
    """A part that is read bit by bit. Raises Refused for broken XML, document types and tags without end."""

    def __init__(self, data: bytes, start: Start, end: End | None = None, text: Text | None = None) -> None:
        self.data = data
        self.start, self.end = start, end
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.first
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self.refuse

    def first(self, tag: str, attributes: dict[str, str]) -> None:
        """The first tag tells whether all have a prefix."""
        start, end = self.start, self.end
        if ":" in tag:
            self.parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
            if end is not None:
                self.parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        else:
            self.parser.StartElementHandler = start
        start(tag.rpartition(":")[2], attributes)

    def refuse(self, *_arguments: object) -> None:
        raise Refused("damaged")

    def steps(self) -> Any:
        """Read on, and give the reins back after each bit."""
        try:
            for offset in range(0, len(self.data), CHUNK):
                piece = self.data[offset : offset + CHUNK]
                self.parser.Parse(piece, False)
                if offset + len(piece) - self.parser.CurrentByteIndex > MOST_TOKEN:
                    raise Refused("damaged")
                yield
            self.parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            raise Refused("too-much" if error.code == OUT_OF_MEMORY else "damaged") from error
        except (ValueError, KeyError, IndexError, OverflowError) as error:
            raise Refused("damaged") from error

    def all(self) -> None:
        for _step in self.steps():
            pass


class Counter:
    """Counts up to a bound. Raises Refused beyond it."""

    def __init__(self, most: int) -> None:
        self.left = most

    def one(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Refused("damaged")


def open_workbook(data: bytes, folder: str = "") -> list[Any]:
    """The sheets of cells that a workbook has, in its order. `folder`: of the library that reads large ones."""
    from .quick import open_quickly
    from .worksheets import Worksheet

    archive = Archive(data)
    check_kind(archive)
    book = find_book(archive)
    parts = read_relations(archive, book)
    sheets, active, is_1904 = read_sheets(archive, book)
    texts = next((part for kind, part in parts.values() if kind == "sharedStrings"), None)
    styles = next((part for kind, part in parts.values() if kind == "styles"), None)
    text_parts = [archive.read(texts)] if texts and texts in archive else []
    shared = SharedTexts(text_parts)
    formats = read_styles(archive.read(styles)) if styles and styles in archive else []
    found, taken = [], set()
    for position, (name, state, relation) in enumerate(sheets):
        kind, part = parts.get(relation, ("", ""))
        if kind != "worksheet":
            continue
        if part in taken:
            raise Refused("damaged")
        taken.add(part)
        found.append(
            Worksheet(
                data=archive.read(part),
                name=name,
                state=state,
                is_active=position == active,
                texts=shared,
                text_parts=text_parts,
                open_quickly=partial(open_quickly, data, position, folder=folder),
                formats=formats,
                is_1904=is_1904,
            )
        )
    if not found:
        raise Refused("damaged")
    return found


def check_kind(archive: Archive) -> None:
    """Raises Refused, with what it is, where the archive is no workbook of this kind."""
    if "mimetype" in archive:
        kind = archive.read("mimetype")[:100].decode("ascii", "replace")
        raise Refused("open-document" if "opendocument.spreadsheet" in kind else "no-workbook")
    if "xl/workbook.bin" in archive:
        raise Refused("binary-workbook")
    if "[Content_Types].xml" not in archive:
        raise Refused("no-workbook")
    if "word/document.xml" in archive or "ppt/presentation.xml" in archive:
        raise Refused("no-workbook")


def find_book(archive: Archive) -> str:
    """The part in which the sheets are listed."""
    relations = read_relations(archive, "") if "_rels/.rels" in archive else {}
    named = next((part for kind, part in relations.values() if kind == "officeDocument"), "xl/workbook.xml")
    if named not in archive:
        raise Refused("damaged")
    return named


def read_relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """What a part points to: by its mark, the kind and the part."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}
    count = Counter(MOST_ELEMENTS)

    def start(tag: str, attributes: dict[str, str]) -> None:
        count.one()
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            full = target if target.startswith("/") else posixpath.join(folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, posixpath.normpath(full).lstrip("/"))

    Parsing(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")), start).all()
    return found


def read_sheets(archive: Archive, book: str) -> tuple[list[tuple[str, str, str]], int, bool]:
    """Name, state and mark of every sheet; which is shown first; whether days are counted from 1904."""
    sheets: list[tuple[str, str, str]] = []
    active, is_1904 = 0, False
    count = Counter(MOST_ELEMENTS)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal active, is_1904
        count.one()
        if tag == "sheet":
            mark = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            sheets.append((decode_escapes(attributes.get("name", ""))[:100], attributes.get("state", "visible"), mark))
            if len(sheets) > MOST_SHEETS:
                raise Refused("too-many-sheets", most=MOST_SHEETS)
        elif tag == "workbookView":
            active = int(attributes.get("activeTab", "0"))
        elif tag == "workbookPr":
            is_1904 = attributes.get("date1904", "0") in ("1", "true", "on")

    Parsing(archive.read(book), start).all()
    return sheets, active, is_1904


class SharedTexts:
    """The texts that cells share, without their readings in kana. They are read as far as one has been asked for."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        if any(part.count(b"<si") > MOST_TEXTS for part in parts):
            raise Refused("damaged")
        self.texts: list[str] = []
        self.steps = read_texts(parts[0], self.texts) if parts else iter(())

    def __getitem__(self, index: int) -> str:
        """Raises IndexError where there is none, Refused where the part is broken."""
        while index >= len(self.texts):
            if next(self.steps, self) is self:
                break
        return self.texts[index]


def read_texts(data: bytes, texts: list[str]) -> Iterator[None]:
    """Put the shared texts into the list, a piece at each step."""
    pieces: list[str] = []
    is_wanted = False
    length = elements = readings = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_wanted, length, elements, readings
        elements += 1
        if tag == "si":
            pieces.clear()
            length = elements = readings = 0
        elif tag == "rPh":
            readings += 1
        elif tag == "t":
            is_wanted = not readings
        if elements > MOST_ELEMENTS:
            raise Refused("damaged")

    def end(tag: str) -> None:
        nonlocal is_wanted, readings
        if tag == "t":
            is_wanted = False
        elif tag == "rPh":
            readings -= 1
        elif tag == "si":
            texts.append(decode_escapes("".join(pieces))[:MOST_TEXT])
            if len(texts) > MOST_TEXTS:
                raise Refused("damaged")

    def text(piece: str) -> None:
        nonlocal length
        if is_wanted and length < 2 * MOST_TEXT:
            length += len(piece)
            pieces.append(piece[: 2 * MOST_TEXT])

    yield from Parsing(data, start, end, text).steps()


def read_styles(data: bytes) -> list[Format | None]:
    """The number format of each style; None: numbers stand as they are."""
    codes: dict[int, str] = dict(BUILT_IN)
    numbers: list[int] = []
    is_of_cells = False
    count = Counter(5 * MOST_ELEMENTS)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_of_cells
        count.one()
        if tag == "numFmt":
            codes[int(attributes.get("numFmtId", "0"))] = decode_escapes(attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            is_of_cells = True
        elif tag == "xf" and is_of_cells:
            numbers.append(int(attributes.get("numFmtId", "0")))
            if len(numbers) > MOST_STYLES:
                raise Refused("damaged")

    def end(tag: str) -> None:
        nonlocal is_of_cells
        if tag == "cellXfs":
            is_of_cells = False

    Parsing(data, start, end).all()
    known: dict[int, Format | None] = {}
    for number in set(numbers):
        found = read_format(codes[number]) if codes.get(number) else None
        known[number] = None if found is None or (found.is_plain and not found.hides_text) else found
    return [known[number] for number in numbers]
