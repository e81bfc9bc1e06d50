"""Master data in the administration: who comes in, what is found, what is refused, and how many queries it takes."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from licensing.models import Customer, Holding, LicenseID, Product, Programme, Reseller, User

EXPIRY = date(2027, 3, 31)
PASSWORD = "a-long-pass-phrase"
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def make_customer(reseller: Reseller, name: str = "株式会社髙﨑製作所", kana: str = "タカサキセイサクショ") -> Customer:
    return Customer.objects.create(reseller=reseller, name=name, kana=kana)


def make_license_id(customer: Customer, product: Product, code: str, holdings: int = 1) -> LicenseID:
    licenseid = LicenseID.objects.create(code=code, customer=customer)
    for number in range(holdings):
        expires = EXPIRY + timedelta(days=number)
        Holding.objects.create(licenseid=licenseid, product=product, quantity=45, support_expires_on=expires)
    return licenseid


def address(model: str, view: str = "changelist", *args: object) -> str:
    return reverse(f"admin:licensing_{model}_{view}", args=args)


def found(desk: Client, model: str, query: dict[str, str]) -> list[str]:
    """What a list shows for a query, as text."""
    answer = desk.get(address(model), query)
    assert answer.status_code == 200
    return [str(row) for row in answer.context["cl"].result_list]


def count_queries(desk: Client, url: str) -> int:
    desk.get(url)  # what a process asks only once
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert desk.get(url).status_code == 200
    return len(queries)


# --- Who comes in ---------------------------------------------------------------------------------------------------


def test_only_portal_admins_come_in(desk, reseller):
    assert desk.get(reverse("admin:index")).status_code == 200
    customer = make_customer(reseller)
    for role, company in (("staff", {"reseller": reseller}), ("customer", {"customer": customer})):
        user = User.objects.create_user(email=f"{role}@example.jp", name=role, role=role, **company)
        client = Client()
        client.force_login(user)
        assert client.get(reverse("admin:index")).status_code != 200
        assert client.get(address("reseller")).status_code != 200


def test_there_are_no_groups_and_no_second_list_of_addresses(desk):
    for model in (Group, EmailAddress):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


MODELS = ["reseller", "user", "customer", "programme", "product", "licenseid"]


@pytest.mark.usefixtures("_user_read_twice")
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_opens(desk, reseller, product, model, language):
    customer = make_customer(reseller)
    make_license_id(customer, product, "TM-0001-0001")
    rows = {
        "reseller": reseller,
        "user": User.objects.create_user(email="a@example.jp", name="A", role="customer", customer=customer),
        "customer": customer,
        "programme": product.programme,
        "product": product,
        "licenseid": LicenseID.objects.get(),
    }
    headers = {"accept-language": language}
    assert desk.get(address(model), headers=headers).status_code == 200
    added = "invitation" if model == "user" else model
    assert desk.get(address(added, "add"), headers=headers).status_code == 200
    assert desk.get(address(model, "change", rows[model].pk), headers=headers).status_code == 200


# --- Searching and filtering ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["髙﨑製作所", "高崎製作所", "㈱高崎", "（株）高崎", "株式会社　高崎", "たかさき", "ﾀｶｻｷ", "高崎 タカサキ"],
)
def test_customers_are_found_however_they_are_written(desk, reseller, words):
    make_customer(reseller)
    make_customer(reseller, "星見坂物流株式会社", "ホシミザカブツリュウ")
    assert found(desk, "customer", {"q": words}) == ["株式会社髙﨑製作所"]
    assert found(desk, "user", {"q": words}) == []


def test_every_word_must_be_found(desk, reseller):
    make_customer(reseller)
    assert found(desk, "customer", {"q": "高崎 物流"}) == []


@pytest.mark.parametrize("words", ["TM-0048-2210", "tm00482210", "ＴＭ－００４８", "0048 高崎", "TM−0048"])
def test_license_ids_are_found_by_code_and_customer(desk, reseller, product, words):
    make_license_id(make_customer(reseller), product, "TM-0048-2210")
    make_license_id(make_customer(reseller, "星見坂物流株式会社", ""), product, "TM-0051-1007")
    assert found(desk, "licenseid", {"q": words}) == ["TM-0048-2210"]


def test_people_are_found_by_address_name_and_company(desk, reseller, admin):
    User.objects.create_user(email="aoki@aoba.example.jp", name="青木 陽子", role="staff", reseller=reseller)
    for words in ("aoki@", "ＡＯＫＩ", "青木", "青葉見本"):
        assert found(desk, "user", {"q": words}) == ["青木 陽子"]
    assert found(desk, "user", {"role__exact": "admin"}) == ["香坂 管理"]


def test_products_are_found_and_filtered(desk, product):
    other = Programme.objects.create(code="通常", name="通常")
    Product.objects.create(code="SMP-AG", name="ガバメント", programme=other, segment="官公庁")
    assert found(desk, "product", {"q": "ｶﾞﾊﾞﾒﾝﾄ"}) == ["SMP-AG ガバメント"]
    assert found(desk, "product", {"q": "smpag"}) == ["SMP-AG ガバメント"]
    assert found(desk, "product", {"segment": "一般"}) == ["SMP-CC TRSL ウイルスバスター"]
    assert found(desk, "product", {"programme__id__exact": str(other.pk)}) == ["SMP-AG ガバメント"]


def test_license_ids_are_filtered_by_expiry_programme_reseller(desk, reseller, product):
    today = timezone.localdate()
    customer = make_customer(reseller)
    for code, days in (("LAST-DAY", 0), ("EXPIRED", -1), ("IN-30", 30), ("IN-31", 31), ("IN-91", 91)):
        licenseid = LicenseID.objects.create(code=code, customer=customer)
        expires = today + timedelta(days=days)
        Holding.objects.create(licenseid=licenseid, product=product, quantity=5, support_expires_on=expires)
    LicenseID.objects.create(code="NOTHING", customer=customer)
    assert found(desk, "licenseid", {"expiry": "expired"}) == ["EXPIRED"]
    assert found(desk, "licenseid", {"expiry": "30"}) == ["IN-30", "LAST-DAY"]
    assert found(desk, "licenseid", {"expiry": "60"}) == ["IN-30", "IN-31", "LAST-DAY"]
    assert found(desk, "licenseid", {"expiry": "90"}) == ["IN-30", "IN-31", "LAST-DAY"]
    assert found(desk, "licenseid", {"expiry": "none"}) == ["NOTHING"]
    assert len(found(desk, "licenseid", {"expiry": "nonsense"})) == 6
    other = Product.objects.create(
        code="SMP-BS", name="X", programme=Programme.objects.create(code="通常", name="通常")
    )
    stranger = make_customer(Reseller.objects.create(code="minato", name="株式会社みなと見本情報"), "X", "")
    make_license_id(stranger, other, "OTHER", holdings=3)
    programme = str(product.programme_id)
    assert len(found(desk, "licenseid", {"holdings__product__programme__id__exact": programme})) == 5
    assert found(desk, "licenseid", {"holdings__product__programme__id__exact": str(other.programme_id)}) == ["OTHER"]
    assert found(desk, "licenseid", {"customer__reseller__id__exact": str(stranger.reseller_id)}) == ["OTHER"]
    assert len(found(desk, "licenseid", {"customer__reseller__id__exact": str(reseller.pk)})) == 6


# --- License IDs and their holdings ---------------------------------------------------------------------------------


def holding_rows(*rows: tuple[Product, str, str]) -> dict[str, str]:
    data = {"holdings-TOTAL_FORMS": str(len(rows)), "holdings-INITIAL_FORMS": "0"}
    for number, (product, quantity, expires) in enumerate(rows):
        data |= {
            f"holdings-{number}-product": str(product.pk),
            f"holdings-{number}-quantity": quantity,
            f"holdings-{number}-support_expires_on": expires,
        }
    return data


def test_a_license_id_is_entered_with_its_holdings(desk, reseller, product):
    customer = make_customer(reseller)
    data = {"code": "TM-0048-2210", "customer": customer.pk, "note": ""}
    data |= holding_rows((product, "60", "2027-03-31"), (product, "45", "2027-08-31"))
    answer = desk.post(address("licenseid", "add"), data)
    assert answer.status_code == 302
    assert list(Holding.objects.values_list("licenseid__code", "quantity", "support_expires_on")) == [
        ("TM-0048-2210", 60, date(2027, 3, 31)),
        ("TM-0048-2210", 45, date(2027, 8, 31)),
    ]


def test_one_product_with_one_expiry_stands_once(desk, reseller, product):
    data = {"code": "TM-0048-2210", "customer": make_customer(reseller).pk, "note": ""}
    data |= holding_rows((product, "60", "2027-03-31"), (product, "45", "2027-03-31"))
    answer = desk.post(address("licenseid", "add"), data)
    assert "A product stands twice with the same support expiry. Enter the sum of both in one row." in (
        answer.content.decode()
    )
    assert LicenseID.objects.count() == 0


def test_the_products_of_thirty_rows_are_read_once(desk, reseller, product):
    customer = make_customer(reseller)
    one = make_license_id(customer, product, "ONE")
    thirty = make_license_id(customer, product, "THIRTY", holdings=30)
    assert count_queries(desk, address("licenseid", "change", one.pk)) == count_queries(
        desk, address("licenseid", "change", thirty.pk)
    )


def test_no_choice_offers_to_delete_what_is_chosen(desk, reseller, product):
    licenseid = make_license_id(make_customer(reseller), product, "ONE")
    added = desk.get(address("licenseid", "add")).content.decode()
    assert 'id="change_id_customer"' in added
    assert 'id="delete_id_customer"' not in added
    content = desk.get(address("licenseid", "change", licenseid.pk)).content.decode()
    assert not [name for name in ("add", "change", "delete", "view") if f'id="{name}_id_holdings-0-product"' in content]


def test_a_customer_leads_to_its_license_ids(desk, reseller, product):
    customer = make_customer(reseller)
    make_license_id(customer, product, "TM-0001-0001")
    make_license_id(make_customer(reseller, "星見坂物流株式会社", ""), product, "TM-0001-0002")
    link = f"{address('licenseid')}?customer__id__exact={customer.pk}"
    answer = desk.get(address("customer", "change", customer.pk))
    assert f'<a href="{link}">1 license ID</a>' in answer.content.decode()
    assert [str(row) for row in desk.get(link).context["cl"].result_list] == ["TM-0001-0001"]


# --- Resellers ------------------------------------------------------------------------------------------------------


def test_a_seal_is_shown_and_downloaded_by_admins_only(desk, reseller):
    reseller.seal.save("seal.png", ContentFile(PIXEL))
    content = desk.get(address("reseller", "change", reseller.pk)).content.decode()
    link = address("reseller", "picture", reseller.pk, "seal")
    assert '<img src="data:image/png;base64,iVBORw0KGgo' in content
    assert f'<a href="{link}">{reseller.seal.name}</a>' in content
    picture = desk.get(link)
    assert b"".join(picture.streaming_content) == PIXEL
    assert picture["Content-Disposition"] == f'attachment; filename="{Path(reseller.seal.name).name}"'
    assert desk.get(address("reseller", "picture", reseller.pk, "logo")).status_code == 404
    assert desk.get(address("reseller", "picture", reseller.pk, "name")).status_code == 404
    assert Client().get(link).status_code == 302


def test_a_seal_whose_file_is_gone_does_not_break_the_page(desk, reseller):
    reseller.seal = "resellers/gone.png"
    reseller.save()
    url = address("reseller", "change", reseller.pk)
    assert desk.get(url).status_code == 200
    data = {"code": "aoba", "name": "青葉", "validity_days": "30", "tax_rounding": "down"}
    data |= {"customers_see_quotes": "sent", "holdings_kept_by": "managers", "bank_account_kind": "ordinary"}
    answer = desk.post(url, data)
    assert answer.context["adminform"].form.errors == {"seal": ["This file is not a PNG, JPEG or SVG image."]}
    assert desk.post(url, data | {"seal-clear": "on"}).status_code == 302
    reseller.refresh_from_db()
    assert (reseller.name, reseller.seal.name) == ("青葉", "")


def test_a_seal_stays_when_something_else_is_changed(desk, reseller):
    reseller.seal.save("seal.png", ContentFile(PIXEL))
    data = {"code": "aoba", "name": "青葉", "validity_days": "30", "tax_rounding": "down"}
    data |= {"customers_see_quotes": "sent", "holdings_kept_by": "managers", "bank_account_kind": "ordinary"}
    assert desk.post(address("reseller", "change", reseller.pk), data).status_code == 302
    name = reseller.seal.name
    reseller.refresh_from_db()
    assert (reseller.name, reseller.seal.name) == ("青葉", name)


def test_a_wrong_registration_number_is_refused_in_words(desk, reseller):
    data = {
        "code": "aoba",
        "name": "青葉",
        "registration_number": "T1999900000101",
        "validity_days": "30",
        "tax_rounding": "down",
        "customers_see_quotes": "sent",
        "holdings_kept_by": "managers",
        "bank_account_kind": "ordinary",
    }
    answer = desk.post(address("reseller", "change", reseller.pk), data)
    message = "The check digit does not fit: the digit after T should be 7. Look for a typing error."
    assert answer.context["adminform"].form.errors == {"registration_number": [message]}
    reseller.refresh_from_db()
    assert reseller.name == "青葉見本システム株式会社"


# --- Few queries ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_a_list_of_a_dozen_takes_the_queries_of_a_list_of_one(desk, reseller, product, model):
    def make(number: int) -> None:
        other = Reseller.objects.create(code=f"r{number}", name=f"Reseller {number}")
        customer = make_customer(other, f"Customer {number}", "")
        programme = Programme.objects.create(code=f"P{number}", name=f"P{number}")
        own = Product.objects.create(code=f"S-{number}", name="X", programme=programme, segment=f"S{number}")
        make_license_id(customer, own, f"TM-{number}", holdings=2)
        User.objects.create_user(email=f"u{number}@example.jp", name="U", role="customer", customer=customer)

    make(1)
    with_one = count_queries(desk, address(model))
    for number in range(2, 13):
        make(number)
    assert count_queries(desk, address(model)) == with_one
