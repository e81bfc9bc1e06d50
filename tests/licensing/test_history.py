"""The history of master data: every way of writing leaves its entry, nothing else does, and nobody changes one."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from foundation.integrity import Fault, faults_of, wanted_of
from foundation.integrity.changes import Change, ValueChange
from licensing.models import Contact, Customer, Holding, LicenseID, Product, Programme, Reseller, User
from licensing.queries import changes_of, visible_changes
from tests.cast import EXPIRY, NOW, make_license_id, sign_in
from tests.making import is_postgres

pytestmark = pytest.mark.both_databases

MODELS = (Programme, Reseller, Customer, Product, LicenseID, Holding, User, Contact)
KEPT = "the history is never changed or deleted"


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))


def entries(row):
    """What the history says of a row, in order: what was done, by whom."""
    history = type(row).history.filter(id=row.pk).order_by("history_id")
    return [(entry.history_type, entry.history_user_name) for entry in history]


def told(changes):
    return [(change.kind, change.by, change.name, change.values) for change in changes]


# --- Every way of writing -------------------------------------------------------------------------------------------


def test_saving_and_deleting_leave_an_entry_each(cast, clock):
    customer = Customer.objects.create(reseller=cast.aoba, name="株式会社あじさい")
    clock.shift(timedelta(hours=1))
    customer.department = "総務部"
    customer._history_user = cast.colleague
    customer.save()
    customer.delete()
    assert [(row.history_type, row.department, row.history_user_name) for row in Customer.history.all()[:3]] == [
        ("-", "総務部", "速水 悠斗"),
        ("~", "総務部", "速水 悠斗"),
        ("+", "", ""),
    ]
    assert Customer.history.first().history_date == NOW + timedelta(hours=1)


def test_many_at_once_leave_theirs(cast, licenseid):
    [holding] = licenseid.holdings.all()
    assert entries(holding) == [("+", "")]
    other = Holding(licenseid=licenseid, product=cast.products["SMP-CC"], quantity=9, support_expires_on=EXPIRY)
    assert Holding.objects.bulk_create([other]) == [other]
    assert licenseid.holdings.update(quantity=45) == 2  # the first had 45 before
    holding.quantity = 44
    assert Holding.objects.bulk_update([holding], ["quantity"]) == 1
    numbers = holding.pk, other.pk
    for pk in numbers:
        Holding.objects.filter(pk=pk).delete()
    history = Holding.history.filter(licenseid_id=licenseid.pk).order_by("history_id")
    assert list(history.values_list("id", "history_type", "quantity")) == [
        (holding.pk, "+", 45),
        (other.pk, "+", 9),
        (other.pk, "~", 45),
        (holding.pk, "~", 44),
        (holding.pk, "-", 44),
        (other.pk, "-", 45),
    ]


def test_an_upsert_is_refused(cast):
    rows = [Programme(code="TRSL", name="anders")]
    for options in ({"ignore_conflicts": True}, {"update_conflicts": True, "update_fields": ["name"]}):
        with pytest.raises(ValueError, match="The history cannot tell which rows are written"):
            Programme.objects.bulk_create(rows, **options)
    assert Programme.objects.get(code="TRSL").name == "TRSL"


def test_what_did_not_change_leaves_nothing(cast, licenseid):
    before = {model: model.history.count() for model in MODELS}
    [holding] = licenseid.holdings.all()
    holding.support_expires_on = EXPIRY.isoformat()  # the same day, as text
    for row in (holding, licenseid, cast.customer, cast.aoba, cast.staff, cast.products["SMP-CC"]):
        row.save()
    Holding.objects.update(quantity=45)
    cast.staff.set_password("another-long-pass-phrase")
    cast.staff.save()
    sign_in(cast.staff).get("/")  # writes last_login
    assert {model: model.history.count() for model in MODELS} == before


def test_no_password_and_no_log_in_is_in_it(cast):
    columns = {field.name for field in User.history.model._meta.get_fields()}
    assert columns.isdisjoint({"password", "last_login", "joined_at", "groups", "user_permissions"})
    assert {"email", "name", "role", "reseller", "customer", "is_active"} <= columns


def test_the_search_key_is_not_in_it(cast):
    for model in (Customer, Product, LicenseID):
        assert "search_key" not in {field.name for field in model.history.model._meta.get_fields()}


def test_the_person_is_whoever_sent_the_request(cast, licenseid):
    [holding] = licenseid.holdings.all()
    form = {
        "code": "LIC-1001",
        "customer": licenseid.customer_id,
        "note": "",
        "holdings-TOTAL_FORMS": 1,
        "holdings-INITIAL_FORMS": 1,
        "holdings-0-id": holding.pk,
        "holdings-0-licenseid": licenseid.pk,
        "holdings-0-product": holding.product_id,
        "holdings-0-quantity": "60",
        "holdings-0-support_expires_on": "2027-03-31",
    }
    address = reverse("admin:licensing_licenseid_change", args=[licenseid.pk])
    assert sign_in(cast.admin).post(address, form).status_code == 302
    assert entries(holding) == [("+", ""), ("~", "香坂 管理")]
    assert entries(licenseid) == [("+", "")]


def test_the_person_stays_named_when_their_account_is_gone(cast):
    leaver = User.objects.create_user(email="yama@aoba.example.jp", name="山 里", role="staff", reseller=cast.aoba)
    cast.customer.person = "別の方"
    cast.customer._history_user = leaver
    cast.customer.save()
    leaver.delete()
    assert entries(cast.customer)[-1] == ("~", "山 里")
    assert entries(User(pk=User.history.first().id))[-1][0] == "-"


# --- What the entries tell ------------------------------------------------------------------------------------------


def test_a_license_ids_history_tells_old_and_new(cast, licenseid, clock):
    [holding] = licenseid.holdings.all()
    for changes in ({"quantity": 60}, {"support_expires_on": date(2028, 3, 31), "quantity": 50}):
        clock.shift(timedelta(days=1))
        for name, value in changes.items():
            setattr(holding, name, value)
        holding._history_user = cast.admin
        holding.save()
    clock.shift(timedelta(days=1))
    licenseid.note = "至急"
    licenseid.save()
    holding.delete()
    product = str(cast.products["SMP-BS"])
    name = cast.products["SMP-BS"].name
    assert product == f"SMP-BS {name}"
    assert told(visible_changes(cast.staff, licenseid, most=50)) == [
        ("changed", "", "LIC-1001", [ValueChange("社内メモ", None, "至急")]),
        (
            "removed",
            "香坂 管理",
            product,
            [ValueChange("保有数量", 50, None), ValueChange("サポート満了日", date(2028, 3, 31), None)],
        ),
        (
            "changed",
            "香坂 管理",
            product,
            [ValueChange("保有数量", 60, 50), ValueChange("サポート満了日", EXPIRY, date(2028, 3, 31))],
        ),
        ("changed", "香坂 管理", product, [ValueChange("保有数量", 45, 60)]),
        (
            "added",
            "",
            "LIC-1001",
            [ValueChange("ライセンスID", None, "LIC-1001"), ValueChange("お客様", None, "株式会社髙﨑製作所")],
        ),
        (
            "added",
            "",
            product,
            [ValueChange("保有数量", None, 45), ValueChange("サポート満了日", None, EXPIRY)],
        ),
    ]
    assert (
        told(visible_changes(cast.staff, licenseid, most=2))
        == told(visible_changes(cast.staff, licenseid, most=50))[:2]
    )


def test_values_are_told_in_words(cast):
    product = cast.products["SMP-CC"]
    product.tax_category, product.is_multi_year_discountable = "reduced", True
    product.programme = Programme.objects.get(code="通常")
    product.save()
    [change, _added] = changes_of(product, most=10)
    assert change.values == [
        ValueChange("プログラム", "TRSL", "通常"),
        ValueChange("複数年割引の対象", False, True),
        ValueChange("税区分", "標準税率", "軽減税率"),
    ]
    cast.aoba.seal.name = "resellers/角印.png"
    cast.aoba.tax_rounding = "half_up"
    cast.aoba.save()
    [change, _added] = changes_of(cast.aoba, most=10)
    assert change.values == [
        ValueChange("角印の画像", None, "角印.png"),
        ValueChange("消費税の端数処理", "切り捨て", "四捨五入"),
    ]


def test_what_is_gone_is_told_by_its_last_name(cast, licenseid, clock):
    clock.shift(timedelta(days=1))
    gone = Product.objects.create(code="OLD-1", name="終売品", programme=cast.products["SMP-CC"].programme)
    Holding.objects.create(licenseid=licenseid, product=gone, quantity=3, support_expires_on=EXPIRY)
    licenseid.holdings.filter(product=gone).delete()
    gone.delete()
    assert [change.name for change in visible_changes(cast.staff, licenseid, most=2)] == ["OLD-1 終売品"] * 2


def test_a_license_id_that_came_from_another_reseller_has_no_past(cast, clock):
    """Minato's quantities, notes and customers are nothing to Aoba."""
    licenseid = make_license_id(cast.foreign_customer, "LIC-9", ("SMP-BS", 777))
    licenseid.note = "波止場の秘密"
    licenseid.save()
    clock.shift(timedelta(days=1))
    licenseid.customer, licenseid.note = cast.customer, ""
    licenseid.save()
    holding = licenseid.holdings.get()
    assert told(visible_changes(cast.staff, licenseid, most=50)) == [("begins", "", "LIC-9", [])]
    clock.shift(timedelta(days=1))
    holding.quantity = 10
    holding.save()
    product = str(cast.products["SMP-BS"])
    assert told(visible_changes(cast.staff, licenseid, most=50)) == [
        ("begins", "", product, []),
        ("begins", "", "LIC-9", []),
    ]
    shown = visible_changes(cast.admin, licenseid, most=50)
    assert ValueChange("お客様", "有限会社波止場商会", "株式会社髙﨑製作所") in [v for c in shown for v in c.values]


