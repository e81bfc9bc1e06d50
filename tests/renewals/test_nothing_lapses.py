"""Weeks of a reseller's desk (in `make soak` more than a year), day by day: nothing lapses unseen, nobody is written to
twice or after an order.

Quotes, losses, refusals, answers and letters that come back happen by chance. At every midnight each renewal has
exactly one next step, with its day and its owner.
"""

import os
import random
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due, record_failure
from licensing.models import Contact, Customer, LicenseID
from quotes.letters.operations import send_quote
from quotes.letters.words import Letter
from quotes.models import State
from quotes.record.transitions import record_loss, record_order
from renewals.desk.people import rows_of_person
from renewals.desk.refresh import refresh
from renewals.models import DeskEntry, DeskRow, QuantityConfirmation, Reminder, ReminderSettings, Stage, Step
from renewals.reminders.days import is_business_day
from renewals.reminders.digest import parts_of
from renewals.reminders.tasks import keep_rhythm
from tests.cast import TODAY, make_license_id
from tests.making import issue_quote, load
from tests.renewals.asking import needed_of, reply

TOKYO = ZoneInfo("Asia/Tokyo")
BEGINS = timedelta(days=30)
"""So long before the expiry people begin; the portal writes what they leave."""
ENDED = {Stage.DONE, Stage.LOST, Stage.DECLINED, Stage.LAPSED}


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO)


class Desk:
    """A reseller's days."""

    def __init__(self, cast, chance: random.Random, clock) -> None:
        self.cast, self.chance, self.clock = cast, chance, clock
        self.ordered: dict[int, date] = {}
        self.refused: dict[int, date] = {}
        self.quoted: set[int] = set()
        self.digested: Counter[int] = Counter()

    def live(self, day: date) -> None:
        """One day: what people do, then what the portal does by itself; looked at when it is over."""
        self.clock.move_to(at(day, 10))
        refresh(on=day, most=10_000)
        begun = DeskRow.objects.filter(expires_on__lte=day + BEGINS)
        for row in list(begun.exclude(stage__in=ENDED).order_by("pk")):
            if self.chance.random() < (0.3 if row.stage == Stage.SENT else 0.06):
                self.act(row, day)
        refresh(on=day, most=10_000)
        if is_business_day(day):
            named = [row for part in parts_of(rows_of_person(self.cast.staff), on=day) for row in part.rows]
            self.digested.update({row.licenseid_id for row in named})
        for hour in (11, 15):  # twice: the second time there is nothing more to do
            keep_rhythm(now=at(day, hour))
        deliver_due(clock=lambda: at(day, 16))
        if self.chance.random() < 0.05 and (mail := OutgoingMail.objects.filter(state="sent").last()):
            record_failure(mail=mail, error="bounced", now=at(day, 17))
        self.look(day)

    def act(self, row: DeskRow, day: date) -> None:
        """Somebody does one of the things that may be done with a renewal."""
        licenseid, by, now = load(LicenseID.objects.get(pk=row.licenseid_id)), self.cast.staff, at(day, 10)
        if row.stage in (Stage.OPEN, Stage.ASKED, Stage.ANSWERED):
            asked = QuantityConfirmation.objects.filter(parts__licenseid=licenseid, answers=None, withdrawn_at=None)
            if row.stage == Stage.ASKED and (confirmation := asked.first()) and confirmation.parts.count() == 1:
                reply(confirmation, needed_of(licenseid, *(h.quantity for h in licenseid.holdings.all())), now=now)
            elif self.chance.random() < 0.2:
                entered = {"declined_reason": "不要", "declined_at": now, "entered_by": by, "entered_at": now}
                DeskEntry.objects.update_or_create(licenseid=licenseid, expires_on=row.expires_on, defaults=entered)
                self.refused[row.licenseid_id] = day
            else:
                quote = issue_quote(licenseid, by=by, now=now)
                self.quoted.add(row.licenseid_id)
                send_quote(
                    quote=quote, form_key="k", to="x@example.jp", to_name="", cc=[], letter=Letter("見積", "{link}"),
                    with_link=True, with_pdf=False, by=by, now=now, make_address=lambda token: token,
                )  # fmt: skip
        elif row.stage in (Stage.SENT, Stage.SEEN, Stage.QUOTED):
            quote = licenseid.quote_parts.latest("pk").quote
            if quote.status.state != State.ISSUED:
                return
            if self.chance.random() < 0.7:
                record_order(quote=quote, by=by, now=now)
                self.ordered[row.licenseid_id] = day
            else:
                record_loss(quote=quote, reason="他社", by=by, now=now)
                self.refused[row.licenseid_id] = day

    def look(self, day: date) -> None:
        """At midnight: one next step with its day and its owner, and no expiry that nobody was told of."""
        refresh(on=day + timedelta(days=1), most=10_000)
        for row in DeskRow.objects.all():
            assert (row.step == Step.NOTHING) == (row.stage in ENDED), (day, row, row.stage, row.step)
            if row.stage not in ENDED:
                assert row.step_on is not None, (day, row, row.step)
                assert row.owner_id is not None
            if row.stage == Stage.LAPSED:
                told = self.letters_about(row)
                was_seen = row.licenseid_id in self.quoted | self.refused.keys()
                assert was_seen or told >= 3, (day, row, told)

    def letters_about(self, row: DeskRow) -> int:
        """To the customer, and to the owner in their morning's digest."""
        own = Reminder.objects.filter(licenseid=row.licenseid_id, expires_on=row.expires_on).count()
        own += self.digested[row.licenseid_id]
        asked = QuantityConfirmation.objects.filter(parts__licenseid=row.licenseid_id, reminded_at__isnull=False)
        return own + asked.count()


