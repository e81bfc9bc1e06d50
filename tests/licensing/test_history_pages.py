"""Where the history is shown: the license ID's page, the customer's page, and the administration."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licensing.models import Holding, Reseller, User
from tests.cast import EXPIRY, make_license_id, sign_in
from tests.making import given_quote

PAGE = "/license-ids/LIC-1001/"


@pytest.fixture
def licenseid(cast, clock):
    """Someone added 15 licenses three days later."""
    found = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    make_license_id(cast.foreign_customer, "LIC-9", ("SMP-BS", 777))
    clock.shift(timedelta(days=3))
    holding = found.holdings.get()
    holding.quantity, holding._history_user = 60, cast.admin
    holding.save()
    return found


def text_of(response):
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_license_ids_page_has_holdings_quotes_and_history(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    answer = sign_in(cast.staff).get(PAGE)
    said = text_of(answer)
    assert "LIC-1001 31 March 2027 72 days left" in said
    assert "60 デバイス 31 March 2027" in said
    assert f"{quote.number} ライセンス更新（LIC-1001） Issued" in said
    assert "Changes to master data last on 2027-01-18 10:00" in said
    assert "2027-01-18 10:00 香坂 管理 changed holding SMP-BS" in said
    assert "held quantity 45 → 60" in said
    assert "777" not in said
    assert "LIC-9" not in said


def test_it_is_reached_from_the_lists(cast, licenseid):
    desk = sign_in(cast.staff)
    for address in ("/", reverse("customer", args=[cast.customer.pk])):
        assert f'<a class="code" href="{PAGE}">LIC-1001</a>' in desk.get(address).text


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("manager", 200), ("admin", 200), ("stranger", 404), ("contact", 403), ("price_admin", 403)],
)
def test_who_may_see_it(cast, licenseid, who, status):
    answer = sign_in(getattr(cast, who)).get(PAGE)
    assert answer.status_code == status
    assert ("45 → 60" in text_of(answer)) == (status == 200)
    assert sign_in(getattr(cast, who)).get("/license-ids/LIC-0/").status_code == (404 if status != 403 else 403)


def test_a_customers_page_tells_what_was_changed_of_it(cast, licenseid, clock):
    clock.shift(timedelta(days=1))
    cast.customer.person = "新任 太郎"
    cast.customer.save()
    address = reverse("customer", args=[cast.customer.pk])
    said = text_of(sign_in(cast.staff).get(address))
    assert "the portal itself changed customer 株式会社髙﨑製作所 contact person 佐伯 美和 → 新任 太郎" in said
    assert "registered license ID LIC-1001" in said
    assert sign_in(cast.stranger).get(address).status_code == 404


def test_the_queries_do_not_grow(cast, licenseid, clock):
    desk = sign_in(cast.staff)
    address = reverse("customer", args=[cast.customer.pk])
    desk.get(PAGE)
    before = queries_of(desk, PAGE), queries_of(desk, address)
    for number in range(29):
        clock.shift(timedelta(minutes=1))
        product = cast.products[("SMP-BS", "SMP-CC")[number % 2]]
        expires = EXPIRY + timedelta(days=number + 1)
        Holding.objects.create(licenseid=licenseid, product=product, quantity=1, support_expires_on=expires)
        cast.customer.person = f"担当{number}"
        cast.customer.save()
    assert (queries_of(desk, PAGE), queries_of(desk, address)) == before


def test_the_administration_tells_it_field_by_field(cast, licenseid):
    office = sign_in(cast.admin, language="ja")
    address = reverse("admin:licensing_licenseid_history", args=[licenseid.pk])
    answer = office.get(address)
    said = text_of(answer)
    assert "2027/01/18 10:00 香坂 管理 変更 保有 SMP-BS" in said
    assert "保有数量 45 → 60" in said
    assert "2027/01/15 10:00 システム" in said
    assert "パスワードとログインの記録は履歴に含まれません。" in said
    assert "style=" not in answer.text.partition('id="content"')[2]
    assert "<script>" not in answer.text


def test_the_administrations_pages_of_people_and_products_too(cast):
    office = sign_in(cast.admin)
    cast.colleague.is_active = False
    cast.colleague.set_password("another-long-pass-phrase")
    cast.colleague._history_user = cast.admin
    cast.colleague.save()
    said = text_of(office.get(reverse("admin:licensing_user_history", args=[cast.colleague.pk])))
    assert "changed user 速水 悠斗 active yes → no" in said
    assert "argon2" not in said
    assert "md5$" not in said
    for model, row in (
        ("reseller", cast.aoba),
        ("customer", cast.customer),
        ("product", cast.products["SMP-BS"]),
        ("programme", cast.products["SMP-BS"].programme),
    ):
        assert "registered" in text_of(office.get(reverse(f"admin:licensing_{model}_history", args=[row.pk]))), model


def test_there_is_no_way_to_revert(cast, licenseid):
    office = sign_in(cast.admin)
    entry = type(licenseid).history.first()
    address = reverse("admin:licensing_licenseid_history", args=[licenseid.pk])
    assert office.get(f"{address}{entry.history_id}/").status_code in (302, 404)
    assert office.post(address).status_code == 200  # it only shows
    assert type(licenseid).history.filter(id=licenseid.pk).count() == 1


def test_a_new_resellers_staff_see_nothing_of_others(cast, licenseid):
    new = Reseller.objects.create(code="new", name="新しい見本株式会社")
    arai = User.objects.create_user(email="arai@new.example.jp", name="新井 空", role="staff", reseller=new)
    assert sign_in(arai).get(PAGE).status_code == 404
