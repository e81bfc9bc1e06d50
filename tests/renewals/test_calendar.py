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
