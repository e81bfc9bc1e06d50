"""The check code at the foot of the first page, and its QR code as a scanner reads it from a picture."""

import io
import subprocess

import pypdf
import pytest
import zxingcpp

from quotes.paper import draw
from quotes.paper.check import group_code
from tests.quotes.paper.documents import make_document, make_long_document
from tests.quotes.paper.reading import count_pages, read_lines, read_tags

ADDRESS = "https://portal.example.jp/check/8K3M-Q2ZT-7W0C/"
LONG = "renewal-quotes." * 6 + "example.jp"
SENTENCES = {
    "ja": "この見積書が現在も有効か、発行時のままかを確認できます。",
    "en": "See whether this quotation still counts and is as it was issued:",
}


def scan(pdf: bytes, *, page: int, dpi: int = 150) -> list[str]:
    """What the codes say that a scanner finds on a picture of the page."""
    command = ["pdftoppm", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page), "-"]
    picture = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    head, _, pixels = picture.partition(b"\n255\n")
    width, height = map(int, head.split()[1:3])
    return [code.text for code in zxingcpp.read_barcodes(memoryview(pixels).cast("B", shape=[height, width]))]


@pytest.mark.usefixtures("pdftoppm")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_scanner_reads_the_address_on_the_first_page_only(language: str) -> None:
    pdf = draw(document=make_long_document(lines=12, language=language))
    assert scan(pdf, page=1) == [ADDRESS]
    assert scan(pdf, page=2) == []
    assert scan(pdf, page=1, dpi=100) == [ADDRESS]


@pytest.mark.usefixtures("pdftoppm")
@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/check/", f"https://{'renewal-quotes.' * 6}example.jp/check/"]
)
def test_any_address_of_a_portal_can_be_read(address: str) -> None:
    document = make_document(check={"address": address, "code": "8K3M-Q2ZT-7W0C"})
    assert scan(draw(document=document), page=1) == [f"{address}8K3M-Q2ZT-7W0C/"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_people_read_the_same_and_can_follow_it(language: str) -> None:
    pdf = draw(document=make_document(language=language))
    lines = read_lines(pdf)
    at = lines.index(SENTENCES[language])
    word = {"ja": "確認コード", "en": "Check code"}[language]
    assert lines[at + 1] == f"https://portal.example.jp/check/ {word} 8K3M-Q2ZT-7W0C"
    links = [
        note["/A"]["/URI"]
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        for note in page.get("/Annots", [])
        if note["/Subtype"] == "/Link"
    ]
    assert links == [ADDRESS]


def test_a_screen_reader_hears_what_the_picture_is() -> None:
    tags = read_tags(draw(document=make_document(language="en")))
    assert [str(tag["/Alt"]) for tag in tags if tag["/S"] == "/Figure"] == [
        "QR code that opens the page on which this quotation is checked. The check code is 8K3M-Q2ZT-7W0C"
    ]


@pytest.mark.usefixtures("pdftoppm")
def test_a_draft_and_a_quote_of_an_earlier_release_have_none() -> None:
    old = make_document()
    del old["check"]
    for document in (old, make_document(number=None, check=None)):
        pdf = draw(document=document)
        assert count_pages(pdf) == 1
        assert scan(pdf, page=1) == []
        assert "確認コード" not in "".join(read_lines(pdf))


def test_a_code_is_read_in_groups() -> None:
    assert group_code("8K3MQ2ZT7W0C") == "8K3M-Q2ZT-7W0C"
