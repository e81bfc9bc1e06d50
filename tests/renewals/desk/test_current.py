"""Rows that may be relied upon: those that are kept where nothing is noted, all others worked out anew."""

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from foundation.mail.models import OutgoingMail
from licensing.models import Contact, Customer, LicenseID
from quotes.record.transitions import record_order
from renewals.desk.current import current_rows
from renewals.desk.refresh import refresh
from renewals.desk.rows import COLUMNS, rows_of
from renewals.models import DeskEntry, DeskRow, Reminder, ReminderSettings, Stage
from renewals.reminders.operations import is_mail_wanted, write
from renewals.reminders.queries import due_letters
from renewals.reminders.tasks import ADDRESSES, keep_rhythm
from tests.at_once import at_once
from tests.cast import EXPIRY, NOW, TODAY, Cast, make_cast, make_license_id
from tests.making import given_quote

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


def decline(licenseid: LicenseID, cast: Cast) -> None:
    DeskEntry.objects.create(
        licenseid=licenseid, expires_on=EXPIRY, declined_reason="x", declined_at=NOW, entered_by=cast.staff,
        entered_at=NOW,
    )  # fmt: skip


def is_as_anew(numbers: list[int], on: date) -> bool:
    """Whether what is relied upon is what is worked out."""
    said, anew = (
        sorted([getattr(row, name) for name in COLUMNS] for row in rows)
        for rows in (current_rows(numbers, on=on), rows_of(numbers, on=on))
    )
    return said == anew


def test_what_is_kept_is_believed_until_something_is_noted_or_its_day_comes(cast: Cast) -> None:
    first, second = (
        make_license_id(cast.customer, code, ("SMP-BS", 45), ("SMP-BS", 10, EXPIRY + timedelta(days=9)))
        for code in ("LIC-1", "LIC-2")
    )
    numbers = [first.pk, second.pk]
    assert [row.pk for row in current_rows(numbers, on=TODAY)] == [None] * 4  # there is no row yet
    assert is_as_anew(numbers, TODAY)
    refresh(on=TODAY)
    with CaptureQueriesContext(connection) as asked:
        kept = current_rows(numbers, on=TODAY)
    assert (len(asked), all(row.pk for row in kept)) == (2, True)
    assert is_as_anew(numbers, TODAY)
    quote = given_quote(second, by=cast.staff)
    record_order(quote=quote, by=cast.staff, now=NOW)
    assert {row.stage for row in DeskRow.objects.filter(licenseid=second)} == {Stage.OPEN}
    said = [(row.licenseid_id, row.pk is None, row.stage) for row in current_rows(numbers, on=TODAY)]
    ordered = (second.pk, True, Stage.ORDERED)
    assert said == [(first.pk, False, Stage.OPEN)] * 2 + [ordered] * 2
    assert is_as_anew(numbers, TODAY)
    after = EXPIRY + timedelta(days=1)
    [row, *_rest] = current_rows([first.pk], on=after)
    assert (row.pk, row.stage) == (None, Stage.LAPSED)
    assert is_as_anew(numbers, after)


def test_a_letter_that_waits_is_judged_by_its_own_day_though_the_desk_is_at_a_later_one(cast: Cast) -> None:
    Contact.objects.create(customer=cast.customer, name="佐伯", email="saeki@takasaki.example.jp")
    ReminderSettings.objects.create(reseller=cast.aoba, sends_digest=False, expiry_days=90)
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    refresh(on=TODAY)
    assert keep_rhythm(now=NOW + timedelta(hours=2)) == 1
    mail = OutgoingMail.objects.get()
    refresh(on=TODAY)
    with CaptureQueriesContext(connection) as asked:
        assert is_mail_wanted(mail)
    assert len(asked) == 4  # what it tells of, marks, rows, whether the customer is to be left in peace
    refresh(on=EXPIRY + timedelta(days=1))
    assert DeskRow.objects.get().stage == Stage.LAPSED
    assert is_mail_wanted(mail)
    decline(licenseid, cast)
    assert not is_mail_wanted(mail)
    refresh(on=EXPIRY + timedelta(days=1))
    assert not is_mail_wanted(mail)


LETTERS = 10


@pytest.mark.django_db(transaction=True)
def test_no_letter_begins_after_a_refusal_whoever_refreshes_and_writes_meanwhile() -> None:
    """Somebody enters refusals while two workers bring rows up to date, and two write what was due at first."""
    with time_machine.travel(NOW, tick=True):
        cast = make_cast()
        own = []
        for number in range(LETTERS):
            customer = Customer.objects.create(reseller=cast.aoba, name=f"第{number}株式会社")
            Contact.objects.create(customer=customer, name="担当", email=f"c{number}@example.jp")
            own.append(make_license_id(customer, f"LIC-{number}", ("SMP-BS", 45)))
        settings = ReminderSettings.objects.create(reseller=cast.aoba, sends_digest=False, expiry_days=90)
        refresh(on=TODAY)
        due = due_letters(settings=settings, on=TODAY)
        assert len(due) == LETTERS
        refused: dict[int, float] = {}
        begun: dict[int, float] = {}

        def refuse() -> None:
            for licenseid in own[::2] + own[1::4]:
                decline(licenseid, cast)
                refused[licenseid.pk] = time.monotonic()

        def keep() -> None:
            for _time in range(LETTERS):
                refresh(on=TODAY)

        def remind(seed: int) -> None:
            for one in random.Random(seed).sample(due, LETTERS):
                at = time.monotonic()
                if write(due=one, settings=settings, addresses=ADDRESSES, now=NOW):
                    begun[one.renewals[0][0]] = at

        results = at_once(refuse, keep, keep, lambda: remind(1), lambda: remind(2))
        assert [one for one in results if isinstance(one, Exception)] == []
        written = set(Reminder.objects.values_list("licenseid", flat=True))
        assert (written, OutgoingMail.objects.count()) == (begun.keys(), Reminder.objects.count())
        assert not [number for number in written & refused.keys() if begun[number] > refused[number]]
        assert {licenseid.pk for licenseid in own} - refused.keys() <= written
