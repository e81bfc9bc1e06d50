"""Quotes of several pages: what is repeated, what comes last, and the marks across every page."""

import re

import pytest

from quotes.paper import draw
from tests.quotes.paper.documents import make_document, make_line, make_long_document
from tests.quotes.paper.reading import count_pages, join, read_lines, read_text

TABLE_HEAD = "No. 製品名・製品コード 区分 数量 単位 価格ランク 単価 年数 金額（税抜）"


@pytest.fixture(scope="module")
def long_pdf() -> bytes:
    return draw(document=make_long_document(lines=300))


def test_three_hundred_lines_are_all_there_in_order(long_pdf: bytes) -> None:
    lines = read_lines(long_pdf)
    codes = [line.split()[0] for line in lines if line.startswith("SMP-0")]
    assert codes == [f"SMP-{number:04}" for number in range(1, 301)]
    assert count_pages(long_pdf) == 23


def test_continued_pages_repeat_addressee_number_and_table_head(long_pdf: bytes) -> None:
    pages = count_pages(long_pdf)
    for page in range(2, pages + 1):
        lines = read_lines(long_pdf, page=page)
        assert lines[0] == "株式会社髙﨑製作所 Q2611-0042-00"
        assert lines[-1] == f"御見積書 Q2611-0042-00 {page} / {pages}"
        if page < pages:
            assert lines[1] == TABLE_HEAD
    assert read_lines(long_pdf, page=1)[0] == "御見積書"


def test_totals_stand_once_behind_the_last_line(long_pdf: bytes) -> None:
    pages = [read_lines(long_pdf, page=page) for page in range(1, count_pages(long_pdf) + 1)]
    [at] = [number for number, lines in enumerate(pages) if "以下余白" in lines]
    last = pages[at]
    assert not [line for lines in pages[at + 1 :] for line in lines if line.startswith("SMP-0")]
    assert [line for line in last if line.startswith(("以下余白", "小計", "消費税（", "合計"))] == [
        "以下余白",
        "小計（10%対象） ¥77,742,000",
        "消費税（10%） ¥7,774,200",
        "合計（税込） ¥85,516,200",
    ]


def test_a_line_is_not_torn_between_pages(long_pdf: bytes) -> None:
    for page in range(1, count_pages(long_pdf)):
        lines = read_lines(long_pdf, page=page)
        ends = [line for line in lines if line.startswith("SMP-0")]
        heads = [line for line in lines if re.search(" (更新|減数更新|追加) ", line)]
        assert len(heads) - len([line for line in ends if "→" in line]) == len(ends)
        added = [line for line in lines if " 追加 " in line]
        assert [lines.count("2年目以降 10 本 2,180 2 43,600"), lines.count("複数年割引 8% ▲59,040")] == [
            len(added),
            len([line for line in heads if line.startswith("InterScan WebManager")]),
        ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_marks_go_across_every_page(language: str) -> None:
    document = make_long_document(lines=40, language=language, number=None, is_sample=True)
    pdf = draw(document=document)
    marks = {"ja": "下書きサンプル価格", "en": "DRAFTSAMPLEPRICES"}[language]
    assert count_pages(pdf) > 2
    for page in range(1, count_pages(pdf) + 1):
        assert join(read_text(pdf, page=page)).startswith(marks)


def test_each_mark_only_when_it_is_true() -> None:
    issued = join(read_text(draw(document=make_document())))
    draft = join(read_text(draw(document=make_document(number=None))))
    sample = join(read_text(draw(document=make_document(is_sample=True))))
    assert "下書き" not in issued
    assert "サンプル" not in issued
    assert draft.startswith("下書き御見積書下書きです。正式な見積書ではありません。")
    assert "サンプル" not in draft
    assert sample.startswith("サンプル価格御見積書サンプル価格による見積です。効力はありません。")
    assert "下書き" not in sample


def test_a_draft_has_no_number() -> None:
    lines = read_lines(draw(document=make_document(number=None)))
    assert "見積番号 下書き（番号なし）" in lines
    assert not [line for line in lines if "Q2611" in line]


def test_a_line_taller_than_a_page_goes_on() -> None:
    name = "とても長い名前" * 500
    pdf = draw(document=make_document(lines=[make_line(product_name=name), make_line()]))
    assert count_pages(pdf) > 2
    text = join("".join(line for line in read_text(pdf).splitlines() if "と" in line or "長" in line or "前" in line))
    assert text.count("とても長い名前") > 450
    assert "以下余白" in read_text(pdf, page=count_pages(pdf)) or "合計" in read_text(pdf, page=count_pages(pdf))
