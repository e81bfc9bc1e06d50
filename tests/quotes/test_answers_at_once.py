"""Customers and staff at the same moment: real connections, real transactions."""

import pytest

from quotes.customers.answers import answer_quote
from quotes.customers.visits import Visitor, hand_out_pdf
from quotes.models import QuoteEvent, QuoteStatus, ShareLink, event_hash
from quotes.record import transitions
from quotes.record.refusals import DownloadsUsedUp, NotOpen
from renewals.revisions.operations import begin_revision
from tests.at_once import at_once, first_and_then
from tests.cast import NOW, make_license_id
from tests.making import issue_quote
from tests.quotes.test_sharing import make

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


def test_links_count_and_answers_come_in_turn(cast):
    """No download beyond the limit, one answer of a button pressed often, none after a withdrawal, no gaps."""
    quote, other = (
        issue_quote(make_license_id(cast.customer, code, ("SMP-BS", 45)), by=cast.staff) for code in ("LIC-1", "LIC-2")
    )
    link, _token = make(quote, now=NOW, max_downloads=3)
    visitor = Visitor(link=link, ip="203.0.113.9")

    def download() -> bytes:
        return hand_out_pdf(quote=quote, visitor=visitor, now=NOW)

    def answer(of=quote):
        who = Visitor(user=cast.contact) if of == other else visitor
        return answer_quote(quote=of, answer="order", message="", by_name="山田", visitor=who, now=NOW)

    results = at_once(*[download] * MANY, *[answer] * 2)
    assert sum(isinstance(result, bytes) for result in results) == 3
    assert sum(isinstance(result, DownloadsUsedUp) for result in results) == MANY - 3
    assert ShareLink.objects.get().downloads == 3
    assert QuoteEvent.objects.filter(kind="downloaded").count() == 3
    assert QuoteEvent.objects.filter(kind="order_wished").count() == 1

    def withdraw() -> QuoteStatus:
        return transitions.withdraw(quote=other, reason="誤り", by=cast.staff, now=NOW)

    withdrawn, answered = at_once(withdraw, lambda: answer(other))
    assert isinstance(withdrawn, QuoteStatus)
    kinds = list(other.events.order_by("position").values_list("kind", flat=True))
    if isinstance(answered, NotOpen):
        assert answered.state == "withdrawn"
        assert kinds == ["issued", "withdrawn"]
    else:
        assert kinds == ["issued", "order_wished", "withdrawn"]

    events = list(QuoteEvent.objects.filter(reseller=cast.aoba).order_by("position"))
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    assert [event.previous_hash for event in events] == ["", *(event.hash for event in events[:-1])]
    assert all(event_hash(event) == event.hash for event in events)


def revise(quote, cast):
    draft, _is_new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    return issue_quote(quote.parts.get().licenseid, by=cast.staff, key=draft.key)


def take_back(quote, cast):
    return transitions.withdraw(quote=quote, reason="誤り", by=cast.staff, now=NOW)


@pytest.mark.postgres
@pytest.mark.parametrize(("deed", "state"), [(revise, "superseded"), (take_back, "withdrawn")])
@pytest.mark.parametrize("answer", ["order", "decline"])
def test_an_answer_to_what_staff_replace_or_take_back_at_that_moment(cast, deed, state, answer):
    """What is no longer offered is not answered; what was answered a moment before stays so in the log."""
    first, second = (
        issue_quote(make_license_id(cast.customer, code, ("SMP-BS", 45)), by=cast.staff) for code in ("LIC-1", "LIC-2")
    )

    def say(quote):
        visitor = Visitor(user=cast.contact)
        return answer_quote(quote=quote, answer=answer, message="", by_name="佐伯", visitor=visitor, now=NOW)

    ended, said = first_and_then(lambda: deed(first, cast), lambda: say(first))
    assert not isinstance(ended, Exception)
    assert isinstance(said, NotOpen)
    assert said.state == state
    assert first.events.filter(kind__in=["order_wished", "declined"]).count() == 0

    said, ended = first_and_then(lambda: say(second), lambda: deed(second, cast))
    assert isinstance(said, QuoteEvent)
    assert not isinstance(ended, Exception)
    kinds = list(second.events.order_by("position").values_list("kind", flat=True))
    assert kinds == ["issued", {"order": "order_wished", "decline": "declined"}[answer], state]
    status = QuoteStatus.objects.get(quote=second)
    assert (status.state, status.answer) == (state, answer)
