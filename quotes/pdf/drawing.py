"""Draws a document as PDF/UA-1 and PDF/A-2a with typst."""

import base64
import binascii
import json
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

from .characters import find_fonts
from .document import Document, Image
from .sheet import lay_out

TEMPLATE = Path(__file__).with_name("quote.typ")
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

FILE_NAMES = {"image/png": "{}.png", "image/jpeg": "{}.jpg", "image/svg+xml": "{}.svg"}
"""What a picture is called among the template's files, by its media type."""

PICTURE_PROBLEMS = {
    "ja": {"seal": "角印の画像を読み取れません。", "logo": "ロゴの画像を読み取れません。"},
    "en": {"seal": "The image of the seal cannot be read.", "logo": "The image of the logo cannot be read."},
}
OTHER_PROBLEM = {"ja": "PDFを作成できませんでした。", "en": "The PDF could not be made."}


class DrawingFailed(Exception):
    """No PDF could be made. The text is for a person; the cause is chained.

    `picture` is `seal` or `logo` when that image is to blame, else None.
    """

    def __init__(self, message: str, *, picture: str | None = None) -> None:
        super().__init__(message)
        self.picture = picture


@cache
def load_fonts() -> typst.Fonts:
    """The two fonts of the document, shared by all threads."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(p) for p in find_fonts()]
    )


@cache
def load_template() -> bytes:
    return TEMPLATE.read_bytes()


def draw(*, document: Document) -> bytes:
    """The document as a PDF. The same document always gives the same bytes. Safe to call from many threads.

    Raises DrawingFailed when an image cannot be read or the PDF cannot be made.
    """
    sheet = lay_out(document)
    files = {"main.typ": load_template()}
    for picture, image in list_pictures(document).items():
        file_name, content = read_picture(picture, image, document)
        files[file_name] = content
        sheet["issuer"][f"{picture}_file"] = file_name
    try:
        return compile_files(files, sheet, at=document["issued_at"])
    except (typst.TypstError, RuntimeError) as error:
        raise explain_failure(document) from error


def list_pictures(document: Document) -> dict[str, Image]:
    pictures = {"seal": document["issuer"]["seal"], "logo": document["issuer"]["logo"]}
    return {picture: image for picture, image in pictures.items() if image is not None}


def read_picture(picture: str, image: Image, document: Document) -> tuple[str, bytes]:
    """The file name and the bytes of a picture. Raises DrawingFailed when it is not of a known kind."""
    try:
        return FILE_NAMES[image["media_type"]].format(picture), base64.b64decode(image["base64"], validate=True)
    except (KeyError, binascii.Error, ValueError) as error:
        raise DrawingFailed(PICTURE_PROBLEMS[document["language"]][picture], picture=picture) from error


def compile_files(files: dict[str, bytes], data: object, *, at: str) -> bytes:
    """The PDF of `main.typ` among `files`, which are all that it can read. `at` is its ISO time stamp."""
    return typst.compile(
        files,  # type: ignore[type-var]  # the stubs do not know files by name yet
        font_paths=load_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=datetime.fromisoformat(at),
    )


def explain_failure(document: Document) -> DrawingFailed:
    """What to tell after typst refused: the picture that cannot be drawn alone, or nothing in particular."""
    language = document["language"]
    for picture, image in list_pictures(document).items():
        file_name, content = read_picture(picture, image, document)
        source = f'#set document(title: "-")\n#image("{file_name}", alt: "-", width: 1cm)'
        try:
            compile_files({"main.typ": source.encode(), file_name: content}, {}, at=document["issued_at"])
        except (typst.TypstError, RuntimeError):
            return DrawingFailed(PICTURE_PROBLEMS[language][picture], picture=picture)
    return DrawingFailed(OTHER_PROBLEM[language])
