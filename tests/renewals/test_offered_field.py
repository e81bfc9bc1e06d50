"""What may be typed for an offered price, and what is asked for it (R20)."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from renewals.asked import AskedOffer
from renewals.form.offered import OfferedField, offered_text


def percent(text: str) -> AskedOffer:
    return AskedOffer(percent=Decimal(text))


def amount(yen: int) -> AskedOffer:
    return AskedOffer(amount=yen)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", None), ("  ", None), ("10 %", percent("10")), ("10%", percent("10")), ("１０．５０％", percent("10.5")),
        ("10%引き", percent("10")), ("0%", percent("0")), ("100 %", percent("100")), ("-5%", percent("-5")),
        ("▲5％", percent("-5")), ("12.345%", percent("12.345")), ("101%", percent("101")),
        ("172,800", amount(172_800)), ("１７２，８００円", amount(172_800)), ("￥90", amount(90)), ("0円", amount(0)),
        ("¥0", amount(0)), ("101", amount(101)), ("-500", amount(-500)),
        ("10パーセント", percent("10")), ("￥９０，０００－", amount(90_000)), ("¥5.-", amount(5)),
    ],
)  # fmt: skip
def test_what_is_read(typed, read):
    assert OfferedField().clean(typed) == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("10", "「10」は値引き率か金額か分かりません。10 % または 10円 と入力してください。"),
        ("０", "「０」は値引き率か金額か分かりません。0 % または 0円 と入力してください。"),
        ("安く", "「安く」は値引き率でも金額でもありません。10 % や 172,800 のように入力してください。"),
        ("10.5", "「10.5」は値引き率でも金額でもありません。10 % や 172,800 のように入力してください。"),
        ("%", "「%」は値引き率として読めません。10 % や 12.5 % のように、小数点以下2桁までで入力してください。"),
        ("1e2%", "「1e2%」は値引き率として読めません。10 % や 12.5 % のように、小数点以下2桁までで入力してください。"),
    ],
)
def test_what_is_not_guessed(typed, said):
    with override("ja"), pytest.raises(ValidationError) as refused:
        OfferedField().clean(typed)
    assert refused.value.messages == [said]


@pytest.mark.parametrize("typed", ["9" * 400 + "%", "9" * 400, "5\x00%"])
def test_what_nobody_types_is_refused(typed):
    with pytest.raises(ValidationError):
        OfferedField().clean(typed)


@pytest.mark.parametrize(
    ("offered", "text"),
    [(percent("10.5"), "10.5 %"), (amount(172_800), "172,800"), (amount(90), "¥90"), (amount(0), "¥0"),
     (percent("100"), "100 %"), (amount(-500), "-500")],
)  # fmt: skip
def test_it_is_shown_as_it_is_read_again(offered, text):
    assert offered_text(offered) == text
    assert OfferedField().clean(text) == offered
