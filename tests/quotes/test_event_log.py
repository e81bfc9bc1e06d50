"""The log of what happens to quotes: each entry seals the one before it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quotes.models import EventChain, Quote, QuoteEvent, event_hash, record_hash
from quotes.record.events import record_event
from tests.cast import NOW, make_license_id
from tests.making import download, given_quote

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_entries_are_numbered_and_sealed_per_reseller(cast):
    ours = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    theirs = given_quote(make_license_id(cast.foreign_customer, "LIC-9001", ("SMP-BS", 45)), by=cast.stranger)
    download(quote=ours, by=cast.staff, now=NOW + timedelta(minutes=1))
    record_event(
        quote=ours,
        kind=QuoteEvent.Kind.VIEWED,
        now=NOW + timedelta(minutes=2),
        by_name="佐伯 美和",
        ip="2001:db8::1",
        user_agent="x" * 400,
        detail={"page": 1},
    )
    for reseller, kinds in ((cast.aoba, ["issued", "downloaded", "viewed"]), (cast.minato, ["issued"])):
        events = list(QuoteEvent.objects.filter(reseller=reseller).order_by("position"))
        assert [(event.kind, event.position) for event in events] == [
            (kind, position) for position, kind in enumerate(kinds, start=1)
        ]
        assert [event.previous_hash for event in events] == ["", *(event.hash for event in events[:-1])]
        assert [event_hash(event) for event in events] == [event.hash for event in events], "read back, it is the same"
        chain = EventChain.objects.get(reseller=reseller)
        assert (chain.last_position, chain.last_hash) == (len(kinds), events[-1].hash)
    viewed = ours.events.get(kind="viewed")
    assert (viewed.by, viewed.by_name, viewed.ip, len(viewed.user_agent)) == (None, "佐伯 美和", "2001:db8::1", 300)
    assert theirs.events.count() == 1


def hash_of(quote: Quote) -> str:
    return record_hash(quote, quote.parts.all(), quote.lines.all(), quote.holdings.all())


def test_the_issue_seals_the_record_and_its_pdf(cast):
    licenseid = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45), ("SMP-WM", 10))
    quote = given_quote(licenseid, by=cast.staff, changes={"years": "3"}, acknowledged=["mixed-programmes"])
    detail = quote.events.get().detail
    afresh = Quote.objects.get(pk=quote.pk)
    assert detail["record"] == hash_of(quote) == hash_of(afresh)
    assert detail["pdf"] == quote.pdf.sha256
    afresh.total += 1
    assert hash_of(afresh) != detail["record"]
    lines = list(quote.lines.all())
    lines[0].amount += 1
    assert record_hash(quote, quote.parts.all(), lines, quote.holdings.all()) != detail["record"]


def test_the_database_itself_refuses_a_position_twice_and_every_change(cast):
    quote = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    first = quote.events.get()
    twin = QuoteEvent(quote=quote, kind="viewed", at=NOW, by_name="x", reseller=cast.aoba, position=1, hash="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    for statement in ("UPDATE quotes_quoteevent SET by_name = 'x'", "DELETE FROM quotes_quoteevent"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    first.refresh_from_db()
    assert event_hash(first) == first.hash
