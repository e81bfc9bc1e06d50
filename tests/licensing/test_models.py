"""Master data: what the database refuses, what it says, and how names are compared."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

from foundation.text.search import search_key
from licensing.models import (
    Contact,
    Customer,
    FormerCode,
    HeldLayout,
    Holding,
    Invitation,
    LicenseID,
    Product,
    Programme,
    Reseller,
    User,
)
from tests.licensing.limits import APPROVAL
from tests.violations import taken_of, told_of

EXPIRY = date(2027, 3, 31)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def rows(db):
    """One valid row of everything, by name."""
    reseller = Reseller.objects.create(code="aoba", name="青葉見本システム株式会社")
    customer = Customer.objects.create(reseller=reseller, name="株式会社髙﨑製作所", kana="タカサキセイサクショ")
    programme = Programme.objects.create(code="TRSL", name="TRSL", rank_basis="largest_product")
    product = Product.objects.create(code="SMP-CC", name="TRSL ウイルスバスター", programme=programme)
    licenseid = LicenseID.objects.create(code="TM-0048-2210", customer=customer)
    holding = Holding.objects.create(licenseid=licenseid, product=product, quantity=100, support_expires_on=EXPIRY)
    return {
        "reseller": reseller,
        "customer": customer,
        "programme": programme,
        "product": product,
        "licenseid": licenseid,
        "holding": holding,
    }


COMPANY_RULE = (
    "Reseller staff and managers belong to one reseller, customer contacts to one customer, "
    "price admins and portal admins to neither."
)

NOW = datetime(2027, 1, 15, 1, 0, tzinfo=UTC)
OPEN_ALREADY = "This address has an open invitation already."


def invitation(r: dict, **changes: object) -> Invitation:
    """A valid one, to a reseller's staff, unless changed; not saved."""
    by, _is_new = User.objects.get_or_create(email="admin@example.com", name="A", role="admin")
    first = {"email": "a@example.com", "name": "A", "role": "staff", "invited_by": by, "created_at": NOW}
    first |= {"expires_at": NOW + timedelta(days=7), "token_hash": uuid.uuid4().hex}
    return Invitation(**(first | ({} if "role" in changes else {"reseller": r["reseller"]}) | changes))


def second_contact(rows):
    for department, is_gone in (("", True), ("購買部", False), ("", False)):
        Contact.objects.get_or_create(customer=rows["customer"], name="堀 桜", department=department, is_gone=is_gone)
    return Contact(customer=rows["customer"], name="堀 桜")


def itself_merged(customer):
    customer.merged_into = customer
    return customer


def second_layout(rows):
    HeldLayout.objects.get_or_create(reseller=rows["reseller"], names_key="a" * 64)
    return HeldLayout(reseller=rows["reseller"], names_key="a" * 64, fields={"0": "name"})


def second_invitation(r: dict, **changes: object) -> Invitation:
    if not Invitation.objects.exists():
        invitation(r, **changes).save()
    return invitation(r, **changes)


