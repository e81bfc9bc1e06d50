"""Cost rates: which one is in force, and what the database refuses."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from licensing.models import Product, Reseller
from pricing.costs.queries import rates_of, rates_on
from pricing.models import CostRate
from tests.cast import Cast, make_cast

APRIL = date(2027, 4, 1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def give(reseller: Reseller, what: Any, percent: str, on: date = APRIL) -> CostRate:
    of = "product" if isinstance(what, Product) else "programme"
    rate: CostRate = CostRate.objects.create(reseller=reseller, percent=Decimal(percent), effective_on=on, **{of: what})
    return rate


def percents(cast: Cast, on: date, *codes: str) -> dict[str, tuple[str, str]]:
    found = rates_on(reseller=cast.aoba, codes=codes, on=on)
    return {code: (str(rate.percent), rate.of) for code, rate in found.items()}


def test_the_latest_in_force_counts_from_its_first_day(cast: Cast) -> None:
    product = cast.products["SMP-BS"]
    give(cast.aoba, product, "80", APRIL)
    give(cast.aoba, product, "75.25", APRIL + timedelta(days=30))
    day = timedelta(days=1)
    assert percents(cast, APRIL - day, "SMP-BS") == {}
    assert percents(cast, APRIL, "SMP-BS") == {"SMP-BS": ("80.00", "product")}
    assert percents(cast, APRIL + 29 * day, "SMP-BS") == {"SMP-BS": ("80.00", "product")}
    assert percents(cast, APRIL + 30 * day, "SMP-BS") == {"SMP-BS": ("75.25", "product")}


def test_a_products_own_rate_beats_a_newer_one_of_its_programme(cast: Cast) -> None:
    product = cast.products["SMP-CC"]
    give(cast.aoba, product, "70", APRIL)
    give(cast.aoba, product.programme, "82", APRIL - timedelta(days=1))
    give(cast.aoba, product.programme, "81", APRIL + timedelta(days=1))
    on = APRIL + timedelta(days=2)
    assert percents(cast, on, "SMP-CC", "SMP-IM", "SMP-BS") == {
        "SMP-CC": ("70.00", "product"),
        "SMP-IM": ("81.00", "programme"),
    }
    assert percents(cast, APRIL - timedelta(days=1), "SMP-CC") == {"SMP-CC": ("82.00", "programme")}


def test_rates_are_of_one_reseller_and_one_question(cast: Cast, django_assert_num_queries: Any) -> None:
    give(cast.minato, cast.products["SMP-BS"], "66")
    give(cast.aoba, cast.products["SMP-BS"], "77")
    with django_assert_num_queries(1):
        assert percents(cast, APRIL, *cast.products) == {"SMP-BS": ("77.00", "product")}
    with django_assert_num_queries(0):
        assert rates_on(reseller=cast.aoba, codes=(), on=APRIL) == {}
    assert [str(rate) for rate in rates_of(cast.minato)] == ["66.00 %"]


@pytest.mark.both_databases
def test_the_database_refuses_what_is_no_rate(cast: Cast) -> None:
    product, programme = cast.products["SMP-BS"], cast.products["SMP-CC"].programme
    give(cast.aoba, product, "80")
    give(cast.aoba, programme, "80")
    fine = {"reseller": cast.aoba, "product": product, "percent": Decimal(80), "effective_on": APRIL}
    wrong = [
        (fine, "The product already has a cost rate from this day. Change that one."),
        (
            fine | {"product": None, "programme": programme},
            "The programme already has a cost rate from this day. Change that one.",
        ),
        (fine | {"programme": programme}, "A cost rate is of a product or of a programme, one of the two."),
        (fine | {"product": None}, "A cost rate is of a product or of a programme, one of the two."),
        (fine | {"percent": Decimal("0.80")}, "A cost rate is 1 to 100 percent of the list price."),
        (fine | {"percent": Decimal("100.01")}, "A cost rate is 1 to 100 percent of the list price."),
        (fine | {"effective_on": date(1999, 12, 31)}, "The day must lie between 2000 and 2099. Look for a typo."),
    ]
    for values, said in wrong:
        with translation.override("en"), pytest.raises(ValidationError) as refused:
            CostRate(**values).validate_constraints()
        with translation.override("en"):
            assert said in refused.value.messages
        with pytest.raises(IntegrityError), transaction.atomic():
            CostRate.objects.create(**values)
    assert CostRate.objects.count() == 2


@pytest.mark.both_databases
def test_every_change_is_kept_and_nobody_changes_that(cast: Cast) -> None:
    rate = give(cast.aoba, cast.products["SMP-BS"], "80")
    rate.percent = Decimal(75)
    rate.save()
    number = rate.pk
    rate.delete()
    kept = [(str(one.percent), one.history_type) for one in CostRate.history.filter(id=number)]
    assert kept == [("75.00", "-"), ("75.00", "~"), ("80.00", "+")]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM pricing_historicalcostrate")
