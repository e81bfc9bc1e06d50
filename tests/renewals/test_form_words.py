"""What the renewal form says and offers: rows to remove, problems in words, what can be done."""

from datetime import UTC, datetime

import pytest

from tests.cast import EXPIRY, make_license_id, sign_in
from tests.making import holding_of
from tests.page import Page, open_form, send
from tests.quotes.answers import URL, refuse

IW = "/license-ids/LIC-1002/quote/"


def rows(page: Page) -> dict[str, list[str]]:
    return {name: texts for name, texts in page.fields.items() if name.startswith("addition-")}


@pytest.fixture
def three_rows(entry):
    added = {}
    for index, (code, quantity, offer) in enumerate(
        [("SMP-AO", "1", ""), ("SMP-DS", "2", ""), ("SMP-BS", "3", "10 %")]
    ):
        row = {"product": code, "quantity": quantity, "offered": offer}
        added |= {f"addition-{index}-{name}": [text] for name, text in row.items()}
    return entry | added


@pytest.mark.parametrize("address", [URL, f"{URL}change/"])
def test_a_row_is_removed_and_those_below_move_up(desk, three_rows, address):
    response = send(desk, address, three_rows, "remove-1")
    assert response.status_code == 200
    said = response.content.decode()
    assert 'value="remove-1"' in said
    assert 'value="remove-2"' not in said
    page = Page(send(desk, URL, three_rows, "remove-1"))
    assert rows(page) == {
        "addition-0-product": ["SMP-AO"], "addition-0-quantity": ["1"], "addition-0-offered": [""],
        "addition-1-product": ["SMP-BS"], "addition-1-quantity": ["3"], "addition-1-offered": ["10 %"],
    }  # fmt: skip


def test_the_only_row_is_emptied(desk, entry):
    typed = entry | {"addition-0-product": ["SMP-AO"], "addition-0-quantity": [""]}
    page = Page(send(desk, URL, typed, "remove-0"))
    assert rows(page) == {"addition-0-product": [""], "addition-0-quantity": [""], "addition-0-offered": [""]}
    assert (page.refusals, page.total) == ([], "¥222,750")


@pytest.mark.parametrize("action", ["remove-99", "remove-", "remove-x", "remove--1", "remove-100", "remove-１"])
def test_a_row_that_is_none_removes_nothing(desk, three_rows, action):
    page = Page(send(desk, URL, three_rows, action))
    assert (page.status, len(rows(page))) == (200, 9)


@pytest.mark.parametrize(
    ("language", "remove", "add"),
    [("en", ("Remove", "Remove row 1"), "Add another row"), ("ja", ("削除", "1行目を削除"), "入力行を追加")],
)
def test_the_buttons_say_what_they_do(cast, licenseid, language, remove, add):
    page = open_form(sign_in(cast.staff, language=language), URL)
    [button] = page.all(lambda e: e["value"] == "remove-0")
    assert (button.text(), button["aria-label"]) == remove
    [button] = page.all(lambda e: e["value"] == "add-row")
    assert button.text() == add


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "“99999999999999999999999999999” is too large a number. Check how many digits it has."),
        ("ja", "「99999999999999999999999999999」は数値が大きすぎます。桁数を確認してください。"),
    ],
)
def test_a_number_of_29_digits_is_too_large(cast, entry, language, said):
    desk = sign_in(cast.staff, language=language)
    page = refuse(desk, entry | {"addition-0-product": ["SMP-BS"], "addition-0-quantity": ["9" * 29]})
    assert page.errors_of("addition-0") == [said]


def test_so_is_a_year(desk, entry):
    page = refuse(desk, entry | {"years": ["999999999999999999"]})
    assert page.errors_of("years") == ["“999999999999999999” is too large a number. Check how many digits it has."]


def test_a_negative_addition_in_japanese(cast, entry):
    typed = entry | {"addition-0-product": ["SMP-BS"], "addition-0-quantity": ["▲5"]}
    page = refuse(sign_in(cast.staff, language="ja"), typed)
    assert page.codes == ["quantity-negative"]
    assert page.errors_of("addition-0") == [
        "-5 は追加できません。1以上を入力してください。数量を減らす場合は、上の「減数更新」をお使いください。"
    ]