TOO_LATE = "Late renewals must be at most 3,650 days. Look for a typo."
KEPT_BY = "Choose who keeps license IDs and holdings."
VIOLATIONS: list[tuple[str, Callable[[dict], models.Model], str]] = [
    (
        "reseller_validity_days_range",
        lambda r: Reseller(code="x", name="X", validity_days=0),
        "The validity must be between 1 and 365 days.",
    ),
    (
        "reseller_validity_days_range",
        lambda r: Reseller(code="x", name="X", validity_days=366),
        "The validity must be between 1 and 365 days.",
    ),
    *APPROVAL,
    (
        "reseller_customers_see_known",
        lambda r: Reseller(code="x", name="X", customers_see_quotes="never"),
        "Choose from when customers see a quote: once sent, or once issued.",
    ),
    (
        "reseller_tax_rounding_known",
        lambda r: Reseller(code="x", name="X", tax_rounding="bankers"),
        "Choose how tax is rounded: down, half up or up.",
    ),
    ("reseller_name_not_empty", lambda r: Reseller(code="x", name=""), "Enter the reseller's company name."),
    (
        "customer_name_not_empty",
        lambda r: Customer(reseller=r["reseller"], name=""),
        "Enter the customer's company name.",
    ),
    (
        "customer_language_known",
        lambda r: Customer(reseller=r["reseller"], name="X", language="fr"),
        "Choose Japanese or English as the language of quotes.",
    ),
    (
        "user_role_fits_company",
        lambda r: User(email="a@example.com", name="A", role="staff"),
        COMPANY_RULE,
    ),
    (
        "user_role_fits_company",
        lambda r: User(email="a@example.com", name="A", role="staff", reseller=r["reseller"], customer=r["customer"]),
        COMPANY_RULE,
    ),
    (
        "user_role_fits_company",
        lambda r: User(email="a@example.com", name="A", role="customer", reseller=r["reseller"]),
        COMPANY_RULE,
    ),
    (
        "user_role_fits_company",
        lambda r: User(email="a@example.com", name="A", role="admin", customer=r["customer"]),
        COMPANY_RULE,
    ),
    (
        "user_role_fits_company",
        lambda r: User(email="a@example.com", name="A", role="manager", customer=r["customer"]),
        COMPANY_RULE,
    ),
    (
        "user_role_fits_company",
        lambda r: User(email="a@example.com", name="A", role="price_admin", reseller=r["reseller"]),
        COMPANY_RULE,
    ),
    (
        "user_superuser_is_admin",
        lambda r: User(email="a@example.com", name="A", role="staff", reseller=r["reseller"], is_superuser=True),
        "Only a portal admin may have every permission.",
    ),
    ("invitation_role_fits_company", lambda r: invitation(r, role="customer"), COMPANY_RULE),
    ("invitation_role_fits_company", lambda r: invitation(r, role="manager", customer=r["customer"]), COMPANY_RULE),
    (
        "invitation_email_is_lower_case",
        lambda r: invitation(r, email="A@example.com"),
        "Enter the e-mail address in small letters.",
    ),
    (
        "invitation_expires_after_it_began",
        lambda r: invitation(r, expires_at=NOW),
        "An invitation must be valid for some time.",
    ),
    (
        "invitation_accepted_or_revoked",
        lambda r: invitation(r, accepted_at=NOW, revoked_at=NOW),
        "An accepted invitation cannot be revoked, one revoked has no user.",
    ),
    ("invitation_open_once_per_reseller", lambda r: second_invitation(r), OPEN_ALREADY),
    (
        "invitation_open_once_per_customer",
        lambda r: second_invitation(r, role="customer", customer=r["customer"]),
        OPEN_ALREADY,
    ),
    ("invitation_open_once_to_the_portal", lambda r: second_invitation(r, role="admin"), OPEN_ALREADY),
    (
        "programme_rank_basis_known",
        lambda r: Programme(code="X", name="X", rank_basis="guess"),
        "Choose how the programme's ranks are decided.",
    ),
    ("programme_most_years_in_range", lambda r: Programme(code="X", most_years=0), "The most years must be 1 to 6."),
    ("programme_most_years_in_range", lambda r: Programme(code="X", most_years=7), "The most years must be 1 to 6."),
    ("programme_late_renewal_days_sensible", lambda r: Programme(code="X", late_renewal_days=3651), TOO_LATE),
    ("product_code_not_empty", lambda r: Product(name="X", programme=r["programme"]), "Enter the product code."),
    ("license_id_code_not_empty", lambda r: LicenseID(code="", customer=r["customer"]), "Enter the license ID."),
    (
        "holding_quantity_positive",
        lambda r: Holding(
            licenseid=r["licenseid"], product=r["product"], quantity=0, support_expires_on=date(2028, 2, 29)
        ),
        "The held quantity must be at least 1. Delete the holding if it ended.",
    ),
    (
        "holding_quantity_sensible",
        lambda r: Holding(
            licenseid=r["licenseid"], product=r["product"], quantity=10_000_000, support_expires_on=date(2028, 2, 29)
        ),
        "The held quantity must be at most 9,999,999.",
    ),
    (
        "holding_expiry_sensible",
        lambda r: Holding(
            licenseid=r["licenseid"], product=r["product"], quantity=5, support_expires_on=date(2207, 3, 31)
        ),
        "The support expiry must lie between 2000 and 2099. Look for a typo.",
    ),
    (
        "holding_once_per_expiry",
        lambda r: Holding(licenseid=r["licenseid"], product=r["product"], quantity=5, support_expires_on=EXPIRY),
        "This license ID already has a holding of the product with this expiry. Change its quantity.",
    ),
    ("reseller_holdings_kept_by_known", lambda r: Reseller(name="X", holdings_kept_by="all"), KEPT_BY),
    (
        "reseller_bank_account_kind_known",
        lambda r: Reseller(name="X", bank_account_kind="x"),
        "Choose the kind of account.",
    ),
    (
        "reseller_printed_account_is_whole",
        lambda r: Reseller(code="x", name="X", prints_bank_account=True, bank_name="架空銀行"),
        "Enter bank, branch, number and holder of the account that quotes are to show.",
    ),
    (
        "reseller_english_account_is_whole",
        lambda r: Reseller(code="x", name="X", bank_name_en="Sample Bank", bank_branch_en="Minato"),
        "Enter bank, branch and holder in English letters, all three or none.",
    ),
    ("contact_name_not_empty", lambda r: Contact(customer=r["customer"], name=""), "Enter the contact's name."),
    (
        "contact_language_known",
        lambda r: Contact(customer=r["customer"], name="堀", language="fr"),
        "Choose Japanese or English as the contact's language.",
    ),
    ("former_code_not_empty", lambda r: FormerCode(product=r["product"], code=""), "Enter the former code."),
    (
        "customer_not_merged_into_itself",
        lambda r: itself_merged(r["customer"]),
        "A customer is not merged into itself.",
    ),
    ("held_layout_once", lambda r: second_layout(r), "This layout is known already."),
    (
        "contact_once_per_customer",
        lambda r: second_contact(r),
        "This customer has a contact of this name, department and e-mail address already.",
    ),
]


