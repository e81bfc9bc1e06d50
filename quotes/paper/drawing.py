"""Draws a document as PDF/UA-1 and PDF/A-2a with typst."""

import base64
import json
import weakref
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Literal

import typst

from foundation.text.printable import find_fonts

from .document import Document, Language
from .sheet import lay_out

FAMILY = "Noto Sans CJK JP"
TEMPLATE = Path(__file__).with_name("quote.typ")

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


@cache
def load_template() -> bytes:
    return TEMPLATE.read_bytes()


def draw(*, document: Document) -> bytes:
    """The document as a PDF. The same document always gives the same bytes. Safe to call from many threads.

    Raises DrawingFailed when an image cannot be read or the PDF cannot be made.
    """
    sheet = lay_out(document)
    files = []
    for picture in PICTURES:
        file = read_picture(picture, document)
        if file:
            sheet["issuer"][f"{picture}_file"] = file[0]
            files.append(file)
    try:
        return compile_source(load_template(), files, sheet, at=document["issued_at"])
    except RuntimeError as error:
        raise explain_failure(document) from error


def read_picture(picture: Picture, document: Document) -> File | None:
    """The picture as a file for the template, if the issuer has it. Raises DrawingFailed for an unknown kind."""
    image = document["issuer"][picture]
    if image is None:
        return None
    try:
        return FILE_NAMES[image["media_type"]].format(picture), base64.b64decode(image["base64"], validate=True)
    except (KeyError, ValueError) as error:
        raise DrawingFailed(PICTURE_PROBLEMS[document["language"]][picture], picture=picture) from error


def compile_source(source: bytes, files: list[File], data: object, *, at: str) -> bytes:
    """The PDF of a typst source. `files` are all that it can read; `at` is the ISO moment stamped on the PDF.

    Raises RuntimeError (typst.TypstError is one) when typst refuses.
    """
    folder = folder_with(tuple(files))
    # The stubs ask that the root be bytes when the source is.
    pdf: bytes = typst.compile(  # type: ignore[call-overload]
        source,
        root=folder.path,
        font_paths=load_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime.fromisoformat(at),
    )
    return pdf


class Folder:
    """A folder of our own that holds just these files. It goes when nothing refers to it any more.

    The names are ours, never a user's. (typst.compile takes files as a mapping too, but only UTF-8 text.)
    """

    def __init__(self, files: tuple[File, ...]) -> None:
        self.path = mkdtemp(prefix="quote-")
        weakref.finalize(self, rmtree, self.path, ignore_errors=True)
        self.files = [Path(self.path, name) for name, _ in files]
        for path, (_, content) in zip(self.files, files, strict=True):
            path.write_bytes(content)

    def is_whole(self) -> bool:
        """Whether all is still there: systems clean their folder for temporary files."""
        return Path(self.path).is_dir() and all(path.is_file() for path in self.files)


@lru_cache(maxsize=16)
def _folder_with(files: tuple[File, ...]) -> Folder:
    return Folder(files)


def folder_with(files: tuple[File, ...]) -> Folder:
    """The folder with just these files. A reseller's pictures serve many quotes, so theirs is kept."""
    folder = _folder_with(files)
    if not folder.is_whole():
        _folder_with.cache_clear()
        folder = _folder_with(files)
    return folder


def explain_failure(document: Document) -> DrawingFailed:
    """What to tell after typst refused: the picture that cannot be drawn alone, or nothing in particular."""
    language = document["language"]
    for picture in PICTURES:
        file = read_picture(picture, document)
        if file is None:
            continue
        source = f'#set document(title: "-")\n#image("{file[0]}", alt: "-", width: 1cm)'
        try:
            compile_source(source.encode(), [file], {}, at=document["issued_at"])
        except RuntimeError:
            return DrawingFailed(PICTURE_PROBLEMS[language][picture], picture=picture)
    return DrawingFailed(OTHER_PROBLEM[language])
