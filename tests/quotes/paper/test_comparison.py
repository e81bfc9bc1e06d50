"""What stands on a comparison: differences with a mark, amounts below each other, heads that a screen reader hears."""

import pytest

from quotes.paper import comparison_name, draw_comparison
from quotes.paper.comparison_sheet import lay_out_comparison, lay_out_plans
from tests.quotes.paper.comparisons import choice, make_comparison
from tests.quotes.paper.reading import count_pages, join, read_kinds, read_text


def cells_of(choices, *, held=100):
    document = make_comparison(alternatives=len(choices))
    product = document["parts"][0]["products"][0]
    product["held"], product["choices"] = held, choices
    return lay_out_comparison(document)["groups"][0]["rows"][1]["cells"]


@pytest.mark.parametrize(
    ("one", "held", "said"),
    [
        (choice(100), 100, ["100", "維持"]),
        (choice(80), 100, ["80", "20減"]),
        (choice(100, 20), 100, ["120", "20追加"]),
        (choice(80, 30), 100, ["110", "20減・30追加"]),
        (choice(0, 0, ""), 100, ["更新しない", ""]),
        (choice(None, 5), 100, ["5", "5追加"]),
        (choice(None, 0, ""), 100, ["対象外", ""]),
        (choice(None, 5), 0, ["5", "新規追加"]),
        (choice(None, 0, ""), 0, ["なし", ""]),
    ],
)
def test_what_becomes_of_a_product(one, held, said):
    assert cells_of([one, one], held=held) == [["", *said], ["", *said]]


def test_differences_are_marked_and_ranks_stand_where_they_differ():
    assert cells_of([choice(100), choice(80, 0, "C"), choice(100)]) == [
        ["", "100", "維持\nランク D"],
        ["◆", "80", "20減\nランク C"],
        ["", "100", "維持\nランク D"],
    ]


def test_up_to_three_stand_upright_and_more_lie_broad():
    assert [lay_out_comparison(make_comparison(alternatives=count))["is_broad"] for count in (2, 3, 4, 6)] == [
        False,
        False,
        True,
        True,
    ]


def test_a_reduction_is_shown_as_the_reseller_set_it():
    document = make_comparison(alternatives=2)
    document["alternatives"][0] |= {"list_subtotal": 1_300_000, "free_subtotal": 30_000}
    names = [row["name"] for row in lay_out_comparison(document)["sums"]]
    assert names[:3] == ["標準価格の合計（税抜）", "ライセンス以外の品目（税抜）", "値引き"]
    assert lay_out_comparison(document)["sums"][2]["cells"] == ["▲¥95,433", "¥0"]
    document["is_list_shown"] = False
    assert [row["name"] for row in lay_out_comparison(document)["sums"]][:2] == [
        "ライセンス以外の品目（税抜）",
        "合計（税抜）",
    ]


def test_heads_are_header_cells_and_nothing_else_is():
    kinds = read_kinds(draw_comparison(document=make_comparison(alternatives=3)))
    assert [kind for kind in kinds if kind in ("/H1", "/H2")] == ["/H1", "/H2", "/H2", "/H2"]
    assert kinds.count("/Table") == 2
    assert kinds.count("/TH") == 4 + 1 + 4  # alternatives, the license ID, alternatives above the amounts


def test_a_warning_names_the_alternatives_of_which_it_is_true():
    text = join(read_text(draw_comparison(document=make_comparison(alternatives=4))))
    assert join("案B、案D：80に減らすと、100を維持するより高くなります。") in text


def test_twenty_license_ids_stay_readable():
    pdf = draw_comparison(document=make_comparison(alternatives=6, license_ids=20))
    assert 3 <= count_pages(pdf) <= 9
    assert join(read_text(pdf)).count("小計（税抜）") == 20


def test_the_same_document_gives_the_same_bytes():
    assert draw_comparison(document=make_comparison()) == draw_comparison(document=make_comparison())


def test_its_name():
    assert comparison_name(document=make_comparison()) == (
        "20261123_株式会社北斗システム_C2611-0007_比較表.pdf",
        "20261123_C2611-0007_comparison.pdf",
    )


def test_a_page_says_each_alternative_by_itself_in_the_reader_s_language():
    plan = lay_out_plans(make_comparison(alternatives=2, license_ids=2), "en")[1]
    assert (plan["name"], plan["label"], [group["head"] for group in plan["groups"]]) == (
        "Plan B",
        "減数",
        ["License ID TM-0048-2200", "License ID TM-0048-2210"],
    )
    assert plan["groups"][0]["rows"][0]["cell"] == ["◆", "3 years", ""]
    assert plan["sums"][-1] == {"name": "Difference to plan A (tax excluded)", "text": "▲¥17,600", "strong": False}
