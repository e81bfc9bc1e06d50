"""A clock that runs backwards: quotes are not issued before those issued already, until an operator confirms."""

from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from quotes.archive.verification import Report, verify_records
from quotes.models import Quote, QuoteEvent
from quotes.record.refusals import ClockBehind
from tests.cast import NOW, TODAY, make_license_id
from tests.html import tight
from tests.making import download, everything_written, issue_quote

DAY = timedelta(days=1)


@pytest.fixture
def ahead(cast, licenseid):
    """Issued while the clock was 17 days fast."""
    return issue_quote(licenseid, by=cast.staff, now=NOW + 17 * DAY)


def found():
    with translation.override("en"):
        return [(each.place, each.code, each.text) for each in verify_records(report=Report())]


def command(*arguments):
    out = StringIO()
    with translation.override("en"):
        try:
            call_command("confirm_clock", *arguments, stdout=out)
        except CommandError as error:
            return str(error)
    return out.getvalue()


def test_nothing_is_issued_on_a_day_before_the_last_entry(cast, licenseid, ahead):
    before = everything_written()
    for now in (NOW, NOW + 16 * DAY):
        with pytest.raises(ClockBehind) as refused:
            issue_quote(licenseid, by=cast.staff, now=now)
    assert (refused.value.today, refused.value.latest) == (TODAY + 16 * DAY, TODAY + 17 * DAY)
    assert everything_written() == before
    # the same day counts as a whole, and another reseller's log is another matter
    earlier = NOW + 17 * DAY - timedelta(hours=2)
    assert issue_quote(licenseid, by=cast.staff, now=earlier, changes={"subject": "x"}).number == "Q2702-0002-00"
    assert issue_quote(make_license_id(cast.foreign_customer, "LIC-2", ("SMP-BS", 45)), by=cast.stranger)


def test_a_visit_in_between_does_not_open_the_door(cast, licenseid, ahead):
    download(quote=ahead, by=cast.staff, now=NOW)
    with pytest.raises(ClockBehind):
        issue_quote(licenseid, by=cast.staff, now=NOW)
    [(place, code, text)] = found()
    assert (place, code) == ("log entry 2", "clock-backwards")
    assert text == (
        "by its moment, 2027-01-15 10:00:00, it was written before the entry that stands before it, of "
        "2027-02-01 10:00:00."
    )


def test_a_view_ahead_of_the_clock_is_an_entry_too(cast, licenseid):
    quote = issue_quote(licenseid, by=cast.staff)
    download(quote=quote, by=cast.staff, now=NOW + DAY)
    with pytest.raises(ClockBehind):
        issue_quote(licenseid, by=cast.staff, changes={"subject": "x"})


def test_the_page_says_what_is_the_matter_and_keeps_what_was_typed(cast, desk, entry, ahead):
    response = desk.post("/license-ids/LIC-1001/quote/", {**entry, "action": "issue", "subject": "打った件名"})
    text = tight(response.content.decode())
    assert response.status_code == 422
    assert (
        "<b>The quote was not issued.</b>By the portal’s clock today is 15 January 2027, but the log of your quotes "
        "already holds entries of 1 February 2027. Ask whoever operates the portal to set the clock right"
    ) in text
    assert "打った件名" in text
    assert Quote.objects.count() == 1


def test_an_operator_confirms_it_and_it_stays_in_the_log(cast, licenseid, ahead):
    download(quote=ahead, by=cast.staff, now=NOW)
    arguments = ("--today=2027-01-15", "--reason=NTPが止まっていた", "--by=運用 太郎")
    before = everything_written()
    assert command("--today=2027-02-01", *arguments[1:]) == (
        "By this machine’s clock today is 2027-01-15. Set the clock right first. Nothing was written."
    )
    assert command("--reseller=nobody", *arguments) == "There is no reseller “nobody”."
    assert command(arguments[0], "--reason= ", arguments[2]) == "Say why, and who you are. Nothing was written."
    assert command("--reseller=minato", *arguments) == "No log is ahead of the clock. Nothing was written.\n"
    assert everything_written() == before
    told = "aoba: its log holds entries up to 2027-02-01; confirmed by log entry 3.\n"
    assert command(*arguments) == told
    last = QuoteEvent.objects.latest("position")
    assert (last.kind, last.quote, last.by, last.by_name, last.at) == ("clock_confirmed", ahead, None, "運用 太郎", NOW)
    assert last.detail == {"reason": "NTPが止まっていた", "latest": "2027-02-01T01:00:00.123456+00:00"}
    assert found() == [], "what was confirmed is reported no more"
    assert command(*arguments) == "No log is ahead of the clock. Nothing was written.\n"
    assert issue_quote(licenseid, by=cast.staff).number == "Q2701-0001-00"
    assert found() == []
    download(quote=ahead, by=cast.staff, now=NOW - DAY)
    assert [(place, code) for place, code, _text in found()] == [("log entry 5", "clock-backwards")]


def test_who_began_before_midnight_is_not_told_of_a_wrong_clock(cast, licenseid):
    """The month turns in Japan: a quote is looked at while another is being issued, and the log tells that first."""
    midnight = datetime(2027, 2, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    quote = issue_quote(licenseid, by=cast.staff, now=midnight - timedelta(hours=8))
    moment = timedelta(milliseconds=200)
    download(quote=quote, by=cast.colleague, now=midnight + moment)
    issued = issue_quote(licenseid, by=cast.staff, now=midnight - moment, changes={"subject": "x"})
    assert (issued.number, issued.issued_on) == ("Q2701-0002-00", date(2027, 1, 31))
    after = issue_quote(licenseid, by=cast.staff, now=midnight + moment, changes={"subject": "y"})
    assert (after.number, after.issued_on) == ("Q2702-0001-00", date(2027, 2, 1))
    late = issue_quote(licenseid, by=cast.staff, now=midnight - timedelta(minutes=4), changes={"subject": "z"})
    assert late.number == "Q2701-0003-00"
    assert found() == []
    with pytest.raises(ClockBehind):
        issue_quote(licenseid, by=cast.staff, now=midnight - timedelta(minutes=6), changes={"subject": "!"})


def test_some_minutes_are_no_step_back(cast, licenseid):
    quote = issue_quote(licenseid, by=cast.staff)
    download(quote=quote, by=cast.staff, now=NOW - timedelta(minutes=5))
    assert found() == []
