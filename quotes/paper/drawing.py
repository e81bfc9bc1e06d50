"""Draws a document as PDF/UA-1 and PDF/A-2a with typst."""

import base64
import json
import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Literal

import typst

from foundation.text.printable import find_fonts

from .acknowledgement import lay_out_order
from .comparison import ComparisonDocument
from .comparison_sheet import lay_out_comparison
from .document import Document, Issuer, Language
from .sheet import lay_out

FAMILY = "Noto Sans CJK JP"
TEMPLATE = ("quote.typ", "pieces.typ")
"""The first is the document, which imports the other."""
COMPARISON_TEMPLATE = ("comparison.typ", "pieces.typ")
DATA = "data.json"
STANDARDS: Any = ["a-2a", "ua-1"]

Picture = Literal["seal", "logo"]
PICTURES: tuple[Picture, ...] = ("seal", "logo")
File = tuple[str, bytes]
"""Name and content."""

FILE_NAMES = {"image/png": "{}.png", "image/jpeg": "{}.jpg", "image/svg+xml": "{}.svg"}
"""What a picture is called among the template's files, by its media type."""

PICTURE_PROBLEMS: dict[Language, dict[Picture, str]] = {
    "ja": {"seal": "角印の画像を読み取れません。", "logo": "ロゴの画像を読み取れません。"},
    "en": {"seal": "The image of the seal cannot be read.", "logo": "The image of the logo cannot be read."},
}
OTHER_PROBLEM: dict[Language, str] = {"ja": "PDFを作成できませんでした。", "en": "The PDF could not be made."}


class DrawingFailed(Exception):
    """No PDF could be made. The text is for a person; the cause is chained.

    `picture` is `seal` or `logo` when that image is to blame, else None.
    """

    def __init__(self, message: str, *, picture: Picture | None = None) -> None:
        super().__init__(message)
        self.picture = picture


@cache
def load_fonts() -> typst.Fonts:
    """The two fonts of the document, shared by all threads. Raises FileNotFoundError when they are not there.

    Without a font typst would leave the text out and say nothing.
    """
    folders = [str(path.parent) for path in find_fonts()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    if {(font.family, font.weight) for font in fonts.fonts()} != {(FAMILY, 400), (FAMILY, 700)}:
        raise FileNotFoundError(f"{FAMILY} was not found in regular and bold.")
    return fonts


def draw(*, document: Document) -> bytes:
    """The document as a PDF. The same document always gives the same bytes. Safe to call from many threads.

    Raises DrawingFailed when an image cannot be read or the PDF cannot be made.
    """
    return _print(document, *_prepare(document))


def draw_comparison(*, document: ComparisonDocument) -> bytes:
    """The comparison as a PDF, likewise. Raises DrawingFailed."""
    issuer, language = document["issuer"], document["language"]
    sheet = lay_out_comparison(document)
    files = _pictures(issuer, language, sheet)
    try:
        return print_sheet(sheet, files, at=document["made_at"], template=COMPARISON_TEMPLATE)
    except RuntimeError as error:
        raise explain_failure(issuer, language) from error


@contextmanager
def drawing(*, documents: Sequence[Document]) -> Iterator[Callable[[], list[bytes]]]:
    """Draw each, as many side by side as there are processors, while the caller goes on with something else: typst
    leaves Python's lock to others. What is given waits for the PDFs, in the order of the documents.

    Raises DrawingFailed, here or when they are waited for. None is drawn any more once the block has ended.
    """
    threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 1)
    try:
        begun = [threads.submit(_print, document, *_prepare(document)) for document in documents]
        yield lambda: [one.result() for one in begun]
    finally:
        threads.shutdown(cancel_futures=True)


def _prepare(document: Document) -> tuple[object, list[File]]:
    """The sheet and its pictures."""
    sheet = lay_out(document)
    if order := document.get("order"):
        sheet |= lay_out_order(document, order)
    return sheet, _pictures(document["issuer"], document["language"], sheet)


def _pictures(issuer: Issuer, language: Language, sheet: dict[str, Any]) -> list[File]:
    """The issuer's pictures, whose names are told to the sheet."""
    files = []
    for picture in PICTURES:
        file = read_picture(picture, issuer, language)
        if file:
            sheet["issuer"][f"{picture}_file"] = file[0]
            files.append(file)
    return files


def _print(document: Document, sheet: object, files: Sequence[File]) -> bytes:
    try:
        return print_sheet(sheet, files, at=document["issued_at"])
    except RuntimeError as error:
        raise explain_failure(document["issuer"], document["language"]) from error


