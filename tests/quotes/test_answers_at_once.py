"""Customers and staff at the same moment: real connections, real transactions."""

import pytest

from quotes.customers.answers import answer_quote
from quotes.customers.visits import Visitor, hand_out_pdf
from quotes.models import QuoteEvent, QuoteStatus, ShareLink, event_hash
from quotes.record import transitions
from quotes.record.refusals import DownloadsUsedUp, NotOpen
from tests.cast import NOW, make_license_id
from tests.making import issue_quote
from tests.quotes.test_sharing import make
from tests.renewals.test_issue_at_once import at_once

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