SOAK = int(os.environ.get("SOAK", "0"))
LICENSE_IDS, DAYS = (200, 400) if SOAK else (5, 32)


@pytest.mark.soak
@pytest.mark.timeout(3600 if SOAK else 120)
@pytest.mark.parametrize("seed", range(SOAK // 50 or 1))
def test_nothing_lapses_unseen_and_nobody_is_written_to_twice(cast, clock, seed):
    chance = random.Random(seed)
    ReminderSettings.objects.create(
        reseller=cast.aoba, sends_digest=True, confirm_days=16, silent_days=5, expiry_days=7
    )
    for number in range(LICENSE_IDS):
        customer = Customer.objects.create(reseller=cast.aoba, name=f"第{number}株式会社", owner=cast.staff)
        Contact.objects.create(customer=customer, name="担当", email=f"c{number}@example.jp")
        expires = TODAY + timedelta(days=chance.randrange(18, DAYS - 6))
        make_license_id(customer, f"LIC-9{number:03d}", ("SMP-BS", 20 + number), expires=expires)
    desk = Desk(cast, chance, clock)
    for day in range(DAYS):
        desk.live(TODAY + timedelta(days=day))
    letters = Counter(Reminder.objects.values_list("kind", "licenseid", "expires_on", "quote_key"))
    assert set(letters.values()) == {1}
    assert {"confirm", "expiry"} <= {kind for kind, *_rest in letters}
    keys = Counter(OutgoingMail.objects.values_list("key", flat=True))
    assert set(keys.values()) == {1}
    assert desk.ordered
    for number, day in (*desk.ordered.items(), *desk.refused.items()):
        assert not Reminder.objects.filter(licenseid=number, sent_on__gt=day).exists()
    days = {*Reminder.objects.values_list("sent_on", flat=True)}
    reminded = QuantityConfirmation.objects.exclude(reminded_at=None).values_list("reminded_at", flat=True)
    assert all(map(is_business_day, days | {moment.astimezone(TOKYO).date() for moment in reminded}))
    stages = Counter(DeskRow.objects.values_list("stage", flat=True))
    assert sum(stages.values()) == LICENSE_IDS
