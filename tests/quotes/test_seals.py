"""What is sealed is what the database gives back, whatever came in."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.integrity.canonical import canonical_text
from foundation.text.printable import unprintable_characters
from quotes.archive.verification import Report, verify_records
from quotes.links.operations import make_link
from quotes.models import QuoteEvent, event_hash, is_sealed
from quotes.record.events import SealBroken, record_event
from renewals.issue.operations import issue
from tests.cast import NOW
from tests.examples import MANY_TIMES, examples
from tests.making import fill, given_quote
from tests.quotes.tampering import tampered

pytestmark = pytest.mark.both_databases

few = settings(examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
texts = st.one_of(
    st.text(st.characters(), max_size=20),
    st.sampled_from(
        ["か\u3099", "\ufeffが", "a\x00b", "\ud800", "\udfff\ud800", "末尾  ", "　全角　", "\r\n", "𠮷\U000e0101"]
    ),
    st.integers(150, 400).map(lambda size: "x" * size + " " * 200),
)
numbers = st.one_of(
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1.0, -0.0, 1e16, 1e22, 1e-7, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, True]),
)
details = st.dictionaries(
    st.one_of(texts, st.integers()),
    st.recursive(
        st.one_of(texts, numbers, st.none()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(texts, inner, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=4,
)
addresses = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=4).map(lambda address: f"::ffff:{address}"),
    st.integers(0, 2**32 - 1).map(lambda number: f"::FFFF:{number >> 16:x}:{number & 0xFFFF:04X}"),
    st.ip_addresses(v=6).map(lambda address: f"{address.exploded.upper()}%eth0"),
    st.sampled_from([None, "", "unknown", "127.0.0.1/8", "1.2.3", "::", "fe80::1%25en0", "192.0.2.1:80"]),
)
moments = st.builds(
    lambda micros, minutes: (NOW + timedelta(microseconds=micros)).astimezone(timezone(timedelta(minutes=minutes))),
    st.integers(0, 10**8),
    st.integers(-14 * 60, 14 * 60),
)


@pytest.fixture
def quote(cast, licenseid):
    return given_quote(licenseid, by=cast.staff)


def differences():
    return [str(each) for each in verify_records(report=Report())]


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
@few
@given(
    values=st.lists(
        st.fixed_dictionaries(
            {"by_name": texts, "ip": addresses, "user_agent": texts, "detail": details, "now": moments}
        ),
        min_size=1,
        max_size=4,
    )
)
def test_an_entry_of_whatever_came_in_stays_sealed(quote, values):
    for value in values:
        made = record_event(quote=quote, kind=QuoteEvent.Kind.VIEWED, **value)
        stored = QuoteEvent.objects.get(pk=made.pk)
        assert event_hash(stored) == made.hash
        assert (stored.ip, stored.detail, stored.user_agent) == (made.ip, made.detail, made.user_agent)
    assert differences() == []


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
@settings(few, max_examples=3 * MANY_TIMES)
@given(subject=texts, note=texts)
def test_a_record_of_whatever_was_typed_stays_sealed(cast, licenseid, subject, note):
    form = fill(licenseid, {"subject": "件名", "note": ""})
    quote = issue(
        key=form.cleaned_data["key"], licenseids=[form.licenseid],
        asked=replace(form.to_asked(), subject=_printable(subject, 200), note=_printable(note, 1000)),
        acknowledged=[(form.licenseid.code, "already-quoted")], seen_total=None,
        issued_by=cast.staff, now=NOW + timedelta(microseconds=1),
    )  # fmt: skip
    assert differences() == []
    json.dumps(quote.asked).encode()


def _printable(text, most):
    """As the form takes it: what no font has is refused there."""
    refused = dict.fromkeys(map(ord, unprintable_characters(text)))
    return canonical_text(text.translate(refused), most)


def test_a_visit_by_a_mapped_address_leaves_the_seal_whole(cast, quote, clock):
    """gunicorn on [::ffff:127.0.0.1] says so of every visitor."""
    _link, token = make_link(
        quote=quote,
        recipient="山田",
        expires_on=quote.valid_until,
        max_downloads=None,
        seen=None,
        by=cast.staff,
        now=NOW,
    )
    for address in ("::ffff:127.0.0.1", "::ffff:7f00:1", "fe80::1%eth0"):
        browser = Client(REMOTE_ADDR=address, headers={"user-agent": "Firefox"})
        assert browser.get(f"/s/{token}/").status_code == 200
        assert browser.get(f"/s/{token}/pdf/").status_code == 200
    told = list(quote.events.filter(ip__isnull=False).order_by("position").values_list("kind", "ip"))
    assert told == [
        ("viewed", "127.0.0.1"), ("downloaded", "127.0.0.1"), ("downloaded", "127.0.0.1"),
        ("viewed", "fe80::1"), ("downloaded", "fe80::1"),
    ]  # fmt: skip
    assert differences() == []


def test_entries_sealed_over_the_other_writing_of_their_address_are_what_they_were(quote):
    """As the portal wrote them before; but nothing else may differ."""
    event = record_event(quote=quote, kind=QuoteEvent.Kind.VIEWED, now=NOW, by_name="x", ip="127.0.0.1")
    event.ip = "::ffff:7f00:1"
    before = [
        f"UPDATE quotes_quoteevent SET ip = '::ffff:127.0.0.1', hash = '{event_hash(event)}' WHERE id = {event.pk}",
        f"UPDATE quotes_eventchain SET last_hash = '{event_hash(event)}'",
    ]
    with tampered(*before):
        assert is_sealed(QuoteEvent.objects.get(pk=event.pk))
        assert differences() == []
    with tampered(*before, f"UPDATE quotes_quoteevent SET ip = '::ffff:127.0.0.2' WHERE id = {event.pk}"):
        assert len(differences()) == 1


def test_an_entry_that_would_not_be_read_back_is_not_written(quote):
    """A database that gives back something else than it was given: here one that writes names in capitals."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION pg_temp.louder() RETURNS trigger AS "
                "$$ BEGIN NEW.by_name := upper(NEW.by_name); RETURN NEW; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                "CREATE TRIGGER louder BEFORE INSERT ON quotes_quoteevent "
                "FOR EACH ROW EXECUTE FUNCTION pg_temp.louder()"
            )
        else:
            cursor.execute("DROP TRIGGER quotes_quoteevent_keep_update")
            cursor.execute(
                "CREATE TRIGGER louder AFTER INSERT ON quotes_quoteevent BEGIN "
                "UPDATE quotes_quoteevent SET by_name = upper(by_name) WHERE id = NEW.id; END"
            )
    before = list(QuoteEvent.objects.values())
    with pytest.raises(SealBroken, match="gives back something else than was sealed"):
        record_event(quote=quote, kind="viewed", now=datetime(2027, 1, 15, 2, tzinfo=UTC), by_name="yamada")
    assert list(QuoteEvent.objects.values()) == before
