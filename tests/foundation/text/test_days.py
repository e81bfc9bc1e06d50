"""Days as people in Japan write them, wherever the administration asks for one."""

from datetime import date

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import DateField, DateTimeField
from django.test import RequestFactory

from foundation.fields import DayField
from foundation.text.days import read_day, read_serial

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "2026/11/23", "2026-11-23", "20261123", "2026年11月23日", "2026.11.23", "令和8年11月23日", "R8.11.23",
        "r8/11/23", "R08-11-23", "２０２６／１１／２３", "２０２６－１１－２３", "２０２６年１１月２３日",
        "令和８年１１月２３日",
        "Ｒ８．１１．２３", "㋿8年11月23日", " 2026 年 11 月 23 日 ",
        "2026年11月23日（月）", "2026/11/23(月・祝)", "2026年11月23日 月曜日", "2026/11/23 Mon", "2026-11-23T00:00:00",
        "2026/11/23 00:00", "2026/11/23 0:00:00", "2026年11月23日（月） 0:00", "2026年11月23日0時",
        "令8.11.23", "令和8.11.23",
        "西暦2026年11月23日", "2026\u200b/11/23\ufeff", "2026/11/23（月）00:00", "R.8.11.23",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text):
    assert DayField().clean(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("H1.1.8", date(1989, 1, 8)),
        ("S64.1.7", date(1989, 1, 7)),
        ("2026/1/2", date(2026, 1, 2)),
    ],
)
def test_eras_and_single_digits(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("平成39年3月31日", "令和9年3月31日"),
        ("H39.3.31", "令和9年3月31日"),
        ("Ｈ３９／３／３１", "令和9年3月31日"),
        ("平成31年5月1日", "令和元年5月1日"),
        ("令和元年4月30日", "平成31年4月30日"),
        ("昭和100年1月1日", "令和7年1月1日"),
        ("平成39年3月31日（水）", "令和9年3月31日"),
    ],
)
def test_a_day_that_its_era_did_not_have_is_told_with_the_one_that_is_meant(text, told):
    with pytest.raises(forms.ValidationError) as refused:
        DayField().clean(text)
    [message] = refused.value.messages
    assert f"{told}のことでしたら" in message
    assert refused.value.code == "era"


@pytest.mark.parametrize("text", ["26/11/23", "26-11-23", "２６年１１月２３日", "126/11/23"])
def test_a_short_year_without_an_era_is_refused(text):
    with pytest.raises(forms.ValidationError) as refused:
        DayField().clean(text)
    assert refused.value.messages == ["年は4桁（2026/11/23）か、元号付き（R8.11.23）で入力してください。"]


@pytest.mark.parametrize(
    "text",
    [
        "0000-01-01", "2026/3/3①", "2026/3/3²", "2026/11/23 new", "9999-12-31T23:00:00Z",
        "令和0年1月1日", "261123", "2026113",
        "2026/11-23", "R8", "明日", "\x00", "9" * 5000, "²⁰²⁶/11/23x", "M45.1.1",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_an_example(text):
    with pytest.raises(forms.ValidationError) as refused:
        DayField().clean(text)
    assert refused.value.messages == [
        "日付として読み取れません。2026/11/23 や 令和8年11月23日 のように入力してください。"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2027/2/29", "2027年2月は1日から28日までで、この日付はありません。"),
        ("２０２８年２月３０日", "2028年2月は1日から29日までで、この日付はありません。"),
        ("20260431", "2026年4月は1日から30日までで、この日付はありません。"),
        ("令和9年2月29日", "2027年2月は1日から28日までで、この日付はありません。"),
        ("2026/4/0", "2026年4月は1日から30日までで、この日付はありません。"),
        ("2026/13/01", "13月はありません。年、月、日の順に入力してください。"),
        ("2026/31/3", "31月はありません。年、月、日の順に入力してください。"),
    ],
)
def test_a_day_that_no_calendar_has_is_told_with_those_there_are(text, told):
    with pytest.raises(forms.ValidationError) as refused:
        DayField().clean(text)
    assert refused.value.messages == [told]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-30T15:00:00Z", date(2027, 3, 31)),
        ("2027-03-30T14:59:59.999Z", date(2027, 3, 30)),
        ("2027-03-30T15:00:00.000+00:00", date(2027, 3, 31)),
        ("2027-03-30 15:00:00 UTC", date(2027, 3, 31)),
        ("2027-03-30 15:00:00+00", date(2027, 3, 31)),
        ("2027-03-30T23:30:00-0530", date(2027, 3, 31)),
        ("2027-03-31T00:00:00+09:00", date(2027, 3, 31)),
        ("2027-03-31 00:00:00 JST", date(2027, 3, 31)),
        ("2027/3/31 23:59:59", date(2027, 3, 31)),
        ("2027/3/31 11:59 PM", date(2027, 3, 31)),
        ("2027年3月31日 午後11時59分59秒", date(2027, 3, 31)),
    ],
)
def test_a_moment_is_the_day_that_japan_has_then(text, day):
    assert read_day(text) == day


def test_every_day_in_the_administration_is_asked_for_in_this_way(rf: RequestFactory):
    request = rf.get("/")
    request.user = AnonymousUser()
    asked = []
    for model_admin in admin.site._registry.values():
        inlines = [inline(model_admin.model, admin.site) for inline in model_admin.inlines]
        for part in (model_admin, *inlines):
            for field in part.model._meta.get_fields():
                if isinstance(field, DateField) and not isinstance(field, DateTimeField) and field.editable:
                    asked.append(f"{part.model.__name__}.{field.name}")
                    form_field = part.formfield_for_dbfield(field, request)
                    assert isinstance(form_field, DayField) or asked[-1].startswith(("Quote", "ImpactRun")), asked[-1]
    assert {"Holding.support_expires_on", "PriceList.effective_on"} <= set(asked)


def test_the_field_says_how():
    assert "令和8年11月23日" in str(DayField().help_text)
    assert str(DayField(help_text="初日。").help_text).startswith("初日。 ")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("46349", date(2026, 11, 23)), ("４６３４９", date(2026, 11, 23)), ("46349.75", date(2026, 11, 23)),
        ("36526", date(2000, 1, 1)), ("73050", date(2099, 12, 31)),
        ("36525", None), ("73051", None), ("463490", None),
        ("4634①", None), ("4634", None), ("-46349", None), ("46349x", None),
    ],
)  # fmt: skip
def test_a_day_as_spreadsheet_programs_count_it(text, day):
    assert read_serial(text) == day
