"""The sample data: complete, valid, loaded once, and never mixed with anything else."""

import calendar
import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.files.storage import default_storage
from django.db import transaction

from licensing.models import Customer, Holding, LicenseID, Product, Programme, Reseller, User
from pricing.loader import forget_published_tables
from pricing.models import MultiYearDiscount, PriceList, PriceRank, TaxRate
from pricing.queries import price_lists_around
from quotes.comparisons.queries import chosen_comparisons
from quotes.customers.queries import received_comparisons
from quotes.models import CODES_BETWEEN, Quote, State
from quotes.record.comparisons import state_of
from renewals.approval.queries import mine, waiting_for
from renewals.calculation.calculate import calculate
from renewals.management.commands._sample_parties import store_picture
from renewals.models import DeskRow, QuoteDraft, Stage
from tests.making import fill, holding_of
from tests.renewals.sampling import DAY, MODELS, all_rows, load_on

MARCH_END = date(2027, 3, 31)
PASSWORD = "renewal-demo-2026"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The sample is loaded once for all tests here; each may change it, the whole is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_on(DAY)
        transaction.set_rollback(True)
    forget_published_tables()


@pytest.fixture
def sample(loaded, db):
    return loaded


def total_of(code: str, changes: dict[str, str] | None = None) -> tuple[list[str], int]:
    """The ranks of the lines and the sum without tax, for the form with some changes; refusals instead of ranks."""
    form = fill(LicenseID.objects.get(code=code), changes, on=DAY)
    pricing = calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=DAY).pricing
    if pricing.is_refused:
        return sorted({one.problem.code for one in pricing.refusals}), 0
    return [line.rank.rank.rank for line in pricing.lines], pricing.subtotal


@pytest.mark.both_databases
def test_all_of_it_is_there(sample):
    counts = {m.__name__: m._base_manager.count() for m in MODELS if not hasattr(m, "history_type")}
    assert {name: count for name, count in counts.items() if count} == {
        "Reseller": 2,
        "Contact": 74,
        "Customer": 46,
        "User": 9,
        "Programme": 2,
        "Product": 13,
        "LicenseID": 75,
        "Holding": 109,
        "PriceList": 3,
        "PriceTable": 39,
        "PriceRank": 240,
        "MultiYearDiscount": 15,
        "TaxRate": 4,
        "CostRate": 3,
        "PriceListEvent": 3,
        "Quote": 17,
        "QuoteDraft": 4,
        "QuoteDraftPart": 4,
        "Comparison": 2,
        "ComparedLicenseID": 2,
        "Alternative": 6,
        "ComparisonStatus": 2,
        "ComparisonNumber": 1,
        "ApprovalRequest": 2,
        "QuoteNumber": Quote.objects.values("reseller", "month").distinct().count(),
        "QuotePart": 18,
        "QuotedHolding": 24,
        "QuoteLine": 26,
        "QuoteDocument": 17,
        "QuoteEvent": 47,
        "QuoteMargin": 16,
        "ShareLink": 17,
        "QuoteStatus": 17,
        "EventChain": 2,
        "CarryingOut": 1,
        "QuantityConfirmation": 2,
        "ConfirmationPart": 2,
        "ConfirmationAnswer": 1,
        "DeskEntry": 1,
        "DeskRow": 81,
        "DeskCount": 56,
        "CustomerCount": 2,
        "QuoteCount": 13,
    }
    assert LicenseID.objects.filter(holdings__isnull=True).count() == 0
    assert Customer.objects.filter(license_ids__isnull=True).count() == 0
    assert max(licenseid.holdings.count() for licenseid in LicenseID.objects.all()) == 12
    assert set(DeskRow.objects.values_list("stage", flat=True)) == set(Stage)


@pytest.mark.both_databases
def test_its_history_begins_with_one_entry_for_each_row(sample):
    for model in (Programme, Reseller, Product, LicenseID, User):  # customers get owners, holdings are carried out
        assert model.history.count() == model.objects.count() > 0
        assert set(model.history.values_list("history_type", "history_user_name")) == {("+", "")}


def test_every_row_passes_its_own_checks(sample):
    for model in (Reseller, Customer, User, Programme, Product, LicenseID, Holding):
        for row in model.objects.all():
            row.full_clean()
    in_force = PriceList.objects.get(effective_on=date(2026, 10, 1))
    for table in in_force.tables.all():
        table.full_clean()
        for row in (*table.ranks.all(), *table.multi_year_discounts.all()):
            row.full_clean()
    for price_list_or_rate in (*PriceList.objects.all(), *TaxRate.objects.all()):
        price_list_or_rate.full_clean()


