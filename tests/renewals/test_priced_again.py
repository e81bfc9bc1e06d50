"""Whatever was issued: what was asked, priced on its day under its list, gives its lines again, to the yen."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licensing.models import Holding
from pricing.engine.rulebook import WARNING_RULES
from quotes.models import Quote
from renewals.asked import from_json
from renewals.calculation.calculate import calculate
from renewals.refusals import QuoteRefused
from tests.cast import EXPIRY, NOW, Cast, make_license_id
from tests.examples import MANY_TIMES, examples
from tests.making import issue_quote

few = settings(examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
CODES = ["SMP-BS", "SMP-CC", "SMP-IM", "SMP-CS", "SMP-AO", "SMP-WM"]
expiries = st.sampled_from([EXPIRY, EXPIRY - timedelta(days=70), EXPIRY + timedelta(days=400)])
held = st.lists(
    st.tuples(st.sampled_from(CODES), st.integers(1, 400), expiries),
    min_size=1,
    max_size=5,
    unique_by=lambda row: (row[0], row[2]),
)
choices = st.lists(st.sampled_from(["whole", "half", "none", "left out"]), min_size=5, max_size=5)
added = st.lists(st.tuples(st.sampled_from(CODES), st.integers(1, 300)), max_size=3, unique_by=lambda row: row[0])


def as_lines(quote: Quote) -> list[tuple[object, ...]]:
    return [
        (line.kind, line.product_code, line.held_quantity, line.quantity, line.rank, line.renewal_price,
         line.addition_price, line.years, line.discount_percent, line.amount, line.term_from, line.term_until)
        for line in quote.lines.order_by("position")
    ]  # fmt: skip


def price_again(quote: Quote) -> list[tuple[object, ...]]:
    asked = from_json(Quote.objects.get(pk=quote.pk).asked)
    pricing = calculate(asked=asked, customer=quote.customer, on=quote.issued_on).pricing
    assert (pricing.subtotal, pricing.tax, pricing.total) == (quote.subtotal, quote.tax, quote.total)
    return [
        (line.kind.value, line.product.code, line.held_quantity, line.quantity, line.rank.rank.rank,
         line.amount.renewal_price, line.amount.addition_price, line.amount.years, line.amount.discount_percent,
         line.amount.amount, line.term.term_from, line.term.term_until)
        for line in pricing.lines
    ]  # fmt: skip


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
@few
@given(held=held, choices=choices, added=added, years=st.integers(1, 6), is_reduced=st.booleans())
def test_what_was_asked_gives_its_lines_again(cast: Cast, held, choices, added, years, is_reduced):
    with transaction.atomic():
        licenseid = make_license_id(cast.customer, "LIC-77", *held)
        changes: dict[str, str | None] = {"years": str(years), "is_reduced": "on" if is_reduced else None}
        for row, choice in zip(licenseid.holdings.order_by("pk"), choices, strict=False):
            changes[f"renew-{row.pk}"] = None if choice == "left out" else "on"
            quantity = {"half": row.quantity // 2, "none": 0}.get(choice, row.quantity)
            changes[f"quantity-{row.pk}"] = str(quantity)
        for number, (code, quantity) in enumerate(added):
            changes |= {f"addition-{number}-product": code, f"addition-{number}-quantity": str(quantity)}
        try:
            quote = issue_quote(licenseid, by=cast.staff, changes=changes, acknowledged=WARNING_RULES)
        except QuoteRefused:
            transaction.set_rollback(True)
            return
        lines = as_lines(quote)
        Holding.objects.filter(licenseid=licenseid).delete()  # what became of the holdings since is no matter
        assert price_again(quote) == lines
        transaction.set_rollback(True)


@pytest.mark.parametrize("gone", [True, False])
def test_what_was_left_out_still_decides_the_rank(cast: Cast, gone: bool):
    licenseid = make_license_id(cast.customer, "LIC-78", ("SMP-CC", 300, EXPIRY), ("SMP-IM", 30, EXPIRY))
    left = licenseid.holdings.get(product__code="SMP-CC")
    quote = issue_quote(licenseid, by=cast.staff, changes={f"renew-{left.pk}": None}, now=NOW)
    if gone:
        left.delete()
    assert price_again(quote) == as_lines(quote)