@pytest.mark.both_databases
def test_the_database_refuses(rows):
    assert taken_of(VIOLATIONS, rows) == []


def test_the_refusal_in_words(rows):
    told = told_of(VIOLATIONS, rows, unchecked=["password"])
    assert told == [[message] for _name, _build, message in VIOLATIONS]


def test_every_constraint_has_its_violation():
    constraints = {
        rule.name for model in apps.get_app_config("licensing").get_models() for rule in model._meta.constraints
    }
    assert constraints == {name for name, _build, _message in VIOLATIONS}


def test_what_is_registered_already_is_said_in_words(rows):
    with pytest.raises(ValidationError) as refused:
        LicenseID(code="TM-0048-2210", customer=rows["customer"]).full_clean()
    assert refused.value.message_dict == {"code": ["This license ID is registered already."]}
    User.objects.create_user(email="aoki@aoba.example.jp", name="青木", role="staff", reseller=rows["reseller"])
    with pytest.raises(ValidationError) as refused:
        User(email="aoki@aoba.example.jp", name="A", role="admin").full_clean(exclude=["password"])
    assert refused.value.message_dict == {"email": ["A user with this e-mail address exists already."]}


@pytest.mark.parametrize("code", ["TM 1", "ＴＭ－１", "-1", "株1", "TM-1\n"])
def test_a_code_is_latin_letters_digits_hyphens(rows, code):
    with pytest.raises(ValidationError) as refused:
        LicenseID(code=code, customer=rows["customer"]).full_clean()
    assert refused.value.message_dict == {"code": ["Use Latin letters, digits, hyphens, dots and underscores only."]}


