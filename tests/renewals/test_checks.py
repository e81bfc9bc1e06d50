"""Data checks: exactly what is wrong is found, by those whose it is, and each finding leads to where it is mended."""

from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from licensing.models import Contact, Customer, Holding, LicenseID, Product, Reseller
from pricing.models import EndOfSale, PriceList, PriceTable
from quotes.record.transitions import record_order
from renewals.carrying_out.operations import carry_out
from renewals.checks.findings import Reader
from renewals.checks.queries import CHECKS, checks_for, count_by_reseller, count_findings
from renewals.checks.scope import scope_of
from tests.cast import EXPIRY, NOW, TODAY, make_license_id, sign_in
from tests.making import given_quote

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATE = TODAY - timedelta(days=181)
CHECK = {check.code: check for check in CHECKS}


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


def found(code, *, reseller=None, text="", user=None):
    """Subject and words of each finding."""
    check = CHECK[code]
    rows = list(check.find(scope_of(on=TODAY, reseller=reseller, text=text)))
    return [(one.subject, one.said) for one in check.tell(rows, Reader(user))]


def new_product(cast, code, **how):
    return Product.objects.create(code=code, name=f"製品{code}", programme=cast.products["SMP-BS"].programme, **how)


def test_prices_that_are_missing_now_or_next(cast):
    unpriced, ending, ended, followed = (new_product(cast, code) for code in ("X-1", "X-2", "X-3", "X-4"))
    Holding.objects.bulk_create(
        Holding(
            licenseid=make_license_id(cast.customer, f"LIC-{one.code}"),
            product=one,
            quantity=5,
            support_expires_on=EXPIRY,
        )
        for one in (unpriced, ending, ended, followed)
    )
    make_license_id(cast.customer, "LIC-GOOD", ("SMP-BS", 45))
    old = Holding(
        licenseid=LicenseID.objects.get(code="LIC-X-1"), product=unpriced, quantity=5, support_expires_on=LATE
    )
    old.save()  # nobody renews it any more
    copies = list(PriceTable.objects.filter(price_list=cast.price_list).values_list("product", "minimum_quantity"))
    for name, day, more in (("now", TODAY, [(ending.pk, 1)]), ("next", EXPIRY, [])):
        made = PriceList.objects.create(name=name, effective_on=day)
        PriceTable.objects.bulk_create(
            PriceTable(price_list=made, product_id=pk, minimum_quantity=least) for pk, least in [*copies, *more]
        )
        EndOfSale.objects.create(price_list=made, product=ended, since_on=TODAY)
        EndOfSale.objects.create(price_list=made, product=followed, since_on=TODAY, successor=cast.products["SMP-BS"])
        PriceList.objects.filter(pk=made.pk).update(published_at=NOW, published_by=cast.admin)
    assert found("no-price") == [
        ("LIC-X-1", "製品X-1 (X-1) × 5 until 31 March 2027: the price list in force has no price")
    ]
    assert found("no-price-next") == [
        ("LIC-X-2", "製品X-2 (X-2) × 5 until 31 March 2027: the next price list has no price")
    ]
    assert found("ended") == [("LIC-X-3", "製品X-3 (X-3) × 5 until 31 March 2027 is not sold any more")]
    before_any_list = scope_of(on=date(2020, 1, 1), reseller=None)
    assert CHECK["no-price"].find(before_any_list).count() == Holding.objects.count()


@pytest.mark.parametrize(
    ("late", "expired_on", "is_found"),
    [
        (None, LATE, True), (None, LATE + timedelta(days=1), False), (None, date(2020, 1, 1), True),
        (60, TODAY - timedelta(days=61), True), (60, TODAY - timedelta(days=60), False),
        (0, TODAY - timedelta(days=31), True), (0, TODAY - timedelta(days=30), False),
        (365, LATE, False),
    ],
)  # fmt: skip
def test_expired_for_long_is_past_the_programmes_last_day(cast, late, expired_on, is_found):
    programme = cast.products["SMP-BS"].programme
    programme.late_renewal_days = late
    programme.save()
    make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45, expired_on))
    assert bool(found("expired-long")) == is_found


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("SMP-BS", 45), ("SMP-BS", 45, date(2028, 3, 31))], 1),
        ([("SMP-BS", 45), ("SMP-BS", 60, date(2028, 3, 31))], 0),  # two purchases
        ([("SMP-BS", 45, date(2027, 1, 14)), ("SMP-BS", 60, date(2028, 3, 31))], 1),
        ([("SMP-BS", 45, TODAY), ("SMP-BS", 60, date(2028, 3, 31))], 0),
        ([("SMP-BS", 45), ("SMP-CC", 45, date(2028, 3, 31))], 0),
    ],
)
def test_a_row_that_a_renewal_left_behind(cast, rows, expected):
    make_license_id(cast.customer, "LIC-1", *rows)
    assert len(found("overlapping")) == expected
    if expected:
        assert found("overlapping")[0][1].endswith("the same product is held until 31 March 2028 too")


