"""Every kind of quote is PDF/UA-1 and PDF/A-2a in the eyes of veraPDF, and its tags say what things are."""

from collections.abc import Callable

import pytest
import typst

from quotes.paper import draw, draw_comparison
from quotes.paper.comparison import ComparisonDocument
from quotes.paper.document import Document
from tests.quotes.paper.comparisons import make_comparison
from tests.quotes.paper.documents import (
    CALCULATION,
    LOGO,
    SEAL,
    SUM_WITH_DISCOUNT,
    make_acknowledgement,
    make_discontinued,
    make_document,
    make_filled_document,
    make_long_document,
    make_part,
    make_several_document,
)
from tests.quotes.paper.reading import count_pages, read_kinds, read_tags

Validate = Callable[..., list[list[str]]]

MANY = 28
"""Lines, on several pages: the validator takes its time for each of them, and every page after the second is alike."""

KINDS: dict[str, Document] = {
    "japanese": make_document(),
    "english": make_document(language="en"),
    "draft on sample prices": make_document(number=None, is_sample=True),
    "English draft on sample prices": make_document(language="en", number=None, is_sample=True),
    "images": make_document(issuer={"seal": SEAL, "logo": LOGO}),
    "everything": make_document(
        discontinued=make_discontinued(3), calculation=CALCULATION, note="一行目\n\n三行目", is_sample=True
    ),
    "overlong words": make_filled_document("W" * 400),
    "what cannot be printed": make_filled_document("笑😀 \x00 \u202eש葛\U000e0100か\u3099"),
    "sums with discounts": make_document(lines=[SUM_WITH_DISCOUNT] * 12),
    "many pages": make_long_document(lines=MANY),
    "several license IDs": make_several_document(
        license_ids=3, lines=20, discontinued=[{**row, "license_id": "TM-0002-0001"} for row in make_discontinued(2)]
    ),
    "overlong words of several license IDs": make_filled_document(
        "W" * 400, parts=[make_part(license_id="W" * 400, rank_reasons=["W" * 400]), make_part(license_id="X" * 40)]
    ),
    "of an earlier release": make_document(check=None),
    "acknowledgement of an order": make_acknowledgement(),
    "English acknowledgement of an order": make_acknowledgement(language="en", order_number=""),
}


COMPARISONS: dict[str, ComparisonDocument] = {
    "comparison of two": make_comparison(alternatives=2),
    "comparison of six on sample prices": make_comparison(alternatives=6, is_sample=True),
    "comparison of three license IDs": make_comparison(alternatives=6, license_ids=3),
    "English comparison": make_comparison(alternatives=3, language="en"),
}

BROKEN = {
    "untagged": typst.compile(b"Untagged", pdf_tags=False),
    "tagged without a standard": typst.compile(b"= Tagged\nBut no more."),
}
"""So that the validator is seen to refuse."""


@pytest.fixture(scope="module")
def verdicts(validate: Validate) -> dict[tuple[str, str], list[str]]:
    """By profile and kind, all by one start of Java, which takes as long as five quotes."""
    names = [*KINDS, *COMPARISONS, *BROKEN]
    drawn = [draw(document=document) for document in KINDS.values()]
    drawn += [draw_comparison(document=document) for document in COMPARISONS.values()]
    lines = validate(*drawn, *BROKEN.values())
    assert [line[1] for line in lines] == ["PDFUA-1"] * len(names) + ["PDFA-2A"] * len(names)
    return {(line[1], name): line for line, name in zip(lines, names * 2, strict=True)}


@pytest.mark.long
def test_every_kind_passes_both_profiles(verdicts: dict[tuple[str, str], list[str]]) -> None:
    of_kinds = [line for (_profile, name), line in verdicts.items() if name not in BROKEN]
    assert len(of_kinds) == 2 * (len(KINDS) + len(COMPARISONS))
    assert [line for line in of_kinds if line[0] != "PASS"] == []
    assert all(int(line[2]) > 1000 for line in of_kinds)


@pytest.mark.long
def test_the_validator_refuses_what_is_untagged(verdicts: dict[tuple[str, str], list[str]]) -> None:
    of_broken = [line for (_profile, name), line in verdicts.items() if name in BROKEN]
    assert [line[0] for line in of_broken] == ["FAIL"] * 4
    assert any("StructTreeRoot" in rule for rule in verdicts["PDFUA-1", "untagged"][4:])


def test_table_heads_are_header_cells() -> None:
    lines, discontinued, calculation = 9, 4, 3 + len(CALCULATION)
    pdf = draw(document=make_document(discontinued=make_discontinued(2), calculation=CALCULATION))
    assert read_kinds(pdf).count("/TH") == lines + discontinued + calculation
    assert read_kinds(pdf).count("/Table") == 3


def test_a_repeated_head_is_one_head_to_a_screen_reader() -> None:
    pdf = draw(document=make_long_document(lines=MANY))
    assert count_pages(pdf) >= 3
    kinds = read_kinds(pdf)
    assert kinds.count("/TH") == 9
    assert kinds.count("/TR") == 1 + 2 * MANY + 2 * (MANY // 2)  # half of the lines show the two parts of their amount


@pytest.mark.parametrize("language", ["ja", "en"])
def test_headings_begin_with_the_title(language: str) -> None:
    kinds = read_kinds(draw(document=make_document(language=language, calculation=CALCULATION)))
    assert [kind for kind in kinds if kind in ("/H1", "/H2", "/H3")] == ["/H1", "/H2", "/H2"]


def test_pictures_are_described() -> None:
    tags = read_tags(draw(document=make_document(issuer={"seal": SEAL, "logo": LOGO})))
    described = [str(tag["/Alt"]) for tag in tags if tag["/S"] == "/Figure"]
    assert sorted(described) == [
        "この見積書の確認ページを開くQRコード。確認コードは8K3M-Q2ZT-7W0C",
        "株式会社北斗システムのロゴ",
        "株式会社北斗システムの角印",
    ]
