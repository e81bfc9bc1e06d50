"""What of the desk stays with the reseller that had a customer before, and yen of an order over two expiries."""

from datetime import timedelta

from quotes.record.transitions import record_order
from renewals.carrying_out.operations import carry_out
from renewals.confirmations.queries import standings, visible_confirmations
from renewals.desk.refresh import refresh
from renewals.models import DeskEntry, DeskRow, Stage
from tests.cast import EXPIRY, NOW, TODAY, make_license_id
from tests.making import issue_quote, load
from tests.renewals.asking import needed_of, put, reply
from tests.renewals.transferring import change


def test_a_new_reseller_sees_nothing_that_the_old_one_noted_or_asked(cast, licenseid):
    entered = {"note": "30%引き希望", "declined_reason": "不要", "declined_at": NOW}
    DeskEntry.objects.create(licenseid=licenseid, expires_on=EXPIRY, entered_by=cast.staff, entered_at=NOW, **entered)
    confirmation, _tokens = put([load(licenseid)], cast.staff)
    reply(confirmation, needed_of(licenseid, 40), now=NOW)
    change(cast, cast.customer, cast.minato)
    refresh(on=TODAY)
    row = DeskRow.objects.get(licenseid=licenseid)
    assert (row.reseller_id, row.note, row.declined_reason, row.stage) == (cast.minato.pk, "", "", Stage.OPEN)
    assert not DeskEntry.objects.exists()
    assert list(visible_confirmations(cast.stranger)) == []
    assert standings([licenseid.pk], on=TODAY) == {}


def test_yen_of_an_order_over_two_expiries_are_counted_once(cast):
    later = EXPIRY + timedelta(days=30)
    two = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 45), ("SMP-AO", 40, later))
    every = {f"renew-{row.pk}": "on" for row in two.holdings.all()}
    quote = issue_quote(two, by=cast.staff, changes=every)
    record_order(quote=quote, by=cast.staff, now=NOW)
    carry_out(quote=quote, parts=[quote.parts.get().pk], by=cast.staff, now=NOW)
    refresh(on=TODAY)
    rows = DeskRow.objects.filter(licenseid=two, stage=Stage.DONE).order_by("expires_on")
    assert [row.amount for row in rows] == [202_500, 288_000]  # E1, E9
    assert sum(row.amount for row in rows) == quote.subtotal
    assert all(row.programmes.strip() for row in rows)
