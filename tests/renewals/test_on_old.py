"""After an order is carried out: open quotes and drafts that rest on what was held before are not ordered unasked."""

import uuid
from datetime import date

import pytest

from quotes.models import QuoteStatus
from quotes.record.basis import open_on_old, resting_on_old
from quotes.record.refusals import HoldingsChanged, OrderedElsewhere
from quotes.record.transitions import record_order
from renewals.carrying_out.operations import carry_out, undo
from renewals.carrying_out.queries import differences_of, drafts_on_old
from renewals.drafts.operations import save_draft
from tests.cast import EXPIRY, NOW, TODAY, make_license_id, sign_in
from tests.making import everything_written, fill, given_quote, holding_of, typed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def story(cast):
    """One license ID: SMP-CC is ordered and carried out; before, SMP-BS alone and both were quoted and drafted."""
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-CC", 100), ("SMP-BS", 45, date(2027, 4, 30)))
    cc, bs = holding_of(licenseid, "SMP-CC"), holding_of(licenseid, "SMP-BS")
    alone = {f"renew-{bs.pk}": None}
    ticked = ("mixed-programmes",)
    first = given_quote(licenseid, by=cast.staff, changes=alone, acknowledged=ticked)
    with_bs = {f"renew-{bs.pk}": "on"}
    both = given_quote(licenseid, by=cast.staff, changes=with_bs, acknowledged=ticked)
    other = given_quote(licenseid, by=cast.staff, changes={f"renew-{cc.pk}": None, **with_bs}, acknowledged=ticked)
    form = typed(fill(licenseid, {"subject": "下書き"}))
    draft = save_draft(key=uuid.uuid4(), licenseids=[licenseid], **form, pricing=None, saved_by=cast.staff, now=NOW)
    record_order(quote=first, by=cast.staff, now=NOW)
    return licenseid, first, both, other, draft


def carry(cast, quote):
    [done] = carry_out(quote=quote, parts=[quote.parts.get().pk], by=cast.staff, now=NOW)
    return done


def test_they_are_found_with_what_differs_until_it_is_undone(cast, story):
    _licenseid, first, both, other, draft = story
    assert (resting_on_old([both, other]), open_on_old(first, on=TODAY), drafts_on_old(cast.staff, first)) == (
        set(),
        [],
        [],
    )
    done = carry(cast, first)
    assert resting_on_old([first, both, other]) == {first.pk, both.pk}  # what a quote leaves out is not looked at
    assert open_on_old(first, on=TODAY) == [both]
    assert open_on_old(first, on=EXPIRY) == []  # not open any more
    assert drafts_on_old(cast.staff, first) == [draft]
    assert drafts_on_old(cast.stranger, first) == []
    [difference] = differences_of(both)
    assert (difference.quoted, difference.held) == ((100, EXPIRY), (100, date(2028, 3, 31)))
    undo(done=done, by=cast.staff, now=NOW)
    assert (open_on_old(first, on=TODAY), drafts_on_old(cast.staff, first)) == ([], [])


def test_ordering_one_is_refused_where_ordered_and_else_asked_about(cast, story):
    licenseid, first, both, other, _draft = story
    carry(cast, first)
    before = everything_written()
    with pytest.raises(OrderedElsewhere):
        record_order(quote=both, knows_old=True, by=cast.staff, now=NOW)
    holding = holding_of(licenseid, "SMP-BS")
    holding.quantity = 50  # corrected by hand
    holding.save()
    with pytest.raises(HoldingsChanged):
        record_order(quote=other, by=cast.staff, now=NOW)
    assert everything_written() == before
    desk, address = sign_in(cast.staff), f"/quotes/{other.key}/order/"
    page = desk.get(address).content.decode()
    assert "They have changed since" in page
    assert "quoted 45, expiry 2027-04-30" in page.replace("\n", " ")
    refused = desk.post(address, {"ordered_on": "2027/1/15", "order_number": "PO-9"})
    assert refused.status_code == 422
    assert "Tick this if the order counts all the same." in refused.content.decode()
    assert 'value="PO-9"' in refused.content.decode()
    assert everything_written() == before
    assert desk.post(address, {"ordered_on": "2027/1/15", "knows_old": "on"}).status_code == 302
    assert QuoteStatus.objects.get(quote=other).state == "ordered"


def test_pages_show_them_and_propose_to_close(cast, story):
    _licenseid, first, both, other, draft = story
    desk = sign_in(cast.staff)
    assert "Still resting on" not in desk.get(f"/quotes/{first.key}/carry-out/").content.decode()
    carry(cast, first)
    page = desk.get(f"/quotes/{first.key}/carry-out/").content.decode()
    assert "Still resting on what was held before" in page
    for there in (both.number, f"/drafts/{draft.key}/", f"/quotes/{first.key}/order/others/"):
        assert there in page
    assert other.number not in page
    assert "This quote rests on holdings as they were." in desk.get(f"/quotes/{both.key}/").content.decode()
    assert "This quote rests on" not in desk.get(f"/quotes/{other.key}/").content.decode()
    assert both.number in desk.get(f"/quotes/{first.key}/order/others/").content.decode()
    desk.post(f"/quotes/{first.key}/order/others/", {"quote": str(both.key)})
    assert QuoteStatus.objects.get(quote=both).state == "lost"
    assert both.number not in desk.get(f"/quotes/{first.key}/carry-out/").content.decode()