def read_picture(picture: Picture, issuer: Issuer, language: Language) -> File | None:
    """The picture as a file for the template, if the issuer has it. Raises DrawingFailed for an unknown kind."""
    image = issuer[picture]
    if image is None:
        return None
    try:
        return FILE_NAMES[image["media_type"]].format(picture), base64.b64decode(image["base64"], validate=True)
    except (KeyError, ValueError) as error:
        raise DrawingFailed(PICTURE_PROBLEMS[language][picture], picture=picture) from error


def print_sheet(sheet: object, files: Sequence[File], *, at: str, template: tuple[str, ...] = TEMPLATE) -> bytes:
    """The PDF of a sheet. `files` are its pictures; `at` is the ISO moment stamped on the PDF.

    Raises RuntimeError (typst.TypstError is one) when typst refuses.
    """
    press = _take_press(template)
    try:
        return press.print(sheet, files, at=at)
    finally:
        _idle_of(template).append(press)


class Press:
    """A compiler of typst that is kept, with a folder of its own: what it drew before it need not draw again (decision
    0037). One drawing at a time.
    """

    def __init__(self, template: tuple[str, ...] = TEMPLATE) -> None:
        self.process = os.getpid()
        self.folder = Folder([(name, Path(__file__).with_name(name).read_bytes()) for name in template])
        self._compiler = typst.Compiler(
            Path(self.folder.path, template[0]),
            root=self.folder.path,
            font_paths=load_fonts(),
            ignore_system_fonts=True,
        )

    def print(self, sheet: object, files: Sequence[File], *, at: str) -> bytes:
        data = (DATA, json.dumps(sheet, ensure_ascii=False).encode())
        with self.folder.holding([data, *files]):
            pdf: Any = self._compiler.compile(
                format="pdf", pdf_standards=STANDARDS, timestamp=datetime.fromisoformat(at)
            )
        return bytes(pdf)


_idle: list[Press] = []
"""As many as there ever were drawings of quotes at once."""
_idle_for_comparisons: list[Press] = []


def _idle_of(template: tuple[str, ...]) -> list[Press]:
    return _idle_for_comparisons if template == COMPARISON_TEMPLATE else _idle


def _take_press(template: tuple[str, ...] = TEMPLATE) -> Press:
    """One that nobody else has; not one whose template was cleaned away, or that a forked process inherited."""
    idle = _idle_of(template)
    while idle:
        try:
            press = idle.pop()
        except IndexError:  # another thread was quicker
            break
        if press.process == os.getpid() and press.folder.is_whole():
            return press
    return Press(template)


class Folder:
    """A folder of our own that holds just these files. It goes when nothing refers to it any more.

    The names are ours, never a user's. (typst.compile takes files as a mapping too, but only UTF-8 text.)
    """

    def __init__(self, files: Sequence[File]) -> None:
        self.path = mkdtemp(prefix="quote-")
        weakref.finalize(self, _remove, self.path, os.getpid())
        self.files = [Path(self.path, name) for name, _ in files]
        for path, (_, content) in zip(self.files, files, strict=True):
            path.write_bytes(content)

    @contextmanager
    def holding(self, files: Sequence[File]) -> Iterator[None]:
        """With these files beside its own until the end: nothing of one quote is there for the next one."""
        paths = [Path(self.path, name) for name, _ in files]
        try:
            for path, (_, content) in zip(paths, files, strict=True):
                path.write_bytes(content)
            yield
        finally:
            for path in paths:
                path.unlink(missing_ok=True)

    def is_whole(self) -> bool:
        """Whether all is still there: systems clean their folder for temporary files."""
        return all(path.is_file() for path in self.files)


def _remove(path: str, process: int) -> None:
    """A process that was forked off leaves the folders of the other one alone."""
    if os.getpid() == process:
        rmtree(path, ignore_errors=True)


def explain_failure(issuer: Issuer, language: Language) -> DrawingFailed:
    """What to tell after typst refused: the picture that cannot be drawn alone, or nothing in particular."""
    for picture in PICTURES:
        file = read_picture(picture, issuer, language)
        if file is None:
            continue
        source = f'#set document(title: "-")\n#image("{file[0]}", alt: "-", width: 1cm)'
        try:
            _compile_alone(source.encode(), file)
        except RuntimeError:
            return DrawingFailed(PICTURE_PROBLEMS[language][picture], picture=picture)
    return DrawingFailed(OTHER_PROBLEM[language])


def _compile_alone(source: bytes, file: File) -> None:
    folder = Folder([file])
    # The stubs ask that the root be bytes when the source is.
    typst.compile(  # type: ignore[call-overload]
        source,
        root=folder.path,
        font_paths=load_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=STANDARDS,
    )
