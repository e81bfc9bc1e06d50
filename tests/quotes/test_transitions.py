"""How a quote stands: every way from state to state, and every way that is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from quotes.models import (
    LOSE,
    ORDER,
    REOPEN,
    SHOWN_STATES,
    SUPERSEDE,
    WITHDRAW,
    Quote,
    QuoteStatus,
    State,
    can_become,
    shown_state,
)
from quotes.record.refusals import ReasonMissing, WrongState
from quotes.record.transitions import record_loss, record_order, reopen, withdraw
from renewals.asked import to_json
from renewals.models import QuoteDraft
from tests.cast import NOW, make_license_id
from tests.making import everything_written, fill, given_quote

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)
DOORS = {
    WITHDRAW: withdraw,
    ORDER: record_order,
    LOSE: record_loss,
    REOPEN: reopen,
}


@pytest.fixture
def quote(cast) -> Quote:
    return given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)


def bring(quote: Quote, state: State, *, by) -> None:
    """Into a state, by the ways that lead there."""
    if state == State.SUPERSEDED:
        revise(quote, by=by)
    elif state != State.ISSUED:
        door = next(door for transition, door in DOORS.items() if transition.target == state)
        door(quote=quote, reason="準備", by=by, now=NOW)


def revise(quote: Quote, *, by, seen_version: int | None = None) -> Quote:
    form = fill(quote.parts.get().licenseid)
    draft = QuoteDraft.objects.create(
        key=form.cleaned_data["key"],
        customer=quote.customer,
        created_by=by,
        saved_by=by,
        saved_at=NOW,
        asked=to_json(form.to_asked()),
        basis=quote,
        is_revision=True,
    )
    draft.license_ids.add(form.licenseid, through_defaults={"position": 1})
    return given_quote(quote.parts.get().licenseid, by=by, key=form.cleaned_data["key"], changes={"years": "2"})


def test_an_issued_quote_stands_as_issued(cast, quote):
    status = quote.status
    assert (status.state, status.reason, status.changed_by, status.changed_at) == ("issued", "", cast.staff, NOW)
    assert (status.reseller, status.month, status.sequence) == (cast.aoba, "2701", 1)


@pytest.mark.parametrize("state", [state for state in State])
@pytest.mark.parametrize("transition", DOORS, ids=lambda transition: transition.name)
def test_every_way_is_open_or_refused(cast, quote, transition, state):
    bring(quote, state, by=cast.staff)
    before = everything_written()
    if not can_become(transition, state):
        with pytest.raises(WrongState) as refused:
            DOORS[transition](quote=quote, reason="理由", by=cast.colleague, now=LATER)
        assert (refused.value.state, refused.value.transition) == (state, transition)
        assert everything_written() == before
        return
    DOORS[transition](quote=quote, reason="  理由 ", by=cast.colleague, now=LATER)
    status = QuoteStatus.objects.get(pk=quote.pk)
    assert (status.state, status.reason, status.changed_by) == (transition.target, "理由", cast.colleague)
    event = quote.events.order_by("position").last()
    assert (event.kind, event.at, event.by_name, event.detail) == (
        transition.name,
        LATER,
        "速水 悠斗",
        {"reason": "理由"} | ({"ordered_on": "2027-01-15"} if transition is ORDER else {}),
    )
    now = everything_written()
    assert now["Quote"] == before["Quote"], "the record itself never changes"


@pytest.mark.parametrize("transition", [WITHDRAW, LOSE, REOPEN], ids=lambda transition: transition.name)
def test_a_reason_is_asked_for(cast, quote, transition):
    bring(quote, State.LOST if transition is REOPEN else State.ISSUED, by=cast.staff)
    before = everything_written()
    with pytest.raises(ReasonMissing):
        DOORS[transition](quote=quote, reason=" 　", by=cast.staff, now=LATER)
    assert everything_written() == before


def test_an_order_needs_no_reason(cast, quote):
    record_order(quote=quote, by=cast.staff, now=LATER)
    assert quote.events.order_by("position").last().detail == {"ordered_on": "2027-01-15"}


def test_a_quote_expires_by_itself_at_the_end_of_its_last_day():
    last = date(2027, 2, 14)
    assert shown_state(state="issued", valid_until=last, on=last) == "issued"
    assert shown_state(state="issued", valid_until=last, on=date(2027, 2, 15)) == "expired"
    for state in ("superseded", "withdrawn", "ordered", "lost"):
        assert shown_state(state=state, valid_until=last, on=date(2027, 3, 1)) == state
    assert set(SHOWN_STATES) == {"issued", "superseded", "withdrawn", "ordered", "lost", "expired"}


@pytest.mark.both_databases
@pytest.mark.parametrize("state", [State.ISSUED, State.WITHDRAWN, State.LOST])
def test_a_revision_takes_the_number_on(cast, quote, state):
    bring(quote, state, by=cast.staff)
    pdf = bytes(quote.pdf.content)
    new = revise(quote, by=cast.colleague)
    assert (new.number, new.month, new.sequence, new.revision) == ("Q2701-0001-01", "2701", 1, 1)
    assert new.base_number == quote.base_number == "Q2701-0001"
    assert (new.revises, quote.revised_by) == (quote, new)
    assert new.check_code != quote.check_code
    assert QuoteStatus.objects.get(pk=quote.pk).state == "superseded"
    assert new.status.state == "issued"
    told = quote.events.order_by("position").last()
    assert (told.kind, told.by, told.detail) == (
        "superseded",
        cast.colleague,
        {"by": "Q2701-0001-01", "key": str(new.key)},
    )
    assert bytes(Quote.objects.get(pk=quote.pk).pdf.content) == pdf
    assert not QuoteDraft.objects.exists()
    third = revise(new, by=cast.staff)
    assert third.number == "Q2701-0001-02"
    fresh = given_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 5)), by=cast.staff)
    assert fresh.number == "Q2701-0002-00", "a revision takes no number of the month"


@pytest.mark.parametrize("state", [State.ORDERED, State.SUPERSEDED])
def test_what_was_ordered_or_revised_is_not_revised_again(cast, quote, state):
    bring(quote, state, by=cast.staff)
    before = {name: rows for name, rows in everything_written().items() if name != "QuoteDraft"}
    with pytest.raises(WrongState) as refused:
        revise(quote, by=cast.staff)
    assert (refused.value.transition, refused.value.state) == (SUPERSEDE, state)
    after = everything_written()
    assert len(after.pop("QuoteDraft")) == 1, "what was typed stays"
    assert after == before


@pytest.mark.both_databases
def test_the_database_itself_keeps_one_revision_active(cast, quote):
    revise(quote, by=cast.staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteStatus.objects.filter(pk=quote.pk).update(state=State.ISSUED)


@pytest.mark.both_databases
@pytest.mark.parametrize("state", ["withdrawn", "lost"])
def test_the_database_itself_wants_a_reason(quote, state):
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteStatus.objects.filter(pk=quote.pk).update(state=state)