def test_the_prices_in_force_are_those_of_the_file(sample):
    with Path(settings.BASE_DIR, "sample", "price_table.csv").open(encoding="utf-8", newline="") as file:
        wanted = {
            (
                row["product_code"],
                int(row["min_renew_qty"]),
                row["rank"],
                int(row["qty_from"]),
                int(row["renew_unit_price"]),
                int(row["add_unit_price"]),
            )
            for row in csv.DictReader(file)
        }
    in_force, following = price_lists_around(on=DAY)
    assert in_force is not None
    assert following is not None
    assert (in_force.name, in_force.effective_on) == ("2026年10月版（サンプル）", date(2026, 10, 1))
    assert (following.name, following.effective_on) == ("2027年2月版（サンプル）", date(2027, 2, 1))
    ranks = PriceRank.objects.filter(price_table__price_list=in_force)
    found = ranks.values_list(
        "price_table__product__code",
        "price_table__minimum_quantity",
        "rank",
        "from_quantity",
        "renewal_price",
        "addition_price",
    )
    assert set(found) == wanted


def test_earlier_prices_are_lower_and_later_ones_higher(sample):
    for product in Product.objects.all():
        ranks = PriceRank.objects.filter(price_table__product=product).order_by("price_table__price_list__effective_on")
        for code in set(ranks.values_list("rank", flat=True)):
            earlier, now, later = ranks.filter(rank=code).values_list("renewal_price", flat=True)
            assert Decimal("0.94") < Decimal(earlier) / now < 1 < Decimal(later) / now < Decimal("1.05")


def test_every_list_is_a_published_sample(sample):
    assert PriceList.objects.filter(is_sample=True, published_at__isnull=False).count() == 3
    for price_list in PriceList.objects.all():
        assert price_list.published_at is not None
        assert price_list.published_at.date() < price_list.effective_on


def test_only_web_manager_has_multi_year_discounts(sample):
    assert [product.code for product in Product.objects.filter(is_multi_year_discountable=True)] == ["SMP-WM"]
    discounts = MultiYearDiscount.objects.filter(price_table__price_list__effective_on=date(2026, 10, 1))
    assert list(discounts.values_list("price_table__product__code", "years", "percent")) == [
        ("SMP-WM", 2, Decimal(3)),
        ("SMP-WM", 3, Decimal(8)),
        ("SMP-WM", 4, Decimal(10)),
        ("SMP-WM", 5, Decimal(12)),
        ("SMP-WM", 6, Decimal(12)),
    ]


def test_one_reseller_has_a_seal_and_the_other_none(sample):
    aoba, minato = Reseller.objects.order_by("code")
    assert (aoba.code, bool(aoba.seal), bool(aoba.logo), aoba.tax_rounding) == ("aoba", True, True, "down")
    assert (minato.code, bool(minato.seal), bool(minato.logo), minato.tax_rounding) == (
        "minato",
        False,
        False,
        "half_up",
    )
    assert (aoba.validity_days, minato.validity_days) == (30, 45)
    with aoba.seal.open() as seal:
        assert seal.read() == Path(settings.BASE_DIR, "sample", "aoba-seal.png").read_bytes()


def test_everybody_can_log_in_with_what_is_printed(sample):
    assert PASSWORD in sample
    for user in User.objects.all():
        assert user.email in sample
        assert user.check_password(PASSWORD)
        validate_password(PASSWORD, user)
        assert user.is_superuser == (user.role == User.Role.ADMIN)


def test_expiries_lie_around_today(sample):
    days = list(Holding.objects.values_list("support_expires_on", flat=True))
    assert min(days) >= DAY - timedelta(days=60)
    [carried_out] = [day for day in days if day > DAY + timedelta(days=330)]
    assert carried_out == date(2028, 3, 31)
    ends = [day for day in days if day.day == calendar.monthrange(day.year, day.month)[1]]
    assert len(ends) > len(days) / 2
    assert {MARCH_END, date(2027, 2, 28)} <= set(days)
    assert len([day for day in days if day < DAY]) >= 4


def test_every_license_id_can_be_quoted_or_says_why_not(sample):
    refused = {}
    for code in LicenseID.objects.values_list("code", flat=True):
        ranks_or_refusals, total = total_of(code)
        if total == 0:
            refused[code] = ranks_or_refusals
    assert refused == {
        "TM-0058-0010": ["below-first-rank", "below-minimum"],
        "TM-0076-0033": ["below-minimum", "rank-missing"],
    }
    for licenseid in LicenseID.objects.filter(code__in=refused):
        assert licenseid.note.startswith("見積不可の事例: ")


