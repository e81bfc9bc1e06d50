"""Share links: made, renewed, revoked, and never readable again."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from quotes.customers.visits import Visitor, hand_out_pdf, record_view
from quotes.links.operations import link_days, make_link, renew_link, revoke_link
from quotes.models import Quote, ShareLink
from quotes.record.refusals import DownloadsUsedUp, LinkClosed, LinksChanged, NotShareable
from quotes.record.transitions import withdraw
from tests.cast import NOW, TODAY
from tests.making import everything_written, given_quote

LATER = NOW + timedelta(hours=3)
LAST = date(2027, 2, 14)
"""The quote's last day."""
USUAL = LAST + timedelta(days=30)


@pytest.fixture
def quote(cast, licenseid) -> Quote:
    return given_quote(licenseid, by=cast.staff)


def make(quote: Quote, **changes) -> tuple[ShareLink, str]:
    entries = {"recipient": "購買部 山田様", "expires_on": USUAL, "max_downloads": 2, "seen": None}
    return make_link(quote=quote, **{**entries, "by": quote.issued_by, "now": LATER, **changes})


def test_a_link_is_kept_by_its_hash_alone(cast, quote):
    link, token = make(quote)
    assert len(token) == 43
    assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in repr(everything_written())
    assert (link.recipient, link.created_by, link.created_at, link.expires_on) == (
        "購買部 山田様", cast.staff, LATER, USUAL,
    )  # fmt: skip
    event = quote.events.order_by("position").last()
    assert (event.kind, event.at, event.by, event.link) == ("link_made", LATER, cast.staff, link)
    assert event.detail == {
        "expires_on": "2027-03-16", "max_downloads": 2, "recipient": "購買部 山田様", "token": link.token_hash
    }  # fmt: skip
    assert make(quote, seen=link.pk)[1] != token


@pytest.mark.both_databases
def test_a_form_sent_twice_makes_one_link(quote):
    make(quote)
    before = everything_written()
    with pytest.raises(LinksChanged):
        make(quote)
    assert everything_written() == before


@pytest.mark.parametrize("on", [TODAY, LAST + timedelta(days=40)])
def test_the_days_of_a_link_follow_the_quotes(quote, on):
    days = link_days(quote=quote, on=on)
    end = max(on, LAST)
    assert (days.first, days.usual, days.last) == (on, end + timedelta(days=30), end + timedelta(days=365))


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), LAST + timedelta(days=366)])
def test_no_link_opens_beyond_its_bounds(quote, day):
    before = everything_written()
    with pytest.raises(ValueError, match="cannot open until"):
        make(quote, expires_on=day)
    assert everything_written() == before


def test_no_link_to_what_no_longer_counts(cast, quote):
    link, _token = make(quote)
    withdraw(quote=quote, reason="誤り", by=cast.staff, now=LATER)
    before = everything_written()
    for attempt in (
        lambda: make(quote, seen=link.pk),
        lambda: renew_link(link=link, by=cast.staff, now=LATER),
    ):
        with pytest.raises(NotShareable) as refused:
            attempt()
        assert refused.value.state == "withdrawn"
    assert everything_written() == before


def test_renewing_stops_the_old_link_at_once(cast, quote):
    link, token = make(quote, expires_on=LAST)
    ShareLink.objects.update(downloads=2)
    new, new_token = renew_link(link=link, by=cast.colleague, now=LATER)
    link.refresh_from_db()
    assert (link.revoked_at, link.is_open(TODAY)) == (LATER, False)
    assert (new.recipient, new.expires_on, new.max_downloads, new.downloads) == ("購買部 山田様", USUAL, 2, 0)
    assert new_token != token
    told = [(event.kind, event.link, event.by) for event in quote.events.order_by("-position")[:2]]
    assert told == [("link_made", new, cast.colleague), ("link_revoked", link, cast.colleague)]
    with pytest.raises(LinkClosed):
        renew_link(link=link, by=cast.staff, now=LATER)


@pytest.mark.both_databases
def test_revoking_twice_writes_once(cast, quote):
    link, _token = make(quote)
    assert revoke_link(link=link, by=cast.colleague, now=LATER)
    before = everything_written()
    assert not revoke_link(link=link, by=cast.staff, now=LATER + timedelta(hours=1))
    assert everything_written() == before


def test_a_link_opens_until_the_end_of_its_day_in_japan(quote):
    link, _token = make(quote, expires_on=LAST)
    visitor = Visitor(link=link, ip="203.0.113.9", user_agent="Firefox")
    last_moment = datetime(2027, 2, 14, 14, 59, 59, tzinfo=UTC)
    assert hand_out_pdf(quote=quote, visitor=visitor, now=last_moment) == bytes(quote.pdf.content)
    event = quote.events.order_by("position").last()
    assert (event.kind, event.at, event.by, event.by_name, event.link, event.ip, event.user_agent) == (
        "downloaded", last_moment, None, "購買部 山田様", link, "203.0.113.9", "Firefox",
    )  # fmt: skip
    before = everything_written()
    with pytest.raises(LinkClosed):
        hand_out_pdf(quote=quote, visitor=visitor, now=last_moment + timedelta(seconds=1))
    assert everything_written() == before


@pytest.mark.both_databases
def test_downloads_are_counted_and_end(quote):
    link, _token = make(quote)
    visitor = Visitor(link=link)
    for _ in range(2):
        hand_out_pdf(quote=quote, visitor=visitor, now=LATER)
    before = everything_written()
    with pytest.raises(DownloadsUsedUp):
        hand_out_pdf(quote=quote, visitor=visitor, now=LATER)
    assert everything_written() == before
    assert ShareLink.objects.get().downloads == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        ShareLink.objects.update(downloads=3)


@pytest.mark.both_databases
def test_a_visit_is_noted_once(cast, quote):
    link, _token = make(quote)
    visitor = Visitor(link=link, ip="203.0.113.9", user_agent="Firefox")
    assert record_view(quote=quote, visitor=visitor, now=LATER)
    assert not record_view(quote=quote, visitor=visitor, now=LATER + timedelta(minutes=59))
    assert record_view(quote=quote, visitor=visitor, now=LATER + timedelta(minutes=61))
    for other in (
        Visitor(link=link, ip="203.0.113.8", user_agent="Firefox"),
        Visitor(link=link, ip="203.0.113.9", user_agent="Chrome"),
        Visitor(user=cast.contact, ip="203.0.113.9", user_agent="Firefox"),
    ):
        assert record_view(quote=quote, visitor=other, now=LATER)
    assert quote.events.filter(kind="viewed").count() == 5


def test_the_log_is_not_filled_by_opening_a_page(quote):
    link, _token = make(quote)
    for number in range(61):
        record_view(quote=quote, visitor=Visitor(link=link, user_agent=f"Robot {number}"), now=LATER)
    assert quote.events.filter(kind="viewed").count() == 60
    assert record_view(quote=quote, visitor=Visitor(link=link), now=LATER + timedelta(hours=1))