def test_an_emptied_quantity_is_an_error_at_its_field(desk, licenseid, entry):
    pk = holding_of(licenseid).pk
    page = refuse(desk, entry | {"is_reduced": ["on"], f"quantity-{pk}": [""]})
    assert page.errors_of(str(pk)) == ["Enter the renewal quantity. 0 discontinues the product."]
    assert page.refusals == [("required", "Enter the renewal quantity. 0 discontinues the product.")]
    assert page.notices == [
        "The quote was not issued. Put right what is listed below the quoted amount, then issue the quote."
    ]


@pytest.fixture
def below_minimum(cast):
    """20 are held of a product whose minimum and first rank are 25."""
    return make_license_id(cast.customer, "LIC-1002", ("SMP-IW", 20))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "TRSL InterScan Web Security Suite Plus (SMP-IW): 20 is below the minimum of 25 at renewal. "
            "Enter 5 more of it as an addition, or do not renew it.",
        ),
        (
            "ja",
            "TRSL InterScan Web Security Suite Plus（SMP-IW）：数量 20 は更新時の最低購入本数 25 を下回ります。 "
            "更新数量は保有数量までのため、不足する 5 を「追加」に入力するか、"
            "この製品の「更新」のチェックを外してください。",
        ),
    ],
)
def test_one_cause_is_said_once_with_what_helps(cast, below_minimum, language, said):
    assert open_form(sign_in(cast.staff, language=language), IW).refusals == [("below-minimum", said)]


def test_what_was_suggested_helps(desk, below_minimum):
    typed = open_form(desk, IW).fields | {"addition-0-product": ["SMP-IW"], "addition-0-quantity": ["5"]}
    page = Page(send(desk, IW, typed, "calculate"))
    assert (page.refusals, len(page.lines)) == ([], 2)


def test_after_the_expiry_no_addition_helps(cast, below_minimum, clock):
    clock.move_to(datetime(EXPIRY.year, 4, 1, 1, tzinfo=UTC))
    [(code, said)] = open_form(sign_in(cast.staff), IW).refusals
    assert code == "below-minimum"
    assert said.endswith("After the expiry an addition does not count towards the minimum: do not renew this product.")


def test_enough_is_held_but_reduced_too_far(cast, desk):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-IW", 30))
    pk = holding_of(licenseid).pk
    typed = open_form(desk, IW).fields | {"is_reduced": ["on"], f"quantity-{pk}": ["20"]}
    [(_, said)] = Page(send(desk, IW, typed, "calculate")).refusals
    assert said.endswith("Renew at least 25, or discontinue it with 0.")


@pytest.mark.parametrize(
    ("language", "years", "term"),
    [("ja", "3年", "2027/04/01 – 2030/03/31"), ("en", "3 years", "2027-04-01 – 2030-03-31")],
)
def test_the_reasons_in_the_pages_own_form(cast, entry, language, years, term):
    page = Page(send(sign_in(cast.staff, language=language), URL, entry | {"years": ["3"]}, "calculate"))
    assert f"{'期間' if language == 'ja' else 'Term'}{years}" in page.by_id("trace-total").text()
    assert term in page.lines[0]
    assert "year(s)" not in page.text
    if language == "en":
        assert "3 years from the day after the expiry on 2027-03-31" in page.lines[0]
        assert "¥4,500 × 45 × 3 years" in page.lines[0]


def test_the_title_says_it_once(cast, licenseid):
    [title] = open_form(sign_in(cast.staff, language="ja"), URL).all(lambda e: e.tag == "title")
    assert title.text() == "LIC-1001 株式会社髙﨑製作所 – 更新見積"


def test_the_sums_stand_beside_the_total(desk, entry):
    [figures] = Page(send(desk, URL, entry, "calculate")).all(lambda e: e.has_class("figures"))
    assert figures.text() == (
        "Quoted amount tax included, 1 year ¥222,750 Subtotal (10 % tax) ¥202,500 "
        "Consumption tax ¥20,250 Valid until 14 February 2027"
    )
