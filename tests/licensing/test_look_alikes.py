"""A new customer that looks like an existing one of the same reseller is asked about before it is added."""

from typing import Any

import pytest
from django.urls import reverse

from licensing.models import Customer
from licensing.operations.companies import CUSTOMER_FIELDS, LooksLikeExisting, add_customer
from licensing.queries import find_look_alikes
from tests.at_once import at_once
from tests.cast import Cast, make_cast, make_license_id, sign_in
from tests.html import tight

NEW = {
    "name": "㈱高崎製作所",
    "kana": "",
    "department": "購買部",
    "person": "堀 桜",
    "postal_code": "",
    "address": "",
    "language": "ja",
    "segment": "",
}


def similar(cast: Cast, name: str, kana: str = "") -> list[str]:
    return [customer.name for customer in find_look_alikes(reseller=cast.aoba, name=name, kana=kana)]


def test_what_looks_like_an_existing_customer(cast: Cast) -> None:
    takasaki, sample = ["株式会社髙﨑製作所"], ["Sample Trading K.K."]
    for name, kana, found in (
        ("株式会社髙﨑製作所", "", takasaki),
        ("㈱高崎製作所", "", takasaki),
        ("高崎製作所（株）", "", takasaki),
        ("高碕製作所　株式会社", "", takasaki),
        ("たかさき製作", "たかさきせいさくしょ", takasaki),
        ("タカサキセイサクショ", "", takasaki),
        ("sample trading", "", sample),
        ("ＳＡＭＰＬＥ　ＴＲＡＤＩＮＧ", "", sample),
        ("Sample Trading Co., Ltd.", "", sample),
        ("Sample Trading, Inc.", "", sample),
        ("SAMPLE TRADING KK", "", sample),
        ("高崎製作所サービス", "", []),
        ("高崎", "", []),
        ("Sample Tradingco", "", []),
        ("有限会社波止場商会", "ハトバショウカイ", []),
        ("株式会社", "", []),
        ("K.K.", "", []),
    ):
        assert similar(cast, name, kana) == found, name
    Customer.objects.create(reseller=cast.aoba, name="Disco")
    assert similar(cast, "Dis") == []
    assert similar(cast, "Disco Inc.") == ["Disco"]


def test_a_manager_is_asked_and_loses_nothing(cast: Cast) -> None:
    make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1))
    make_license_id(cast.customer, "LIC-2")
    desk = sign_in(cast.manager)
    address = reverse("manage_new_customer")
    assert 'name="anyway"' not in desk.get(address).text
    asked = desk.post(address, NEW)
    assert asked.status_code == 422
    assert asked.context["form"].non_field_errors() == [
        "There is a customer like this one already. Nothing is saved yet."
    ]
    assert {field.name: field.value() for field in asked.context["form"]} == NEW
    assert (
        f'href="{reverse("manage_customer", args=[cast.customer.pk])}" target="_blank">株式会社髙﨑製作所' in asked.text
    )
    assert "〒000-0303 見本県高崎町7-8 · 情報システム部 · 佐伯 美和 · 2 license IDs" in tight(asked.text)
    assert f'name="anyway" value="{cast.customer.pk}"' in tight(asked.text)
    for untold in ("", "on", "0", str(cast.foreign_customer.pk), "x" * 2000):
        assert desk.post(address, NEW | {"anyway": untold}).status_code == 422
    assert Customer.objects.filter(reseller=cast.aoba).count() == 2
    assert desk.post(address, NEW | {"anyway": str(cast.customer.pk)}).status_code == 302
    added = Customer.objects.get(name="㈱高崎製作所")
    assert (added.reseller, added.person) == (cast.aoba, "堀 桜")
    again = desk.post(address, NEW | {"anyway": str(cast.customer.pk)})
    assert again.status_code == 422
    shown = f'value="{added.pk},{cast.customer.pk}"'
    assert shown in again.text
    assert Customer.objects.filter(reseller=cast.aoba).count() == 3


def test_another_resellers_customer_is_nobodys_affair(cast: Cast) -> None:
    answer = sign_in(cast.manager).post(reverse("manage_new_customer"), NEW | {"name": "㈲波止場商会"})
    assert answer.status_code == 302


def test_the_administration_asks_too(cast: Cast) -> None:
    desk = sign_in(cast.admin)
    address = reverse("admin:licensing_customer_add")
    new = NEW | {"reseller": str(cast.aoba.pk)}
    asked = desk.post(address, new)
    assert asked.status_code == 200
    assert "There is a customer like this one already. Nothing is saved yet." in asked.text
    change = reverse("admin:licensing_customer_change", args=[cast.customer.pk])
    assert f'href="{change}" target="_blank">株式会社髙﨑製作所' in asked.text
    assert 'value="購買部"' in asked.text
    assert Customer.objects.filter(reseller=cast.aoba).count() == 2
    assert desk.post(address, NEW | {"reseller": str(cast.minato.pk)}).status_code == 302
    assert desk.post(address, new | {"anyway": str(cast.customer.pk)}).status_code == 302
    assert Customer.objects.filter(name="㈱高崎製作所", reseller=cast.aoba).count() == 1
    assert desk.post(change, new | {"name": "㈱髙崎製作所"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_one_is_asked(clock: Any) -> None:
    cast = make_cast()
    values = {name: NEW[name] for name in CUSTOMER_FIELDS} | {"name": "新星商会"}
    done = at_once(*(lambda: add_customer(reseller=cast.aoba, values=values) for _each in range(4)))
    added = [each for each in done if isinstance(each, Customer)]
    assert len(added) == 1
    assert [each.customers for each in done if isinstance(each, LooksLikeExisting)] == [added] * 3
    assert Customer.objects.filter(name="新星商会").count() == 1
