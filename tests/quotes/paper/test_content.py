"""What stands on the quote, word for word, read back from the PDF."""

import math
import re
from typing import Any

import pytest

from quotes.paper import draw
from tests.quotes.paper.documents import (
    CALCULATION,
    CONDITIONS,
    LOGO,
    SEAL,
    SUM_WITH_DISCOUNT,
    make_discontinued,
    make_document,
    make_line,
)
from tests.quotes.paper.reading import count_pages, join, read_lines, read_text


def test_a_usual_quote_in_japanese() -> None:
    assert read_lines(draw(document=make_document())) == [
        "御見積書",
        "〒370-0829",
        "群馬県高崎市高松町1-2-3 髙﨑ビル4階",
        "株式会社髙﨑製作所",
        "情報システム部 御中",
        "見積番号 Q2611-0042-00",
        "発行日 2026年11月23日",
        "ページ 1 / 1",
        "株式会社北斗システム",
        "〒101-0021",
        "東京都千代田区外神田9-8-7 北斗ビル",
        "電話 03-5555-0142",
        "メール quotes@hokuto.example",
        "担当 青木 陽子",
        "登録番号 T7000012050002",
        "押印省略",
        "件名 セキュリティ製品ライセンス更新",
        "下記のとおりお見積り申し上げます。",
        "御見積金額（税込） うち消費税 ¥103,656 ¥1,140,216",
        "納期・納品方法",
        "ご注文から5営業日・電子納品",
        "お支払条件",
        "月末締め翌月末お支払い",
        "見積有効期限",
        "2026年12月23日まで",
        "No. 製品名・製品コード 区分 数量 単位 価格ランク 単価 年数 金額（税抜）",
        "TRSL ウイルスバスター Corp.Client 更新 120 本 D 1,920 1 230,400",
        "1",
        "SMP-CC ライセンスID TM-0048-2210 新サポート期間 2027年4月1日～2028年3月31日 保有 120 → 更新 120",
        "TRSL: SMP-CC 120本によりランクD",
        "TRSL InterScan Messaging Security 減数更新 30 本 D 1,330 1 39,900",
        "2",
        "SMP-IM ライセンスID TM-0048-2210 新サポート期間 2027年4月1日～2028年3月31日 保有 45 → 更新 30",
        "TRSL: SMP-CC 120本によりランクD",
        "InterScan WebManager 更新 100 クライアント C 3 678,960",
        "割引前 100 クライアント 2,460 3 738,000",
        "複数年割引 8% ▲59,040",
        "3",
        "SMP-WM ライセンスID TM-0051-9934 新サポート期間 2027年4月1日～2030年3月31日 保有 100 → 更新 100",
        "SMP-WM 100クライアントによりランクC",
        "TRSL ウイルスバスター Corp.Client 追加 10 本 C 3 87,300",
        "初年度 10 本 4,370 1 43,700",
        "2年目以降 10 本 2,180 2 43,600",
        "4",
        "SMP-CC ライセンスID TM-0048-2210 新サポート期間 2027年4月1日～2030年3月31日",
        "TRSL: SMP-CC 120本によりランクD",
        "以下余白",
        "小計（10%対象） ¥1,036,560",
        "消費税（10%） ¥103,656",
        "合計（税込） ¥1,140,216",
        "備考",
        *[f"• {condition}" for condition in CONDITIONS["ja"]],
        "• 価格表の版：2026年10月版",
        "この見積書が現在も有効か、発行時のままかを確認できます。",
        "https://portal.example.jp/check/ 確認コード 8K3M-Q2ZT-7W0C",
        "御見積書 Q2611-0042-00 1 / 1",
    ]


def test_a_quote_in_english() -> None:
    lines = read_lines(
        draw(document=make_document(language="en", addressee={"name": "Takasaki Works", "person": "Taro Yamada"}))
    )
    for expected in (
        "Quotation",
        "Takasaki Works",
        "Attn: Taro Yamada",
        "Quote no. Q2611-0042-00",
        "Issued on 23 November 2026",
        "Seal omitted",
        "Total (tax included) of which consumption tax ¥103,656 ¥1,140,216",
        "23 December 2026",
        "SMP-CC License ID TM-0048-2210 New support period 1 April 2027 – 31 March 2028 Held 120 → renewed 120",
        "Before discount 100 クライアント 2,460 3 738,000",
        "Multi-year discount 8% ▲59,040",
        "First year 10 本 4,370 1 43,700",
        "From the second year 10 本 2,180 2 43,600",
        "End of items",
        "Subtotal (taxed at 10%) ¥1,036,560",
        *[f"• {condition}" for condition in CONDITIONS["en"]],
        "Quotation Q2611-0042-00 1 / 1",
    ):
        assert expected in lines
    assert not [line for line in lines if "御中" in line or "様" in line or "To: " in line]


