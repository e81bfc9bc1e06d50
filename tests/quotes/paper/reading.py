"""Reads a PDF back: its text as poppler extracts it, and its tags."""

import subprocess
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

BREAK_HERE = "\u200b"


def read_text(pdf: bytes, *, page: int | None = None) -> str:
    """The text in the order it was drawn, without the zero-width spaces that let long words break."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    output = subprocess.run(["pdftotext", "-raw", *pages, "-", "-"], input=pdf, capture_output=True, check=True)
    return output.stdout.decode().replace(BREAK_HERE, "")


def read_lines(pdf: bytes, *, page: int | None = None) -> list[str]:
    return [line for line in read_text(pdf, page=page).replace("\f", "\n").split("\n") if line]


def join(text: str) -> str:
    """The text without spaces and line ends, to compare what was wrapped."""
    return "".join(text.split())


def count_pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def read_tags(pdf: bytes) -> list[DictionaryObject]:
    """Every element of the structure tree, in reading order."""
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    return list(walk(root))


def walk(element: DictionaryObject) -> Iterator[DictionaryObject]:
    children = element.get("/K", [])
    if isinstance(children, IndirectObject):
        children = children.get_object()
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object() if isinstance(child, IndirectObject) else child
        if isinstance(child, DictionaryObject) and "/S" in child:
            yield child
            yield from walk(child)


def read_kinds(pdf: bytes) -> list[str]:
    return [str(tag["/S"]) for tag in read_tags(pdf)]
