"""A quote over several license IDs on paper: lines grouped with a head and a subtotal each (R18)."""

from quotes.paper import download_name, draw
from tests.quotes.paper.documents import make_discontinued, make_document, make_long_document, make_part
from tests.quotes.paper.documents import make_several_document as make_several
from tests.quotes.paper.reading import count_pages, join, read_kinds, read_lines, read_text


def test_each_license_id_has_a_head_its_lines_and_its_subtotal() -> None:
    lines = read_lines(draw(document=make_several(license_ids=3, lines=6)))
    heads = [line for line in lines if line.startswith("ライセンスID")]
    assert [join(head) for head in heads] == [
        "ライセンスIDTM-0001-0001契約期間2年減数更新",
        "ライセンスIDTM-0002-0001契約期間3年",
        "ライセンスIDTM-0003-0001契約期間1年減数更新",
    ]
    assert [lines[lines.index(head) + 1] for head in heads] == [
        "TRSL: SMP-CC 101本によりランクD",
        "TRSL: SMP-CC 102本によりランクD",
        "TRSL: SMP-CC 103本によりランクD",
    ]
    assert [join(line) for line in lines if "小計（税抜）" in line] == [
        "TM-0001-0001小計（税抜）270,300",
        "TM-0002-0001小計（税抜）766,260",
        "TM-0003-0001小計（税抜）270,300",
    ]
    assert [line for line in lines if line.isdigit()] == ["1", "2", "3", "4", "5", "6"], "the numbers run through"


def test_one_license_id_is_drawn_without_head_and_subtotal() -> None:
    one = read_text(draw(document=make_document()))
    assert "小計（税抜）" not in one
    assert "契約期間" not in one
    assert "ライセンスID TM-0048-2210" in one, "it stands beneath each line, as what decided the rank"


def test_english() -> None:
    lines = read_lines(draw(document=make_several(license_ids=2, lines=2, language="en")))
    assert [line for line in lines if line.startswith("License ID")] == [
        "License ID TM-0001-0001 Term 2 years Reduced renewal",
        "License ID TM-0002-0001 Term 3 years",
    ]
    assert "Subtotal of TM-0001-0001 (tax excluded) 230,400" in lines


def test_forty_license_ids_with_three_hundred_lines() -> None:
    pdf = draw(document=make_several(license_ids=40, lines=300))
    pages = [read_lines(pdf, page=page) for page in range(1, count_pages(pdf) + 1)]
    table = [page for page in pages if any("製品名" in line for line in page)]
    assert len(table) >= 20
    for page in table:
        body = [line for line in page if line.startswith("ライセンスID") or "小計" in line or "新サポート期間" in line]
        assert not body[-1].startswith("ライセンスID"), "a head alone at the foot"
        assert body[0].startswith("ライセンスID"), "a page begins with the license ID that it goes on with"
    text = "".join("\n".join(page) for page in pages)
    for number in range(1, 41):
        assert f"TM-{number:04}-0001 小計（税抜）" in text
    for number in range(1, 301):
        assert f"SMP-{number:04}" in text


def test_heads_are_header_cells() -> None:
    pdf = draw(document=make_several(license_ids=3, lines=20))
    assert count_pages(pdf) >= 2
    assert read_kinds(pdf).count("/TH") == 9 + 3


def test_reasons_without_end_stay_beneath_their_lines() -> None:
    parts = [make_part(license_id="TM-0001-0001", rank_reasons=["理由" * 400]), make_part(license_id="TM-0002-0001")]
    text = read_text(draw(document=make_long_document(lines=2, parts=parts)))
    assert "理由" not in text
    assert text.count("SMP-CC 120本によりランクD") >= 2


def test_what_is_not_renewed_names_its_license_id() -> None:
    rows = [{**row, "license_id": f"TM-000{number}-0001"} for number, row in enumerate(make_discontinued(2), start=1)]
    text = read_text(draw(document=make_several(license_ids=2, lines=2, discontinued=rows)))
    assert "ライセンスID・製品" in text
    assert join("TM-0001-0001 SMP-D0") in join(text)
    assert join("TM-0002-0001 SMP-D1") in join(text)


def test_the_file_names_the_first_and_how_many_more() -> None:
    assert download_name(document=make_several(license_ids=3, lines=3)) == (
        "20261123_株式会社北斗システム_1044186_Q2611-0042-00_TM-0001-0001 ほか2件.pdf",
        "20261123_1044186_Q2611-0042-00_TM-0001-0001 and 2 more.pdf",
    )
    english, _ = download_name(document=make_several(license_ids=2, lines=2, language="en"))
    assert english == "20261123_株式会社北斗システム_297330_Q2611-0042-00_TM-0001-0001 and 1 more.pdf"