FIGURES = re.compile(r".*?([\d,]+) 本 ([\d,]+) (\d) ([\d,]+)")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [("50", "3,850", "1", "192,500"), ("50", "1,920", "2", "192,000")]),
        ({"years": 1, "amount_before_discount": 192500, "amount": 177100}, [("50", "3,850", "1", "192,500")]),
    ],
)
def test_whoever_multiplies_a_row_gets_its_amount(changes: dict[str, Any], expected: list[Any]) -> None:
    line = {**SUM_WITH_DISCOUNT, **changes}
    lines = read_lines(draw(document=make_document(lines=[line])))  # type: ignore[list-item]
    rows = [match.groups() for text in lines if (match := FIGURES.fullmatch(text))]
    assert rows == expected
    sums = [math.prod(int(figure.replace(",", "")) for figure in row[:3]) for row in rows]
    assert sums == [int(row[3].replace(",", "")) for row in rows]
    [discount] = [text for text in lines if text.startswith("複数年割引 8% ▲")]
    assert sum(sums) - int(discount.split("▲")[1].replace(",", "")) == line["amount"]


def test_an_addition_for_one_year_is_one_row() -> None:
    line = make_line(kind="addition", quantity=50, addition_price=3850, years=1, amount=192500, held_quantity=None)
    lines = read_lines(draw(document=make_document(lines=[line])))
    assert "TRSL ウイルスバスター Corp.Client 追加 50 本 D 3,850 1 192,500" in lines
    assert not [text for text in lines if text.startswith("初年度")]


@pytest.mark.parametrize(
    ("addressee", "expected"),
    [
        ({"person": "山田 太郎"}, ["株式会社髙﨑製作所", "情報システム部", "山田 太郎 様"]),
        ({"person": "山田 太郎", "department": ""}, ["株式会社髙﨑製作所", "山田 太郎 様"]),
        ({}, ["株式会社髙﨑製作所", "情報システム部 御中"]),
        ({"department": ""}, ["株式会社髙﨑製作所 御中"]),
    ],
)
def test_one_honorific_and_never_both(addressee: dict[str, str], expected: list[str]) -> None:
    lines = read_lines(draw(document=make_document(addressee=addressee)))
    start = lines.index(expected[0])
    assert lines[start : start + len(expected)] == expected
    assert sum(line.count("御中") + line.count("様") for line in lines) == 1


def test_an_organisation_in_english() -> None:
    lines = read_lines(draw(document=make_document(language="en", addressee={"name": "Takasaki Works"})))
    assert "To: Takasaki Works" in lines
    assert not [line for line in lines if "Attn" in line]


def test_what_is_empty_leaves_no_label() -> None:
    empty = {"postal_code": "", "address": "", "phone": "", "email": "", "person": "", "registration_number": ""}
    addressee = {"postal_code": "", "address": "", "department": "", "person": ""}
    text = read_text(draw(document=make_document(issuer=empty, addressee=addressee, conditions=[], price_list="")))
    for label in ("〒", "電話", "メール", "担当", "登録番号", "備考", "更新しないライセンス", "計算根拠"):
        assert label not in text


def test_a_seal_replaces_the_words_for_none() -> None:
    assert "押印省略" in read_text(draw(document=make_document()))
    assert "押印省略" not in read_text(draw(document=make_document(issuer={"seal": SEAL})))


def test_negative_amounts_have_a_triangle() -> None:
    document = make_document(lines=[make_line(amount=-12345)], total=-13579, tax=-1234)
    lines = read_lines(draw(document=document))
    assert "TRSL ウイルスバスター Corp.Client 更新 120 本 D 1,920 1 ▲12,345" in lines
    assert "御見積金額（税込） うち消費税 ▲¥1,234 ▲¥13,579" in lines
    assert "小計（10%対象） ▲¥12,345" in lines


