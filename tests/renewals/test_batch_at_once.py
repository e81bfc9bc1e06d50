"""What people do to a row while the background prices it or issues it."""

from functools import partial

import pytest

from licensing.keeping.operations import HeldRow, save_holdings
from quotes.models import Quote
from quotes.record.transitions import withdraw
from renewals.batch.operations import PriceWork, acknowledge, leave_out, open_row
from renewals.models import QuoteDraft
from renewals.revisions.operations import begin_revision
from tests.at_once import at_once, first_and_then
from tests.cast import EXPIRY, NOW, Cast, make_cast, make_license_id
from tests.making import given_quote, holding_of, issue_quote
from tests.renewals.batches import assert_done, begin, decline, press, reviewed, row_of, work_issue, work_price
from tests.renewals.sheets import saved


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_row_left_out_while_it_is_priced_stays_left_out():
    cast = make_cast()
    rows = [make_license_id(cast.customer, f"LIC-{number}", ("SMP-BS", 45)) for number in range(1, 4)]
    given_quote(rows[2], by=cast.staff, changes={"years": "2"})
    run = begin(rows, cast.staff)
    keys = dict(run.rows.values_list("license_codes", "key"))

    class PricedBesideSomebody(PriceWork):
        """Between reading the rows and writing what they cost, a colleague leaves one out."""

        def do_item(self, batch, position, beat):
            write = super().do_item(batch, position, beat)
            assert at_once(lambda: leave_out(run=run, keys=[keys["LIC-1"]], is_left_out=True)) == [1]
            return write

    work_price(run, PricedBesideSomebody(lambda: NOW))
    assert list(run.rows.order_by("position").values_list("license_codes", "state", "is_left_out")) == [
        ("LIC-1", "ready", True),
        ("LIC-2", "ready", False),
        ("LIC-3", "look", True),  # quoted already
    ]


def fewer(licenseid, run, cast: Cast):
    """Somebody corrects what is held."""
    kept = holding_of(licenseid)
    rows = [HeldRow(number=kept.pk, product=kept.product, quantity=30, support_expires_on=EXPIRY)]
    save_holdings(licenseid=licenseid, note="", rows=rows)


def quoted(licenseid, run, cast: Cast):
    """Somebody quotes it from its page."""
    issue_quote(licenseid, by=cast.colleague, changes={"years": "2"})


def changed(licenseid, run, cast: Cast):
    """Somebody opens the row and changes it."""
    open_row(row=row_of(run, licenseid.code), by=cast.colleague, now=NOW)
    draft = QuoteDraft.objects.get()
    saved(licenseid, {"key": str(draft.key), "seen_version": str(draft.version), "years": "3"}, by=cast.colleague)


def declined(licenseid, run, cast: Cast):
    """Somebody enters that it is not renewed."""
    decline(licenseid, "クラウド版へ移行", by=cast.colleague)


def left_out(licenseid, run, cast: Cast):
    """Somebody leaves the row out."""
    assert leave_out(run=run, keys=[row_of(run, licenseid.code).key], is_left_out=True) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("deed", "state", "unread", "others"),
    [
        (fewer, "look", " changed ", 0),
        (quoted, "look", " already-quoted ", 1),
        (changed, "look", " changed ", 0),
        (declined, "look", " not-renewed ", 0),
        (left_out, "ready", "", 0),
    ],
)
def test_what_was_done_to_a_row_a_moment_before_it_is_issued_counts(deed, state, unread, others):
    cast = make_cast()
    one, two = (make_license_id(cast.customer, code, ("SMP-BS", 45)) for code in ("LIC-1", "LIC-2"))
    run = reviewed([one, two], cast.staff)
    assert press(run, cast.staff) == 2
    assert first_and_then(partial(deed, one, run, cast), lambda: work_issue(run)) == (None, None)
    assert_done(run)
    row = row_of(run, "LIC-1")
    assert (row.state, row.unread, row.is_left_out) == (state, unread, deed is left_out)
    assert row_of(run, "LIC-2").state == "issued"
    assert Quote.objects.filter(key=row.key).count() == 0
    assert Quote.objects.count() == 1 + others


def revised(quote, cast: Cast):
    draft, _is_new = begin_revision(quote=quote, by=cast.colleague, now=NOW)
    issue_quote(draft.parts.get().licenseid, by=cast.colleague, key=draft.key)


def withdrawn(quote, cast: Cast):
    withdraw(quote=quote, reason="誤り", by=cast.colleague, now=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("deed", "state", "open_quotes"), [(revised, "look", ["Q2701-0001-01"]), (withdrawn, "issued", ["Q2701-0002-00"])]
)
def test_the_other_quote_that_was_read_of_becomes_another_a_moment_before(deed, state, open_quotes):
    """Who ticked that it is quoted already read of one quote: of its revision nobody has."""
    cast = make_cast()
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    quote = given_quote(one, by=cast.staff, changes={"years": "2"})
    run = reviewed([one], cast.staff)
    assert leave_out(run=run, keys=[row_of(run, "LIC-1").key], is_left_out=False) == 1
    run.refresh_from_db()
    acknowledge(run=run, code="already-quoted", seen_version=run.version, by=cast.staff, now=NOW)
    assert press(run, cast.staff) == 1
    assert first_and_then(partial(deed, quote, cast), lambda: work_issue(run)) == (None, None)
    assert_done(run)
    assert row_of(run, "LIC-1").state == state
    assert list(Quote.objects.filter(status__state="issued").values_list("number", flat=True)) == open_quotes