def test_license_ids_that_read_alike_are_told_within_the_own_reseller(cast):
    for code in ("LIC-1001", "lic1001", "L1C-1OO1", "LIC-1002"):
        make_license_id(cast.customer, code, ("SMP-BS", 45))
    make_license_id(cast.foreign_customer, "LIC.1001", ("SMP-BS", 45))
    make_license_id(cast.foreign_customer, "LIC_1002", ("SMP-BS", 45))
    ours = found("alike", reseller=cast.aoba.pk, user=cast.staff)
    assert ours == [
        ("L1C-1OO1", "reads like LIC-1001, lic1001"),
        ("LIC-1001", "reads like L1C-1OO1, lic1001"),
        ("lic1001", "reads like L1C-1OO1, LIC-1001"),
    ]
    assert found("alike", reseller=cast.aoba.pk, text="1OO1", user=cast.staff) == [ours[0]]
    assert found("alike", reseller=cast.minato.pk, user=cast.stranger) == []
    assert len(found("alike", user=cast.admin)) == 6


def test_customers_nobody_can_write_to(cast):
    assert found("no-contact", text="高崎製作所") == [(cast.customer.name, "has no contact")]
    assert len(found("no-contact", reseller=cast.aoba.pk)) == Customer.objects.filter(reseller=cast.aoba).count()
    Customer.objects.create(reseller=cast.aoba, name="高崎製作所旧社", merged_into=cast.customer)  # is another by now
    contact = Contact.objects.create(customer=cast.customer, name="連絡 先")
    assert (found("no-contact", text="高崎"), found("no-email")) == ([], [])  # somebody logs in
    cast.contact.is_active = False
    cast.contact.save()
    assert found("no-email") == [(cast.customer.name, "none of the contacts has an e-mail address")]
    contact.email = "a@example.jp"
    contact.save()
    assert found("no-email") == []
    contact.is_gone = True
    contact.save()
    assert len(found("no-contact", text="高崎")) == 1


def test_what_is_less_than_can_be_renewed_counts_all_of_the_product(cast):
    least = PriceTable.objects.get(price_list=cast.price_list, product__code="SMP-IW").minimum_quantity
    make_license_id(cast.customer, "LIC-1", ("SMP-IW", least - 1))
    make_license_id(cast.customer, "LIC-2", ("SMP-IW", least - 1), ("SMP-IW", 1, date(2028, 3, 31)))
    make_license_id(cast.customer, "LIC-3", ("SMP-IW", 1, date(2020, 3, 31)))
    name = cast.products["SMP-IW"].name
    assert found("below-minimum") == [("LIC-1", f"{name} (SMP-IW): {least - 1} held, at least {least} can be renewed")]
    assert count_by_reseller(CHECK["below-minimum"], scope_of(on=TODAY, reseller=None)) == {cast.aoba.pk: 1}


