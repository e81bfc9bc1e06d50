"""What stands in an answer: its texts, whatever the file; and code that stands in the page itself."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile, is_zipfile

from pypdf import PdfReader

from tests.access.asking import Answer

SUSPECT = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|data:text")
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""Nothing from elsewhere, nothing that stands in the page itself. Pictures of seals are data addresses."""


def wrong_headers(answer: Answer) -> Iterator[str]:
    """Each header that protects a page and is not there, or says something else."""
    for response in answer.responses:
        for name, value in HEADERS.items():
            if response.get(name) != value:
                yield f"{name}: {response.get(name)}"
        policy = dict(part.strip().split(" ", 1) for part in response.get("Content-Security-Policy", "- -").split(";"))
        if policy != POLICY:
            yield f"Content-Security-Policy: {policy}"
        if "camera=()" not in response.get("Permissions-Policy", ""):
            yield "Permissions-Policy"
        if not {"no-store", "private"} <= {part.strip() for part in response.get("Cache-Control", "").split(",")}:
            yield f"Cache-Control: {response.get('Cache-Control')}"


def texts(answer: Answer) -> Iterator[str]:
    """Everything that can be read in an answer: its headers, its page, its files, and the files in these.

    The address that was asked for may stand there: whoever asks knows it.
    """
    for response in answer.responses:
        asked = {part for part in response.request["PATH_INFO"].split("/") if part}
        for text in ("\n".join(f"{name}: {value}" for name, value in response.items()), *_texts(response.content_read)):
            for part in asked:
                text = text.replace(f"/{part}/", "//")
            yield text


def _texts(content: bytes) -> Iterator[str]:
    if content.startswith(b"%PDF"):
        yield "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    elif is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from _texts(archive.read(name))
    else:
        yield content.decode("utf-8", errors="replace")


def inline_code(answer: Answer) -> Iterator[str]:
    """Each element of a page that the policy would stop: code that the page brings, or that a name smuggled in."""
    for response in answer.responses:
        if response.headers.get("Content-Type", "").startswith("text/html"):
            page = response.content_read.decode()
            if SUSPECT.search(page):  # reading all pages properly takes too long
                reader = CodeReader()
                reader.feed(page)
                yield from reader.found


class CodeReader(HTMLParser):
    """Finds scripts, styles and handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_script = tag == "script" and "src" not in given and given.get("type") != "application/json"
        leads = " ".join(given.get(name) or "" for name in ("href", "src", "action", "formaction")).lower()
        if (
            is_script
            or tag == "style"
            or "style" in given
            or any(name.startswith("on") for name in given)
            or re.search(r"javascript:|data:text", leads)
        ):
            self.found.append(self.get_starttag_text() or tag)
