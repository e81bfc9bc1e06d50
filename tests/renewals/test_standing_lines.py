"""Standing lines of a reseller: managers keep them, and a click takes one into the form."""

import pytest
from django.urls import reverse

from renewals.models import StandingLine
from renewals.standing_lines.operations import Standing, save_standing_lines
from tests.cast import make_license_id, sign_in
from tests.page import Page, open_form, send

URL = "/manage/standing-lines/"
TYPED = {
    "line-0-description": "設定作業費", "line-0-unit": "式", "line-0-price": "￥３０，０００", "line-0-tax": "standard",
    "line-1-description": "初回相談", "line-1-unit": "", "line-1-price": "0", "line-1-tax": "standard",
    "line-2-description": "", "line-2-unit": "", "line-2-price": "", "line-2-tax": "standard",
}  # fmt: skip


@pytest.fixture
def kept(cast):
    save_standing_lines(
        reseller=cast.aoba,
        lines=[Standing("設定作業費", "式", 30_000, "standard"), Standing("出張費", "回", 5_000, "standard")],
    )
    return list(StandingLine.objects.all())


def stored():
    return list(StandingLine.objects.order_by("pk").values_list("description", "unit", "price", "tax_category"))


def test_a_manager_keeps_them(cast):
    desk = sign_in(cast.manager, language="ja")
    assert "定型明細" in desk.get(URL).text
    assert desk.post(URL, TYPED).status_code == 302
    assert stored() == [("設定作業費", "式", 30_000, "standard"), ("初回相談", "", 0, "standard")]
    first = StandingLine.objects.get(description="設定作業費").pk
    again = {**TYPED, "line-0-price": "35000", "line-1-description": "", "line-1-price": ""}
    assert desk.post(URL, again).status_code == 302
    assert list(StandingLine.objects.values_list("pk", "price")) == [(first, 35_000)]
    assert {line.reseller for line in StandingLine.objects.all()} == {cast.aoba}


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"line-0-price": "-1"}, {"line-0-price": ["単価は0円以上で入力してください。"]}),
        ({"line-0-price": ""}, {"line-0-price": ["単価（税抜・円）を入力してください。0円も入力できます。"]}),
        ({"line-2-price": "5"}, {"line-2-description": ["内容を入力してください。例：設定作業費"]}),
        (
            {"line-1-description": "設定作業費"},
            {"line-1-description": ["同じ内容の行があります。内容は重複できません。"]},
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(cast, kept, changes, errors):
    before = stored()
    answer = sign_in(cast.manager, language="ja").post(URL, {**TYPED, **changes})
    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    assert answer.context["form"]["line-0-description"].value() == "設定作業費"
    assert stored() == before


def test_who_saved_meanwhile_is_not_overwritten(cast):
    desk = sign_in(cast.manager, language="ja")
    seen = desk.get(URL).context["form"].version
    save_standing_lines(reseller=cast.aoba, lines=[Standing("出張費", "回", 5_000, "standard")])
    answer = desk.post(URL, {**TYPED, "_version": seen})
    assert answer.status_code == 422
    assert stored() == [("出張費", "回", 5_000, "standard")]


def test_a_click_takes_one_into_the_form(cast, kept):
    licenseid = make_license_id(cast.customer, "LIC-5001", ("SMP-CC", 100))
    desk, address = sign_in(cast.staff, language="ja"), reverse("renewals:new", args=[licenseid.code])
    page = open_form(desk, address)
    first, second = (f"take-free {line.pk}" for line in kept)
    assert [one["value"] for one in page.all(lambda e: e["value"].startswith("take-free"))] == [first, second]
    once = Page(send(desk, address, page.fields, first))
    assert [once.fields[f"free-0-{name}"] for name in ("description", "quantity", "unit", "price", "tax")] == [
        ["設定作業費"], ["1"], ["式"], ["30,000"], ["standard"],
    ]  # fmt: skip
    assert "open" in once.by_id("free-lines").attributes
    twice = Page(send(desk, reverse("renewals:change", args=[licenseid.code]), once.fields, second))
    assert twice.by_id("id_free-1-description")["value"] == "出張費"
    assert twice.total == "¥249,700"
    StandingLine.objects.filter(pk=kept[0].pk).update(reseller=cast.minato)
    foreign = Page(send(desk, address, page.fields, first))
    assert foreign.fields["free-0-description"] == [""]
