"""Which texts of the portal's own stand in the other language than the page, letter or file around them.

Names and data may be in any language: only what the catalogue translates is looked for, whole texts, with whatever
stands in the places of their placeholders.
"""

import re
from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import polib
from django.conf import settings

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
SHORTEST = 6
"""Letters beside the placeholders: a shorter text is found anywhere."""
UNREAD = {"script", "style", "code", "kbd", "textarea"}


def plain(text: str) -> str:
    return " ".join(text.split())


@cache
def known_texts(language: str) -> tuple[frozenset[str], re.Pattern[str]]:
    """The texts of the *other* language: whole ones, and a pattern of those with placeholders."""
    whole: set[str] = set()
    parts: set[str] = set()
    theirs: set[str] = set()
    for entry in polib.pofile(str(Path(settings.BASE_DIR, "locale/ja/LC_MESSAGES/django.po"))):
        english = {entry.msgid, entry.msgid_plural} - {""}
        japanese = {entry.msgstr, *entry.msgstr_plural.values()} - {""}
        if not any(JAPANESE.search(text) for text in japanese):
            continue
        texts, own = (english, japanese) if language == "ja" else (japanese, english)
        theirs |= {plain(text) for text in own}
        for text in texts:
            for line in text.splitlines():
                if not PLACEHOLDER.search(line):
                    whole.add(plain(line))
                elif len(re.sub(r"\W", "", PLACEHOLDER.sub("", line))) >= SHORTEST:
                    pieces = [re.escape(plain(piece)) for piece in PLACEHOLDER.split(line)]
                    parts.add(r"\s*.+?\s*".join(pieces))
    return frozenset(whole - theirs - {""}), re.compile("|".join(f"(?:{part})" for part in sorted(parts)))


def in_the_wrong_language(pieces: Iterable[str], language: str, *, data: Iterable[str] = ()) -> list[str]:
    """Those pieces (lines, cells, texts between tags) that are the portal's own texts in the other language.

    `data`: what only looks like one.
    """
    whole, pattern = known_texts(language)
    left_out = set(data)
    found = []
    for piece in {plain(one) for one in pieces} - left_out - {""}:
        if piece in whole or (bool(JAPANESE.search(piece)) is (language == "en") and pattern.fullmatch(piece)):
            found.append(piece)
    return sorted(found)


class Reader(HTMLParser):
    """Texts between tags, and attributes that are read; what says that it is in another language is left out."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        is_out = tag in UNREAD or said.get("lang", self.language) != self.language
        if not self.is_out and not is_out:
            self.texts += [said[name] or "" for name in ("aria-label", "placeholder", "title", "alt") if name in said]
        if tag not in {"input", "br", "img", "meta", "link", "hr", "wbr", "col", "path", "rect", "line", "circle"}:
            self.open.append((tag, is_out))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.is_out:
            self.texts.append(data)

    @property
    def is_out(self) -> bool:
        return any(is_out for _tag, is_out in self.open)


def texts_of(page: str, language: str) -> list[str]:
    """What somebody reads on a page."""
    reader = Reader(language)
    reader.feed(page)
    return reader.texts


def pieces_of(content: bytes, language: str) -> list[str]:
    """What somebody reads in an answer: a page, a table, a calendar, and the files in a ZIP. Not in a PDF."""
    if content.startswith(b"%PDF"):
        return []
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        if "[Content_Types].xml" in files:
            sheets = b"".join(file for name, file in files.items() if name.endswith(".xml")).decode()
            return re.findall(r"<t(?: [^>]*)?>([^<]*)</t>", sheets) + re.findall(r'<sheet name="([^"]*)"', sheets)
        return [*files, *(piece for file in files.values() for piece in pieces_of(file, language))]
    text = content.decode("utf-8", errors="replace")
    if text.lstrip().startswith("<"):
        return texts_of(text, language)
    lines = text.replace("\r\n ", "").splitlines()
    return [cell.strip('"') for line in lines for cell in (line, *re.split("[,:\t]", line))]