def test_two_tax_rates_are_summed_apart() -> None:
    tax_totals = [
        {"percent": "10", "subtotal": 1000, "tax": 100},
        {"percent": "8.0", "subtotal": 500, "tax": 40},
    ]
    lines = read_lines(draw(document=make_document(tax_totals=tax_totals, subtotal=1500, tax=140, total=1640)))
    start = lines.index("小計（10%対象） ¥1,000")
    assert lines[start : start + 7] == [
        "小計（10%対象） ¥1,000",
        "消費税（10%） ¥100",
        "小計（8%対象） ¥500",
        "消費税（8%） ¥40",
        "小計 ¥1,500",
        "消費税 ¥140",
        "合計（税込） ¥1,640",
    ]


def test_holdings_that_are_not_renewed() -> None:
    lines = read_lines(draw(document=make_document(discontinued=make_discontinued(2))))
    start = lines.index("更新しないライセンス")
    assert lines[start : start + 4] == [
        "更新しないライセンス",
        "製品コード 製品名 保有数量 サポート満了日",
        "SMP-D0 Deep Sample 1,000 本 2027年3月31日",
        "SMP-D1 Deep Sample 1,001 本 2027年3月31日",
    ]


def test_a_note_keeps_its_lines() -> None:
    lines = read_lines(draw(document=make_document(note="一行目。\r\n二行目。\n\n四行目。\n")))
    start = lines.index("備考")
    assert lines[start : start + 4] == ["備考", "一行目。", "二行目。", "四行目。"]


def test_the_calculation_has_a_page_of_its_own() -> None:
    pdf = draw(document=make_document(calculation=CALCULATION))
    assert count_pages(pdf) == 2
    assert "計算根拠" not in read_text(pdf, page=1)
    assert read_lines(pdf, page=2)[:9] == [
        "株式会社髙﨑製作所 Q2611-0042-00",
        "計算根拠",
        "ルール 内容 結果",
        "1. SMP-CC TRSL ウイルスバスター Corp.Client",
        "新サポート期間 2027年3月31日の翌日から1年 2027年4月1日～2028年3月31日",
        "ランク数量 ライセンスID TM-0048-2210 の数量 120本",
        "TRSL製品のランク ライセンスID内で最多の製品 SMP-CC 120本（100本から） ランクD",
        "更新金額 1,920 × 120 × 1 ¥230,400",
        "2. SMP-CC TRSL ウイルスバスター Corp.Client",
    ]


def test_a_rule_without_a_name_keeps_its_number() -> None:
    """As in documents of earlier releases."""
    steps = [{"rule": "R10", "text": "1,920 × 120 × 1", "result": "¥230,400"}]
    pdf = draw(document=make_document(calculation=[{"title": "1. SMP-CC", "steps": steps}]))
    assert read_lines(pdf, page=2)[-2] == "R10 1,920 × 120 × 1 ¥230,400"


def test_words_in_brackets_are_not_torn_while_the_line_has_room() -> None:
    texts = ["あ" * length + " SMP-CC 120（100から）" for length in range(20, 45)]
    steps = [{"rule": "R5", "rule_name": "ランク", "text": text, "result": "D"} for text in texts]
    lines = read_lines(draw(document=make_document(calculation=[{"title": "1", "steps": steps}])), page=2)
    whole = [line for line in lines if "（100から）" in line]
    assert len(whole) == len(texts)
    assert len(lines) > len(texts) + 10, "some of the texts need two lines"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"note": "ご確認のほどお願い申し上げます。", "discontinued": make_discontinued(1)},
        {"is_sample": True, "number": None},
        {"language": "en"},
        {"issuer": {"seal": SEAL, "logo": LOGO}},
    ],
)
def test_four_lines_fit_one_page(changes: dict[str, Any]) -> None:
    assert count_pages(draw(document=make_document(**changes))) == 1


@pytest.mark.parametrize(
    "name", ["髙﨑𠮷①㈱", "株式会社𠮷野家", "Ω µ ￥ ¥ ～ 〜 − ‐ ー ㌔ ㍿", "ｱｲｳ ＡＢＣ１２３", "葛\U000e0100飾区"]
)
def test_rare_characters_are_read_back_as_they_went_in(name: str) -> None:
    document = make_document(addressee={"name": name, "department": ""}, note=name)
    text = join(read_text(draw(document=document)))
    assert text.count(join(name)) == 2
    assert "〓" not in text
