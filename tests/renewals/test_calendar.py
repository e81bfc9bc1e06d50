"""Somebody's renewals in their own calendar."""

import re
from datetime import timedelta

from icalendar import Calendar

from renewals.calendar.operations import make_feed
from renewals.desk.refresh import refresh
from renewals.models import CalendarFeed, DeskEntry
from tests.cast import EXPIRY, NOW, TODAY, make_license_id
from tests.making import given_quote


def events(client, token):
    answer = client.get(f"/calendar/{token}/renewals.ics")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Cache-Control"] == "private, no-store"
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return [(event["DTSTART"].dt, str(event["SUMMARY"])) for event in found], answer.content.decode()


def test_what_stands_in_it(cast, licenseid, client):
    cast.customer.owner = cast.staff
    cast.customer.save()
    cast.customer.name = "株式会社長い名前,；;\\高﨑製作所" * 4
    cast.customer.save()
    quote = given_quote(licenseid, by=cast.staff)
    make_license_id(cast.english_customer, "LIC-2", ("SMP-BS", 20))
    entered = {"entered_by": cast.staff, "entered_at": NOW, "follow_up_on": TODAY + timedelta(days=3)}
    DeskEntry.objects.create(licenseid=licenseid, expires_on=EXPIRY, **entered)
    refresh(on=TODAY)
    found, text = events(client, make_feed(user=cast.staff, now=NOW))
    name = cast.customer.name
    assert found == [
        (EXPIRY, f"サポート満了：LIC-1001 {name}"),
        (TODAY + timedelta(days=3), f"フォロー：LIC-1001 {name}"),
        (quote.valid_until, f"見積有効期限：{quote.number} {name}"),
    ]
    assert f"{quote.total:,}" not in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    managers, _text = events(client, make_feed(user=cast.manager, now=NOW))
    assert managers == [(EXPIRY, f"サポート満了：LIC-2 {cast.english_customer.name}")]


def test_a_new_address_ends_the_old_one_and_leaving_ends_all(cast, licenseid, client):
    old = make_feed(user=cast.staff, now=NOW)
    new = make_feed(user=cast.staff, now=NOW)
    assert [client.get(f"/calendar/{token}/renewals.ics").status_code for token in (old, new, "x")] == [404, 200, 404]
    assert new not in str(list(CalendarFeed.objects.values()))
    cast.staff.is_active = False
    cast.staff.save()
    assert client.get(f"/calendar/{new}/renewals.ics").status_code == 404


def test_the_page_shows_the_address_once(cast, desk, client):
    page = desk.post("/calendar/", {"act": "make"}).content.decode()
    [path] = re.findall(r"(/calendar/[\w-]{40,}/renewals\.ics)", page)
    assert client.get(path).status_code == 200
    assert path not in desk.get("/calendar/").content.decode()
    desk.post("/calendar/", {"act": "end"})
    assert client.get(path).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_guessing_is_slowed_down(cast, client):
    statuses = [client.get(f"/calendar/{n}/renewals.ics").status_code for n in range(62)]
    assert (statuses[0], statuses[-1]) == (404, 429)


def test_an_empty_feed_is_a_feed_all_the_same(cast, client):
    """RFC 5545, 3.6: a calendar holds at least one component."""
    found, text = events(client, make_feed(user=cast.staff, now=NOW))
    assert found == []
    assert text.split("\r\n") == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Renewal quotes//JA", "METHOD:PUBLISH", "X-WR-CALNAME:更新",
        "BEGIN:VTIMEZONE", "TZID:Asia/Tokyo",
        "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZNAME:JST", "TZOFFSETFROM:+0900", "TZOFFSETTO:+0900",
        "END:STANDARD", "END:VTIMEZONE", "END:VCALENDAR", "",
    ]  # fmt: skip


def test_the_same_thing_has_the_same_uid_whatever_becomes_of_its_day(cast, licenseid, client):
    def lines(name):
        text = client.get(f"/calendar/{token}/renewals.ics").content.decode().replace("\r\n ", "")
        return [line for line in text.split("\r\n") if line.startswith(name)]

    entered = {"entered_by": cast.staff, "entered_at": NOW, "follow_up_on": TODAY + timedelta(days=3)}
    entry = DeskEntry.objects.create(licenseid=licenseid, expires_on=EXPIRY, **entered)
    refresh(on=TODAY)
    token = make_feed(user=cast.manager, now=NOW)
    before = lines("UID")
    entry.follow_up_on = TODAY + timedelta(days=4)
    entry.save()
    refresh(on=TODAY)
    assert lines("UID") == before
    assert len(set(before)) == 2
    assert lines("DTSTART;") == ["DTSTART;VALUE=DATE:20270331", "DTSTART;VALUE=DATE:20270119"]


def test_only_the_button_makes_an_address(cast, desk):
    desk.post("/calendar/", {})
    desk.post("/calendar/", {"act": "anything"})
    assert not CalendarFeed.objects.exists()
