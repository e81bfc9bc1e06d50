"""Drawing as such: the same bytes each time, from many threads, and a clear word when an image is broken."""

import gc
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from shutil import rmtree

import pytest
from pypdf import PdfReader

from quotes.paper import Document, DrawingFailed, draw
from quotes.paper.drawing import PICTURES, Folder, folder_with, read_picture
from tests.quotes.paper.documents import LOGO, LOGO_SVG, SEAL, make_document, make_image, make_long_document, make_png


@pytest.mark.parametrize("number", ["Q2611-0042-00", None])
def test_the_same_document_gives_the_same_bytes(number: str | None) -> None:
    document = make_document(number=number, issuer={"seal": SEAL, "logo": LOGO})
    assert draw(document=document) == draw(document=document)


def test_pictures_whose_folder_was_cleaned_away_are_written_again() -> None:
    document = make_document(issuer={"seal": SEAL, "logo": LOGO})
    before = draw(document=document)
    folder = folder_with(pictures_of(document))
    assert {path.name for path in Path(folder.path).iterdir()} == {name for name, _ in pictures_of(document)}
    assert folder_with(pictures_of(document)) is folder
    (Path(folder.path) / "seal.png").unlink()
    assert draw(document=document) == before
    rmtree(folder_with(pictures_of(document)).path)
    assert draw(document=document) == before


def test_a_folder_goes_when_nothing_uses_it() -> None:
    folder = Folder((("seal.png", b"-"),))
    path = Path(folder.path)
    assert path.is_dir()
    del folder
    gc.collect()
    assert not path.exists()


def pictures_of(document: Document) -> tuple[tuple[str, bytes], ...]:
    return tuple(file for picture in PICTURES if (file := read_picture(picture, document)))


def test_another_moment_gives_other_bytes() -> None:
    later = make_document(issued_at="2026-11-23T10:15:31+09:00")
    assert draw(document=make_document()) != draw(document=later)


def test_title_author_language_and_moment_are_in_the_file() -> None:
    reader = PdfReader(BytesIO(draw(document=make_document())))
    assert reader.metadata is not None
    assert reader.metadata.title == "御見積書 Q2611-0042-00"
    assert reader.metadata.author == "株式会社北斗システム"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.isoformat() == "2026-11-23T01:15:30+00:00"
    assert reader.trailer["/Root"]["/Lang"] == "ja"
    english = PdfReader(BytesIO(draw(document=make_document(language="en"))))
    assert english.trailer["/Root"]["/Lang"] == "en"


def test_eight_threads_draw_what_one_draws() -> None:
    documents = [make_document(number=f"Q2611-{number:04}-00", issuer={"seal": SEAL}) for number in range(31)]
    documents.append(make_long_document(lines=60))
    alone = [sha256(draw(document=document)).digest() for document in documents]
    with ThreadPoolExecutor(max_workers=8) as pool:
        together = list(pool.map(lambda document: sha256(draw(document=document)).digest(), documents))
    assert together == alone
    assert len(set(alone)) == len(documents)


def test_images_are_in_the_pdf() -> None:
    bare = draw(document=make_document())
    sealed = draw(document=make_document(issuer={"seal": SEAL}))
    assert len(PdfReader(BytesIO(bare)).pages[0].images) == 0
    assert len(PdfReader(BytesIO(sealed)).pages[0].images) == 1


BROKEN = {
    "not an image": make_image(b"not an image", "image/png"),
    "cut off": make_image(make_png()[:200], "image/png"),
    "wrong media type": make_image(make_png(), "image/jpeg"),
    "unknown media type": make_image(b"GIF89a", "image/gif"),
    "broken SVG": make_image(b"<svg", "image/svg+xml"),
    "not base64": {"media_type": "image/png", "base64": "%%%"},
    "empty": make_image(b"", "image/png"),
}


@pytest.mark.parametrize("image", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize(
    ("picture", "language", "message"),
    [
        ("seal", "ja", "角印の画像を読み取れません。"),
        ("logo", "ja", "ロゴの画像を読み取れません。"),
        ("logo", "en", "The image of the logo cannot be read."),
    ],
)
def test_a_broken_image_is_named(image: dict[str, str], picture: str, language: str, message: str) -> None:
    whole = {"seal": SEAL, "logo": LOGO}
    document = make_document(language=language, issuer={**whole, picture: image})
    with pytest.raises(DrawingFailed) as failure:
        draw(document=document)
    assert str(failure.value) == message
    assert failure.value.picture == picture
    assert failure.value.__cause__ is not None


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "/etc/hostname", "../quote.typ", "quote.typ", "http://127.0.0.1:9/x.png"]
)
def test_a_logo_that_points_elsewhere_is_refused(address: str) -> None:
    image = f'<image href="{address}" width="9" height="9"/></svg>'.encode()
    logo = make_image(LOGO_SVG.replace(b"</svg>", image), "image/svg+xml")
    with pytest.raises(DrawingFailed) as failure:
        draw(document=make_document(issuer={"logo": logo}))
    assert failure.value.picture == "logo"


def test_entities_of_an_svg_are_not_followed() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (97 + i, b"&%c;" % (96 + i) * 10) for i in range(1, 10)
    )
    svg = (
        bomb
        + b'<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        + LOGO_SVG.replace(b"</svg>", b"<text>&j;&x;</text></svg>")
    )
    with pytest.raises(DrawingFailed) as failure:
        draw(document=make_document(issuer={"logo": make_image(svg, "image/svg+xml")}))
    assert failure.value.picture == "logo"