def test_orders_that_lie_segments_taxes_and_what_is_never_used(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    quote = given_quote(licenseid, by=cast.staff)
    record_order(quote=quote, ordered_on=TODAY - timedelta(days=30), by=cast.staff, now=NOW)
    assert found("not-carried-out") == []
    type(quote.status).objects.update(ordered_on=TODAY - timedelta(days=31))
    assert found("not-carried-out") == [(quote.number, "Ordered 15 December 2026; LIC-1")]
    assert count_by_reseller(CHECK["not-carried-out"], scope_of(on=TODAY, reseller=None)) == {cast.aoba.pk: 1}
    carry_out(quote=quote, parts=[quote.parts.get().pk], by=cast.staff, now=NOW)
    assert found("not-carried-out") == []
    Product.objects.filter(code="SMP-BS").update(segment="教育", tax_category="reduced")
    name = cast.products["SMP-BS"].name
    assert found("segment") == [("LIC-1", f"{name} (SMP-BS) × 45 is made for 教育; the customer is: –")]
    assert found("no-tax-rate") == [(f"{name} (SMP-BS)", "Tax category “reduced” has no rate")]
    unused = {subject for subject, _said in found("unused-product")}
    assert (f"{name} (SMP-BS)" in unused, len(unused)) == (False, Product.objects.count() - 1)
    make_license_id(cast.customer, "LIC-2")
    assert found("empty") == [("LIC-2", "holds nothing")]


def test_each_sees_what_they_can_mend(cast):
    codes = {
        role: [check.code for check in checks_for(getattr(cast, role))] for role in ("staff", "price_admin", "admin")
    }
    assert codes["price_admin"] == ["no-price", "no-price-next", "ended", "no-tax-rate", "unused-product"]
    assert "unused-product" not in codes["staff"]
    assert len(codes["admin"]) == len(CHECKS)
    assert checks_for(cast.contact) == []
    licenseid = make_license_id(cast.customer, "LIC-1")
    row = [licenseid]
    Reseller.objects.update(holdings_kept_by="managers")
    for role, url in (
        ("manager", "/license-ids/LIC-1/holdings/"),
        ("staff", "/license-ids/LIC-1/"),
        ("admin", f"/admin/licensing/licenseid/{licenseid.pk}/change/"),
    ):
        person = type(cast.staff).objects.get(pk=getattr(cast, role).pk)
        assert CHECK["empty"].tell(row, Reader(person))[0].url == url


def test_the_page_counts_filters_pages_and_asks_no_more_for_many_rows(cast):
    desk = sign_in(cast.staff)
    make_license_id(cast.customer, "LIC-A1")
    make_license_id(cast.foreign_customer, "LIC-B1")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page = desk.get("/data-checks/", {"check": "empty"}).content.decode()
        return len(seen), page

    few, page = queries()
    assert "LIC-A1" in page
    assert "LIC-B1" not in page
    assert "/license-ids/LIC-A1/" in page
    for number in range(60):
        make_license_id(cast.customer, f"LIC-C{number:02}")
    many, page = queries()
    assert many == few
    assert "1–50 of 61" in page
    page = desk.get("/data-checks/", {"check": "empty", "page": "2"}).content.decode()
    assert "LIC-C59" in page
    page = desk.get("/data-checks/", {"check": "empty", "q": "ＬＩＣ－Ｃ０７"}).content.decode()
    assert "LIC-C07" in page
    assert "LIC-C08" not in page
    assert desk.get("/data-checks/", {"check": "nonsense", "page": "x", "reseller": "minato"}).status_code == 200
    admin = sign_in(cast.admin)
    page = admin.get("/data-checks/", {"check": "empty", "reseller": "minato"}).content.decode()
    assert "LIC-B1" in page
    assert "LIC-A1" not in page
    page = sign_in(cast.price_admin).get("/data-checks/").content.decode()
    assert "Products never used" in page
    assert "without contact" not in page


def told(*arguments):
    out = StringIO()
    try:
        call_command("check_data", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return error.returncode, [*out.getvalue().splitlines(), str(error)]
    return 0, out.getvalue().splitlines()


def test_the_command_tells_by_reseller_and_is_strict_where_asked(cast):
    for number in range(3):
        make_license_id(cast.foreign_customer, f"LIC-B{number}")
    code, lines = told("--reseller=minato", "--most=2")
    assert (code, lines[0]) == (0, "minato: 株式会社みなと見本情報 (4)")
    at = lines.index("  License IDs without holdings: 3")
    assert lines[at + 1 : at + 4] == [
        "    LIC-B0  有限会社波止場商会  holds nothing",
        "    LIC-B1  有限会社波止場商会  holds nothing",
        "    and 1 more",
    ]
    assert told("--reseller=minato", "--strict", "--most=0")[0] == 1
    assert told("--reseller=nobody") == (1, ["There is no reseller “nobody”."])
    whole = told()[1]
    assert [line.partition(" (")[0] for line in whole if not line.startswith(" ")] == [
        "aoba: 青葉見本システム株式会社", "minato: 株式会社みなと見本情報", "of no reseller",
    ]  # fmt: skip
    LicenseID.objects.all().delete()
    Contact.objects.create(customer=cast.foreign_customer, name="並木", email="n@example.jp")
    assert told("--reseller=minato", "--strict") == (0, ["Nothing was found."])


def test_counts_are_those_of_the_lists(cast):
    make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-BS", 45, date(2028, 3, 31)), ("SMP-IW", 1))
    make_license_id(cast.customer, "LIC-l", ("SMP-BS", 45, date(2020, 1, 1)))
    scope = scope_of(on=TODAY, reseller=None)
    for check in CHECKS:
        count = count_findings([check], scope)[check.code]
        assert sum(count_by_reseller(check, scope).values()) == count == len(list(check.find(scope))), check.code