@pytest.mark.parametrize("postal_code", ["1234567", "123-456", "１２３-4567"])
def test_a_postal_code_has_its_hyphen(rows, postal_code):
    with pytest.raises(ValidationError) as refused:
        Customer(reseller=rows["reseller"], name="X", postal_code=postal_code).full_clean()
    assert refused.value.message_dict == {"postal_code": ["Write the postal code as 123-4567."]}


@pytest.mark.both_databases
def test_deleting_what_others_refer_to_is_refused(rows):
    for name in ("reseller", "customer", "programme", "product"):
        with pytest.raises(models.ProtectedError):
            rows[name].delete()
    rows["licenseid"].delete()
    assert Holding.objects.count() == 0


def test_people_are_made_by_email(rows):
    admin = User.objects.create_superuser(email="Admin@Portal.Example.JP", password="a-long-pass-phrase")
    assert (admin.email, admin.name, admin.role) == ("admin@portal.example.jp", "Admin@Portal.Example.JP", "admin")
    assert admin.is_superuser
    assert admin.is_staff
    staff = User.objects.create_user(email="a@example.com", name="A", role="staff", reseller=rows["reseller"])
    assert not staff.is_superuser
    assert not staff.is_staff
    assert not staff.has_usable_password()
    by_role = User.objects.create_user(email="b@example.com", name="B", role="admin")
    assert by_role.is_superuser
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user(email="", name="C", role="admin")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("株式会社髙﨑製作所", "高崎製作所"),
        ("㈱高崎製作所", "高崎製作所"),
        ("(株)高崎製作所", "高崎製作所"),
        ("（株） 高崎　製作所", "高崎製作所"),
        ("㈲小春坂酒造", "小春坂酒造"),
        ("（有）小春坂酒造", "小春坂酒造"),
        ("(同)ことりび", "コトリビ"),
        ("𠮷沢", "吉沢"),
        ("濵風", "浜風"),
        ("渡邉・渡邊", "渡辺渡辺"),
        ("齋ノ木", "斎ノ木"),
        ("たかさき", "タカサキ"),
        ("ﾀｶｻｷ", "タカサキ"),
        ("ｶﾞﾊﾞﾒﾝﾄ", "ガバメント"),
        ("サーバー", "サバ"),
        ("サーバ", "サバ"),
        ("ＡＢＣ１２３", "abc123"),
        ("Straße", "strasse"),
        ("TM-0048-2210", "tm00482210"),
        ("ＴＭ－００４８－２２１０", "tm00482210"),
        ("TM−0048‐2210", "tm00482210"),
        ("tm ０048ー2210", "tm00482210"),
        ("O'Brien & Co., Ltd.", "obrien&coltd"),
        ("", ""),
        ("　 ", ""),
    ],
)
def test_one_key_for_all_ways_of_writing(written, key):
    assert search_key(written) == key


@pytest.mark.both_databases
def test_the_search_key_is_written_with_the_row(rows):
    customer = rows["customer"]
    assert customer.search_key == "高崎製作所 タカサキセイサクシヨ"
    customer.name = "㈱ミズカゲ"
    customer.save()
    customer.refresh_from_db()
    assert customer.search_key == "ミズカゲ タカサキセイサクシヨ"
    LicenseID.objects.bulk_create([LicenseID(code="TM-1-A", customer=customer)])
    assert LicenseID.objects.get(code="TM-1-A").search_key == "tm1a"


def test_names_as_shown(rows):
    assert str(rows["reseller"]) == "青葉見本システム株式会社"
    assert str(rows["customer"]) == "株式会社髙﨑製作所"
    assert str(rows["product"]) == "SMP-CC TRSL ウイルスバスター"
    assert str(rows["licenseid"]) == "TM-0048-2210"
    assert str(rows["holding"]) == "SMP-CC × 100"
