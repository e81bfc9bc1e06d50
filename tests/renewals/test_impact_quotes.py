"""What a draft price list would do to open quotes: each is asked again for what it was issued for."""

from datetime import timedelta

import pytest
from django.utils import translation

from licensing.models import Holding
from quotes.models import Quote
from renewals.impact.queries import impact_rows
from tests.cast import TODAY, make_license_id
from tests.making import given_quote, holding_of, issue_several
from tests.renewals.impacts import calculate, codes_of, make_draft, ranks_of, row_of

FIVE_DAYS = timedelta(days=5)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def quotes_of_all_kinds(cast) -> dict[str, Quote]:
    """By what is special about each."""
    later = TODAY + timedelta(days=400)
    made = {}

    def make(what, holdings, changes=None, acknowledged=()):
        licenseid = make_license_id(cast.customer, f"LIC-{len(made)}", *holdings)
        named = {holding.product.code: holding.pk for holding in licenseid.holdings.select_related("product")}
        entered = {
            name.format(**{code.replace("-", "_"): pk for code, pk in named.items()}): value
            for name, value in (changes or {}).items()
        }
        made[what] = given_quote(licenseid, by=cast.staff, changes=entered, acknowledged=acknowledged)

    make("as held", [("SMP-BS", 45)])
    make("three years, discounted", [("SMP-WM", 100)], {"years": "3"})
    make("added", [("SMP-CC", 45)], {"addition-0-product": "SMP-CC", "addition-0-quantity": "10"})
    make("reduced", [("SMP-CS", 60)], {"is_reduced": "on", "quantity-{SMP_CS}": "48"})
    make(
        "reduced into a dearer rank",
        [("SMP-CC", 100)],
        {"is_reduced": "on", "quantity-{SMP_CC}": "99"},
        ["reduction-does-not-save"],
    )
    make(
        "one discontinued",
        [("SMP-CC", 260), ("SMP-IM", 90)],
        {"is_reduced": "on", "quantity-{SMP_CC}": "0"},
    )
    make("left out, and counts", [("SMP-CC", 45), ("SMP-CS", 400, later)])
    make("another product added", [("SMP-CC", 45)], {"addition-0-product": "SMP-IM", "addition-0-quantity": "5"})
    return made


def test_on_the_same_day_each_costs_what_it_was_issued_for(cast):
    """The proof that the request is the one that was asked: same day, same list, same amounts, line by line."""
    made = quotes_of_all_kinds(cast)
    run = calculate(make_draft(cast, effective_on=TODAY), cast.admin)
    assert run.compared_with == cast.price_list
    for what, quote in made.items():
        row = run.rows.get(quote=quote)
        assert row.old_amount == quote.subtotal, what
        lines = [[line.product_code, line.quantity, line.rank, line.amount] for line in quote.lines.all()]
        assert [[code, quantity, rank, amount] for code, quantity, rank, _, amount, _ in row.lines] == lines, what
        assert row.new_amount > row.old_amount, what
        assert (row.quote_number, row.day) == (quote.number, quote.valid_until)
    assert ranks_of(run.rows.get(quote=made["left out, and counts"]))["SMP-CC"] == ("E", "E")


def test_a_quote_stands_beside_the_renewal_of_its_license_id(cast, licenseid):
    """They are the same money, so they are never summed."""
    given_quote(licenseid, by=cast.staff, changes={"years": "2"})
    run = calculate(make_draft(cast), cast.admin)
    assert row_of(run, "LIC-1001").old_amount == 202_500
    assert row_of(run, "LIC-1001", "quote").old_amount == 405_000
    assert {kind: whole["old"] for kind, whole in run.totals.items()} == {"renewal": 202_500, "quote": 405_000}


def test_a_quote_over_several_license_ids_is_one_row_that_names_them(cast):
    one = make_license_id(cast.customer, "LIC-A", ("SMP-AO", 40))
    two = make_license_id(cast.customer, "LIC-B", ("SMP-AO", 20))
    quote = issue_several(one, two, by=cast.staff)
    run = calculate(make_draft(cast, percent=110), cast.admin)
    row = run.rows.get(kind="quote")
    assert (row.quote, row.license_codes, row.old_amount, row.new_amount) == (quote, "LIC-A / LIC-B", 432_000, 475_200)
    assert [line[0] for line in row.lines] == ["SMP-AO", "SMP-AO"]
    [found] = impact_rows(run=run, kind="quote", text="LIC-B")
    assert found == row


def test_only_quotes_that_are_still_valid(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    draft = make_draft(cast)
    last = calculate(draft, cast.admin, on=quote.valid_until)
    assert last.rows.filter(quote=quote).count() == 1
    assert calculate(draft, cast.admin, on=quote.valid_until + timedelta(days=1)).rows.filter(kind="quote").count() == 0


def test_it_asks_for_what_was_quoted_whatever_is_held_now(cast, licenseid):
    """Holdings follow orders and corrections; the quote does not."""
    given_quote(licenseid, by=cast.staff)
    Holding.objects.filter(licenseid=licenseid).update(quantity=500, support_expires_on=TODAY + timedelta(days=800))
    row = row_of(calculate(make_draft(cast), cast.admin), "LIC-1001", "quote")
    assert row.old_amount == 202_500


def test_what_was_left_out_counts_as_it_was_asked_for(cast):
    """A quote answers what was asked; what became of the holdings since is the next quote's."""
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-CC", 45), ("SMP-CS", 400, TODAY + timedelta(days=400)))
    given_quote(licenseid, by=cast.staff)
    draft = make_draft(cast)
    assert ranks_of(row_of(calculate(draft, cast.admin), "LIC-1", "quote"))["SMP-CC"] == ("E", "E")
    holding_of(licenseid, "SMP-CS").delete()
    assert ranks_of(row_of(calculate(draft, cast.admin), "LIC-1", "quote"))["SMP-CC"] == ("E", "E")


def test_an_addition_is_no_longer_summed_when_support_has_ended_by_the_first_day(cast):
    """R7 and R13, as of the draft's day; under both lists alike."""
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-CC", 45), expires=TODAY + FIVE_DAYS)
    changes = {"addition-0-product": "SMP-CC", "addition-0-quantity": "10"}
    given_quote(licenseid, by=cast.staff, changes=changes)
    draft = make_draft(cast, effective_on=TODAY + FIVE_DAYS)
    before = row_of(calculate(draft, cast.admin), "LIC-1", "quote")
    assert codes_of(before) == []
    draft.effective_on += timedelta(days=1)
    draft.save()
    after = row_of(calculate(draft, cast.admin), "LIC-1", "quote")
    assert codes_of(after) == [("support-expired", ["old", "new"])]
    assert (before.lines[1][2], after.lines[1][2]) == ("C", "A")


def test_a_quote_stays_with_the_reseller_that_issued_it(cast, licenseid):
    given_quote(licenseid, by=cast.staff)
    cast.customer.reseller = cast.minato
    cast.customer.save()
    run = calculate(make_draft(cast), cast.admin)
    assert row_of(run, "LIC-1001").reseller == cast.minato
    assert row_of(run, "LIC-1001", "quote").reseller == cast.aoba