def test_the_worked_examples_stand_ready(sample):
    """E1 to E10 of the rules page, on the license IDs TM-9000-00NN."""

    def reduced(code: str, **quantities: int) -> dict[str, str]:
        licenseid = LicenseID.objects.get(code=code)
        changes = {
            f"quantity-{holding_of(licenseid, name.replace('_', '-')).pk}": str(number)
            for name, number in quantities.items()
        }
        return {"is_reduced": "on"} | changes

    examples = LicenseID.objects.filter(code__startswith="TM-9000-")
    assert set(Holding.objects.filter(licenseid__in=examples).values_list("support_expires_on", flat=True)) == {
        MARCH_END
    }
    assert total_of("TM-9000-0001") == (["C"], 202_500)
    assert total_of("TM-9000-0002") == (["D", "D"], 270_300)
    assert total_of("TM-9000-0003") == (["C"], 161_400)
    assert total_of("TM-9000-0003", reduced("TM-9000-0003", SMP_CS=48)) == (["B"], 141_120)
    assert total_of("TM-9000-0004") == (["D"], 192_000)
    assert total_of("TM-9000-0004", reduced("TM-9000-0004", SMP_CC=99)) == (["C"], 215_820)
    added = {"addition-0-product": "SMP-CC", "addition-0-quantity": "10"}
    assert total_of("TM-9000-0005", added) == (["C", "C"], 141_800)
    assert total_of("TM-9000-0006", {"years": "3"}) == (["C"], 678_960)
    assert total_of("TM-9000-0007", reduced("TM-9000-0007", SMP_CC=80)) == (["C", "C"], 310_300)
    assert total_of("TM-9000-0008", {"years": "6"}) == (["C"], 2_972_400)
    assert total_of("TM-9000-0009") == (["A"], 288_000)
    assert total_of("TM-9000-0019") == (["A"], 144_000)
    refusals = total_of("TM-9000-0010", reduced("TM-9000-0010", SMP_IW=20))
    assert refusals == (["below-first-rank", "below-minimum"], 0)


def test_quotes_old_and_new(sample):
    quotes = list(Quote.objects.order_by("issued_at"))
    assert [quote.valid_until < DAY for quote in quotes] == [True] * 5 + [False] * 12
    assert all(quote.is_sample for quote in quotes)
    [several] = [quote for quote in quotes if CODES_BETWEEN in quote.license_codes]
    assert (several.license_codes, several.total) == ("TM-9000-0009 / TM-9000-0019", 475_200)
    assert {quote.reseller.code for quote in quotes} == {"aoba", "minato"}
    assert {warning["code"] for quote in quotes for warning in quote.acknowledged} == {
        "reduction-does-not-save",
        "support-expired",
    }
    assert {quote.status.state for quote in quotes} == set(State)
    [superseded] = Quote.objects.filter(status__state=State.SUPERSEDED)
    assert superseded.revised_by.number == f"{superseded.base_number}-01"
    closed = [quote for quote in quotes if quote.status.state in ("withdrawn", "ordered", "lost")]
    assert all(quote.status.reason for quote in closed)
    totals = [draft.priced_total for draft in QuoteDraft.objects.order_by("priced_total")]
    assert totals == [49_896, 295_680, 341_330, 916_393]


def test_a_newcomer_sees_comparisons_and_approvals(sample):
    staff, manager, contact = (
        User.objects.get(email=email)
        for email in ("aoki@aoba.example.jp", "mizuno@aoba.example.jp", "saeki@takasaki.example.jp")
    )
    [given] = received_comparisons(contact, on=DAY)
    assert (given.license_codes, state_of(given, on=DAY)) == ("TM-9000-0002", "open")
    [chosen] = chosen_comparisons(staff)
    assert (chosen.license_codes, chosen.status.chosen.letter, chosen.status.chosen.label) == (
        "TM-9000-0003", "C", "20本追加",
    )  # fmt: skip
    [waiting] = waiting_for(manager)
    assert (waiting.license_codes, waiting.total, waiting.asked_by) == ("TM-0070-0640", 916_393, staff)
    assert [row["kind"] for row in waiting.passed] == ["reduction"]
    assert {one.license_codes: one.state for one in mine(staff)} == {
        "TM-0070-0640": "waiting",
        "TM-0052-3301": "sent_back",
    }


@pytest.mark.both_databases
def test_a_second_time_changes_nothing(sample, django_assert_max_num_queries):
    before = all_rows()
    with django_assert_max_num_queries(2):
        printed = load_on(DAY + timedelta(days=90))
    assert printed.startswith("The sample data was loaded before. Nothing was changed.\n")
    assert PASSWORD in printed
    assert all_rows() == before


def test_what_was_changed_since_is_kept(sample):
    Customer.objects.filter(name="合同会社ことりび").update(department="総務部")
    LicenseID.objects.filter(code="TM-0095-0008").delete()
    before = all_rows()
    load_on(DAY)
    assert all_rows() == before


def test_the_same_pictures_are_stored_once(sample):
    assert store_picture("aoba-seal.png") == Reseller.objects.get(code="aoba").seal.name == "resellers/aoba-seal.png"
    stored = [name for name in default_storage.listdir("resellers")[1] if name.startswith("aoba-")]
    assert sorted(stored) == ["aoba-logo.svg", "aoba-seal.png"]
