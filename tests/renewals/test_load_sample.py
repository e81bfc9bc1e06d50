"""Loading the sample: on any day, into an empty database only."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from licensing.models import Contact, Customer, Holding, Reseller, User
from pricing.loader import forget_published_tables
from pricing.queries import price_lists_around
from quotes.models import Quote
from renewals.management.commands._sample_contacts import load_contacts
from renewals.management.commands._sample_days import read_day
from tests.renewals.sampling import DAY, all_rows, load_on

PASSWORD = "renewal-demo-2026"


def test_it_is_never_mixed_with_other_data(db):
    reseller = Reseller.objects.create(code="real", name="本物の販売店")
    User.objects.create_user(email="a@example.com", name="A", role="staff", reseller=reseller)
    before = all_rows()
    with pytest.raises(CommandError) as refused:
        load_on(DAY)
    assert str(refused.value) == (
        "The database already holds other data (1 resellers, 1 users). "
        "Sample data is loaded into an empty database only."
    )
    assert all_rows() == before


def test_it_is_not_for_a_portal_in_real_use(db, settings):
    """Neither into an empty database nor where it is loaded already."""
    assert_refused(settings)
    settings.DEBUG = True
    forget_published_tables()
    out = StringIO()
    call_command("load_sample", stdout=out)
    assert Quote.objects.count() == 17
    assert PASSWORD in out.getvalue()
    assert_refused(settings)
    settings.DEBUG = True
    out = StringIO()
    call_command("load_sample", stdout=out)
    assert Quote.objects.count() == 17
    assert PASSWORD in out.getvalue()


def assert_refused(settings):
    settings.DEBUG = False
    before = all_rows()
    out = StringIO()
    with translation.override("en"), pytest.raises(CommandError) as refused:
        call_command("load_sample", stdout=out)
    assert str(refused.value) == (
        "DEBUG is off, so this may be a portal in real use. Nothing was loaded: everybody knows the password of the "
        "sample's people. To try the portal out, set DEBUG=True. Where nobody else can reach the portal, add "
        "--allow-without-debug."
    )
    assert out.getvalue() == ""
    assert all_rows() == before


@pytest.mark.parametrize(
    "day", [date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1), date(2027, 8, 31), date(2028, 2, 29)]
)
def test_it_loads_on_any_day(db, day):
    load_on(day)
    in_force, following = price_lists_around(on=day)
    assert in_force is not None
    assert following is not None
    assert 59 <= (following.effective_on - day).days <= 92
    assert Quote.objects.count() == 17
    expiries = list(Holding.objects.values_list("support_expires_on", flat=True))
    assert min(expiries) < day < max(expiries)


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("end+0", DAY, date(2026, 11, 30)),
        ("end+3", DAY, date(2027, 2, 28)),
        ("end-1", date(2026, 1, 31), date(2025, 12, 31)),
        ("15+2", DAY, date(2027, 1, 15)),
        ("days-20", DAY, date(2026, 11, 3)),
        ("days+5", date(2028, 2, 27), date(2028, 3, 3)),
        ("end-feb", DAY, date(2027, 2, 28)),
        ("end-feb", date(2027, 3, 1), date(2028, 2, 29)),
        ("end-mar", date(2027, 3, 31), date(2027, 3, 31)),
        ("end-mar", date(2027, 4, 1), date(2028, 3, 31)),
    ],
)
def test_days_move_with_today(text, today, day):
    assert read_day(text, today) == day


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match=r"holdings\.csv: 31st of May is no day\."):
        read_day("31st of May", DAY)


def test_contacts_come_once(db):
    load_on(DAY)
    customers = {"takasaki": Customer.objects.get(name="株式会社髙﨑製作所")}
    assert Contact.objects.filter(customer=customers["takasaki"]).count() == 2
    assert load_contacts(customers) == 0
    Contact.objects.filter(customer=customers["takasaki"]).first().delete()
    assert load_contacts(customers) == 1
    assert Contact.objects.exclude(customer__reseller__code__in=["aoba", "minato"]).count() == 0
    assert Customer.objects.filter(contacts=None).exists()  # for the data checks
