"""A manager's pages: people, customers with their contacts, and the own company's data."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from licensing.models import Customer, Reseller, User
from licensing.operations.invitations import invite
from tests.cast import NOW, Cast, make_cast, make_user, sign_in

CUSTOMER = {
    "name": "星見坂物流株式会社",
    "kana": "ホシミザカブツリュウ",
    "department": "総務部",
    "person": "堀 桜",
    "postal_code": "１２３‐４５６７",
    "address": "見本県星見市1-2",
    "language": "ja",
    "segment": "教育",
}
TOGETHER = "Enter this too: bank, branch and holder in English letters belong together."
COMPANY = {
    "postal_code": "000-0101",
    "address": "架空県青葉市若葉台9",
    "address_en": "",
    "phone": "０３－１２３４－５６７８",
    "email": "ＳＡＬＥＳ@aoba.example.jp",
    "delivery": "即日",
    "delivery_en": "",
    "payment_terms": "前払い",
    "payment_terms_en": "",
    "remarks": "検収は納品後1か月以内にお願いします。",
    "remarks_en": "",
    "bank_name": "架空銀行",
    "bank_branch": "若葉支店",
    "bank_account_kind": "current",
    "bank_account_number": "００１２３４５",
    "bank_account_holder": "アオバミホンシステム（カ",
    "bank_name_en": "Ｋａｋｕ Bank",
    "bank_branch_en": "Wakaba Branch",
    "bank_account_holder_en": "AOBA SAMPLE SYSTEM (KA",
    "prints_bank_account": "on",
    "validity_days": "４５",
    "customers_see_quotes": "issued",
}


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


def test_the_navigation_leads_managers_and_nobody_else(cast: Cast) -> None:
    link = f'href="{reverse("manage_people")}"'
    assert link in sign_in(cast.manager).get("/").text
    for user in (cast.staff, cast.contact, cast.admin, cast.price_admin):
        assert link not in sign_in(user).get("/").text


def test_people_are_listed_with_role_and_access(cast: Cast) -> None:
    cast.colleague.is_active = False
    cast.colleague.save()
    invite(email="x@new.example.jp", name="X", role="staff", reseller=cast.aoba, by=cast.manager, now=NOW)
    page = sign_in(cast.manager).get("/manage/people/")
    assert [person.name for person in page.context["people"]] == ["水野 恵子", "青木 陽子", "速水 悠斗"]
    assert [(row.invitation.email, row.state) for row in page.context["invitations"]] == [("x@new.example.jp", "open")]
    for name in ("佐伯 美和", "渚 さくら", "並木 渉", "香坂 管理"):
        assert name not in page.text


@pytest.mark.parametrize("where", ["people", "customers", "customer"])
def test_thirty_rows_cost_no_more_queries_than_one(cast: Cast, where: str) -> None:
    desk = sign_in(cast.manager)
    address = reverse(f"manage_{where}", args=[cast.customer.pk] if where == "customer" else [])
    given = {"by": cast.manager, "now": NOW}

    def fill(first: int, last: int) -> int:
        for number in range(first, last):
            make_user(f"{number}@aoba.example.jp", "X", User.Role.STAFF, reseller=cast.aoba)
            make_user(f"c{number}@aoba.example.jp", "X", User.Role.CUSTOMER, customer=cast.customer)
            invite(email=f"i{number}@x.example.jp", name="X", role="staff", reseller=cast.aoba, **given)
            invite(email=f"j{number}@x.example.jp", name="X", role="customer", customer=cast.customer, **given)
            Customer.objects.create(reseller=cast.aoba, name=f"X{number}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    assert fill(0, 1) == fill(1, 19)


# --- Customers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("〒１２３－４５６７", "123-4567"),
        ("1234567", "123-4567"),
        ("〒 123─4567", "123-4567"),
        ("123 4567", "123-4567"),
    ],
)
def test_a_postal_code_is_taken_as_it_is_copied(cast: Cast, typed: str, kept: str) -> None:
    desk = sign_in(cast.manager)
    answer = desk.post("/manage/company/", COMPANY | {"postal_code": typed})
    cast.aoba.refresh_from_db()
    assert (answer.status_code, cast.aoba.postal_code) == (302, kept)
    [field] = re.findall(r'<input[^>]* name="postal_code"[^>]*>', desk.get("/manage/company/").text)
    assert "maxlength" not in field  # browsers would cut off what is pasted


def test_a_customer_is_added_to_the_own_reseller(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    answer = desk.post("/manage/customers/new/", CUSTOMER | {"reseller": cast.minato.pk})
    added = Customer.objects.get(name="星見坂物流株式会社")
    assert answer.headers["Location"] == reverse("manage_customer", args=[added.pk])
    assert added.reseller == cast.aoba
    assert {name: getattr(added, name) for name in CUSTOMER} == CUSTOMER | {"postal_code": "123-4567"}
    assert added.history.get().history_user_name == "水野 恵子"
    assert "星見坂" in sign_in(cast.staff).get("/customers/?q=ほしみざか").text


def test_all_of_a_customer_is_changed(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    address = reverse("manage_customer", args=[cast.customer.pk])
    shown = desk.get(address).context["form"]
    assert {field.name: field.value() for field in shown} == {name: getattr(cast.customer, name) for name in CUSTOMER}
    assert desk.post(address, CUSTOMER | {"reseller": cast.minato.pk}).status_code == 302
    cast.customer.refresh_from_db()
    assert {name: getattr(cast.customer, name) for name in CUSTOMER} == CUSTOMER | {"postal_code": "123-4567"}
    assert cast.customer.reseller == cast.aoba


def test_what_is_wrong_is_said_and_nothing_is_written(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    before = list(Customer.objects.values())
    wrong = CUSTOMER | {"name": " ", "postal_code": "123", "language": "fr", "kana": "あ" * 201}
    for address in ("/manage/customers/new/", reverse("manage_customer", args=[cast.customer.pk])):
        answer = desk.post(address, wrong)
        assert answer.status_code == 422
        assert answer.context["form"].errors == {
            "name": ["This field is required."],
            "kana": ["Ensure this value has at most 200 characters (it has 201)."],
            "postal_code": ["Write the postal code as 123-4567."],
            "language": ["Select a valid choice. fr is not one of the available choices."],
        }
        assert answer.context["form"]["person"].value() == "堀 桜"
    assert list(Customer.objects.values()) == before


def test_others_customers_are_not_there(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    before = list(Customer.objects.values())
    for view in ("manage_customer", "manage_invite_contact"):
        address = reverse(view, args=[cast.foreign_customer.pk])
        assert desk.get(address).status_code == 404
        assert desk.post(address, CUSTOMER | {"email": "x@x.example.jp"}).status_code == 404
    assert "波止場" not in desk.get("/manage/customers/").text
    assert list(Customer.objects.values()) == before


def test_a_contact_is_deactivated_and_comes_back_to_the_customers_page(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    page = reverse("manage_customer", args=[cast.customer.pk])
    assert "saeki@takasaki.example.jp" in desk.get(page).text
    for view, is_active in (("manage_deactivate", False), ("manage_reactivate", True)):
        assert desk.post(reverse(view, args=[cast.contact.pk])).headers["Location"] == page
        cast.contact.refresh_from_db()
        assert cast.contact.is_active == is_active


# --- The own company -------------------------------------------------------------------------------------------------


def test_company_data_is_changed(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    assert desk.post("/manage/company/", COMPANY).status_code == 302
    cast.aoba.refresh_from_db()
    assert {name: getattr(cast.aoba, name) for name in COMPANY} == COMPANY | {
        "phone": "03-1234-5678",
        "email": "sales@aoba.example.jp",
        "bank_account_number": "0012345",
        "bank_name_en": "Kaku Bank",
        "prints_bank_account": True,
        "validity_days": 45,
    }


def test_the_formal_identity_is_shown_and_not_changed(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    assert "T7999900000101" in desk.get("/manage/company/").text
    formal = {"name": "X", "name_en": "X", "registration_number": "", "tax_rounding": "up", "code": "x"}
    other = list(Reseller.objects.filter(pk=cast.minato.pk).values())
    assert (
        desk.post("/manage/company/", COMPANY | formal | {"pk": cast.minato.pk, "id": cast.minato.pk}).status_code
        == 302
    )
    before = {name: getattr(cast.aoba, name) for name in formal}
    cast.aoba.refresh_from_db()
    assert {name: getattr(cast.aoba, name) for name in formal} == before
    assert list(Reseller.objects.filter(pk=cast.minato.pk).values()) == other


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"validity_days": "0"}, {"validity_days": ["Ensure this value is greater than or equal to 1."]}),
        ({"validity_days": "９９９"}, {"validity_days": ["Ensure this value is less than or equal to 365."]}),
        ({"validity_days": "x"}, {"validity_days": ["“x” is not a whole number. Write it in digits, like 12."]}),
        ({"email": "nobody"}, {"email": ["Enter a valid email address."]}),
        ({"bank_account_number": "12-34"}, {"bank_account_number": ["Write the account number in 4 to 7 digits."]}),
        (
            {"bank_branch": "", "bank_account_number": ""},
            {
                "bank_branch": ["Enter this: quotes are to show the account."],
                "bank_account_number": ["Enter this: quotes are to show the account."],
            },
        ),
        (
            {"bank_account_kind": "secret"},
            {"bank_account_kind": ["Select a valid choice. secret is not one of the available choices."]},
        ),
        (
            {"bank_name_en": "架空銀行"},
            {"bank_name_en": ["Write it in English letters, for example Sample Bank."]},
        ),
        (
            {"bank_name_en": "", "bank_branch_en": " "},
            {name: [TOGETHER] for name in ("bank_name_en", "bank_branch_en")},
        ),
        ({"postal_code": "１２３"}, {"postal_code": ["Write the postal code as 123-4567."]}),
    ],
)
def test_what_is_wrong_with_company_data_is_said_at_its_field(
    cast: Cast, changes: dict[str, str], errors: dict[str, list[str]]
) -> None:
    before = list(Reseller.objects.values())
    answer = sign_in(cast.manager).post("/manage/company/", COMPANY | changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    assert answer.context["form"]["delivery"].value() == "即日"
    assert list(Reseller.objects.values()) == before