def test_a_customer_that_changed_the_reseller_has_no_past_for_the_new_one(cast, clock):
    licenseid = make_license_id(cast.foreign_customer, "LIC-9", ("SMP-BS", 777))
    clock.shift(timedelta(days=1))
    cast.foreign_customer.reseller = cast.aoba
    cast.foreign_customer.save()
    licenseid.refresh_from_db()
    assert told(visible_changes(cast.staff, cast.foreign_customer, most=50)) == [
        ("begins", "", "有限会社波止場商会", [])
    ]
    assert told(visible_changes(cast.staff, licenseid, most=50)) == []
    assert len(visible_changes(cast.admin, licenseid, most=50)) == 2


def test_the_queries_do_not_grow_with_the_history(cast, licenseid, clock, django_assert_num_queries):
    with django_assert_num_queries(9) as few:
        visible_changes(cast.staff, licenseid, most=50)
    for number in range(30):
        clock.shift(timedelta(minutes=1))
        code = ("SMP-CC", "SMP-IM", "SMP-BS")[number % 3]
        Holding.objects.create(
            licenseid=licenseid,
            product=cast.products[code],
            quantity=number + 1,
            support_expires_on=EXPIRY + timedelta(days=number + 1),
        )
    with django_assert_num_queries(len(few)):
        assert len(visible_changes(cast.staff, licenseid, most=50)) == 32


