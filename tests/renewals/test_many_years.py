"""Years of a reseller with many license IDs: nothing lapses unseen, nobody is written to twice or after an order.

In every run a few weeks of a few. In `make soak` three years of LICENSE_IDS=500 (two and a half holdings each); more of
them as time allows: `make soak SOAK=1 LICENSE_IDS=10000 ARGS="-s -k many_years"` says what happened.
"""

import os
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from foundation.mail.models import OutgoingMail
from renewals.models import QuantityConfirmation, Reminder, ReminderSettings
from renewals.reminders.days import is_business_day
from tests.cast import TODAY
from tests.renewals.many_years import TOKYO, Years

SOAK = int(os.environ.get("SOAK", "0"))
LICENSE_IDS = int(os.environ.get("LICENSE_IDS", "500" if SOAK else "9"))
DAYS = int(os.environ.get("DAYS", "1096" if SOAK else "35"))


def processor_seconds():
    """What this process and the one of PostgreSQL that works for it have taken so far."""
    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone()
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.soak
@pytest.mark.timeout(24 * 3600 if SOAK else 120)  # 40,000 license IDs take five hours where nothing else runs
@pytest.mark.django_db(transaction=True)
def test_in_many_years_nothing_lapses_unseen(cast, clock):
    ReminderSettings.objects.create(
        reseller=cast.aoba, sends_digest=True, confirm_days=30, silent_days=5, expiry_days=10
    )
    years = Years(cast, clock, license_ids=LICENSE_IDS, seed=1)
    began, busy = time.monotonic(), processor_seconds()
    for number in range(DAYS):
        years.live(TODAY + timedelta(days=number))
        if SOAK and number % 30 == 29:
            taken = processor_seconds() - busy
            pace = f"{taken:.0f} s of processors, {LICENSE_IDS * (number + 1) / taken:,.0f} license-ID-days a second"
            print(f"day {number + 1}: {time.monotonic() - began:.0f} s, {pace}; {dict(years.counts)}", flush=True)
    letters = Counter(Reminder.objects.values_list("kind", flat=True))
    print(f"letters {dict(letters)}; {dict(years.counts)}")
    assert years.counts["lapsed unseen"] == 0
    told = Counter(Reminder.objects.values_list("kind", "licenseid", "expires_on", "quote_key"))
    assert set(told.values()) <= {1}
    sent = list(Reminder.objects.values_list("licenseid", "expires_on", "sent_on"))
    after = [one for one in sent if years.ordered.get(one[:2], one[2]) < one[2]]
    assert after == []
    assert [one for one in sent if years.refused.get(one[:2], one[2]) < one[2]] == []
    keys = OutgoingMail.objects.values_list("key", flat=True)
    assert len(keys) == len(set(keys))
    assert not OutgoingMail.objects.filter(state__in=["queued", "sending"]).exists()
    days = {*Reminder.objects.values_list("sent_on", flat=True)}
    reminded = QuantityConfirmation.objects.exclude(reminded_at=None).values_list("reminded_at", flat=True)
    assert all(map(is_business_day, days | {moment.astimezone(TOKYO).date() for moment in reminded}))
