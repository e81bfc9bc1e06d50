"""Drawing as such: the same bytes each time, from many threads, and a clear word when an image is broken."""

import gc
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from shutil import rmtree

import pytest
from pypdf import PdfReader

from quotes.paper import DrawingFailed, draw, drawing
from quotes.paper.drawing import TEMPLATE, Folder, Press, _idle, _take_press
from tests.quotes.paper.documents import (
    CALCULATION,
    LOGO,
    LOGO_SVG,
    SEAL,
    make_document,
    make_image,
    make_long_document,
    make_png,
    make_several_document,
)


@pytest.mark.parametrize("number", ["Q2611-0042-00", None])
def test_the_same_document_gives_the_same_bytes(number: str | None) -> None:
    document = make_document(number=number, issuer={"seal": SEAL, "logo": LOGO})
    assert draw(document=document) == draw(document=document)


def test_what_was_drawn_before_changes_nothing() -> None:
    """typst takes again what it drew before; with each of these the first compiler draws what a new one draws."""
    red, blue = make_image(make_png(), "image/png"), make_image(make_png(red=20, blue=200), "image/png")
    documents = [
        make_document(issuer={"seal": red, "logo": LOGO}),
        make_document(issuer={"seal": blue}, number="Q2611-0043-00"),
        make_document(issuer={"seal": red, "name": "北斗"}, addressee={"name": "別の会社"}, issued_on="2026-11-24"),
        make_document(language="en", number=None, is_sample=True, calculation=CALCULATION),
        make_document(number=None, check=None, note="一行目"),
        make_several_document(license_ids=3, lines=20),
    ]
    _idle.clear()
    kept = [draw(document=document) for document in [*documents, *reversed(documents)]]
    assert len(_idle) == 1
    fresh = []
    for document in documents:
        _idle.clear()
        fresh.append(draw(document=document))
    assert kept == [*fresh, *reversed(fresh)]
    assert len(set(fresh)) == len(documents)


def test_nothing_of_a_quote_stays_for_the_next_one() -> None:
    draw(document=make_document(issuer={"seal": SEAL, "logo": LOGO}))
    broken = make_document(issuer={"logo": make_image(b"not an image", "image/png")})
    with pytest.raises(DrawingFailed):
        draw(document=broken)
    for press in _idle:
        assert {path.name for path in Path(press.folder.path).iterdir()} == set(TEMPLATE)


def test_a_compiler_whose_folder_was_cleaned_away_or_that_is_another_process_is_given_up() -> None:
    document = make_document(issuer={"seal": SEAL})
    before = draw(document=document)
    press = _take_press()
    _idle[:] = [press]
    rmtree(press.folder.path)
    assert draw(document=document) == before
    [new] = _idle
    assert new is not press
    Path(new.folder.path, TEMPLATE[1]).unlink()
    assert draw(document=document) == before
    [newest] = _idle
    newest.process = -1
    assert draw(document=document) == before
    assert newest not in _idle


def test_a_folder_goes_when_nothing_uses_it() -> None:
    folder = Folder((("seal.png", b"-"),))
    path = Path(folder.path)
    assert path.is_dir()
    del folder
    gc.collect()
    assert not path.exists()
    kept = Path(Press().folder.path)
    gc.collect()
    assert not kept.exists()


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
    documents = [make_document(number=f"Q2611-{number:04}-00", issuer={"seal": SEAL}) for number in range(15)]
    documents.append(make_long_document(lines=60))
    alone = [sha256(draw(document=document)).digest() for document in documents]
    with ThreadPoolExecutor(max_workers=8) as pool:
        together = list(pool.map(lambda document: sha256(draw(document=document)).digest(), documents))
    assert together == alone
    assert len(set(alone)) == len(documents)


def test_what_is_drawn_beside_something_else_comes_in_order_and_says_what_it_could_not_draw() -> None:
    documents = [make_document(number=f"Q2611-{number:04}-00") for number in range(4)]
    with drawing(documents=documents) as pdfs:
        drawn = pdfs()
    assert drawn == [draw(document=document) for document in documents]
    with drawing(documents=[]) as pdfs:
        assert pdfs() == []
    broken = make_document(issuer={"logo": make_image(b"not an image", "image/png")})
    with (
        pytest.raises(DrawingFailed, match=r"^ロゴの画像を読み取れません。$"),
        drawing(documents=[documents[0], broken]) as pdfs,
    ):
        pdfs()


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
    "address",
    ["file:///etc/hostname", "/etc/hostname", "../quote.typ", "quote.typ", "data.json", "http://127.0.0.1:9/x.png"],
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