# --- It stays -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_entries_are_neither_changed_nor_deleted(cast, licenseid, model):
    Contact.objects.create(customer=cast.customer, name="堀 桜")
    table = model.history.model._meta.db_table
    before = list(model.history.order_by("history_id").values())
    assert before
    statements = [f"UPDATE {table} SET history_user_name = 'x'", f"DELETE FROM {table}"]
    if is_postgres():
        statements.append(f"TRUNCATE {table}")
    for statement in statements:
        with pytest.raises(IntegrityError, match=KEPT), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert list(model.history.order_by("history_id").values()) == before


def test_a_missing_trigger_is_created_again_by_migrate(db, caplog):
    names = set(wanted_of("licensing", connection))
    assert len(names) == 3 + 3 + len(MODELS) * (3 if is_postgres() else 2)  # three count customers
    name, table = "licensing_historicalholding_keep_delete", "licensing_historicalholding"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgres() else ""))
    assert faults_of(wanted_of("licensing", connection), connection) == [Fault(name, "missing")]
    with translation.override("en"):
        call_command("migrate", verbosity=0)
    assert faults_of(wanted_of("licensing", connection), connection) == []
    assert f"triggers that keep the history and who owns customers were made anew: {name} (missing)" in caplog.text


def test_an_occasion_is_a_minute_and_a_person():
    change = Change(at=timezone.now(), by="青木", kind="added", model="", name="", values=[])
    assert (change.occasion[0].second, change.occasion[1]) == (0, "青木")
