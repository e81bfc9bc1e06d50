"""A row that goes out once: held by one worker, and from the moment when something leaves never begun anew."""

from datetime import timedelta

import pytest

from foundation.chat.models import ChatMessage
from foundation.mail.models import OutgoingMail
from foundation.outbox import Lease, LeaseLost, try_later
from tests.cast import NOW

pytestmark = pytest.mark.django_db
LENGTH = timedelta(minutes=2)


@pytest.fixture(params=[OutgoingMail, ChatMessage])
def row(request):
    given = {"next_attempt_at": NOW, "created_at": NOW, "key": "k", "sealed_text": b"x"}
    if request.param is OutgoingMail:
        return OutgoingMail.objects.create(**given, to="a@example.jp", subject="件名", message_id="<1@example.jp>")
    return ChatMessage.objects.create(**given, channel="slack", sealed_address=b"x", about="reseller:1")


def test_one_worker_takes_it_and_writes_the_point_of_no_return(row):
    now = NOW
    first, second = (Lease(row=row, length=LENGTH, clock=lambda: now) for _worker in range(2))
    assert (first.take(), second.take()) == (True, False)
    assert (first.held.count(), second.held.count()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.leased_until, row.handing_over_at) == ("sending", 1, NOW + LENGTH, None)
    now += timedelta(minutes=1)
    first.keep()
    row.refresh_from_db()
    assert (row.handing_over_at, row.leased_until) == (now, now + LENGTH)
    now += LENGTH
    with pytest.raises(LeaseLost):
        first.keep()
    with pytest.raises(LeaseLost):
        second.keep()


def test_whoever_handed_over_knows_better_than_whoever_gave_up(row):
    lease = Lease(row=row, length=LENGTH, clock=lambda: NOW)
    lease.take()
    lost = {"next_attempt_at": None, "settled_at": NOW, "state": "failed", "sealed_text": None}
    lost |= {"sealed_address": None} if isinstance(row, ChatMessage) else {}
    type(row).objects.update(**lost, error="unclear")
    assert (lease.held.count(), lease.handed_over.count()) == (0, 1)
    type(row).objects.update(error="unreadable")
    assert lease.handed_over.count() == 0


def test_an_attempt_that_failed_is_made_again_later():
    waits = (timedelta(minutes=1), timedelta(minutes=5))
    assert try_later(attempts=2, retry_after=waits, now=NOW) == {
        "state": "queued", "next_attempt_at": NOW + timedelta(minutes=5), "handing_over_at": None
    }  # fmt: skip
