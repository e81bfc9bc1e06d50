"""The rhythm of reminders, as tests let it run."""

from datetime import timedelta

from licensing.models import Contact
from renewals.calendar.operations import end_feed, make_feed
from renewals.chat.operations import save_chat
from renewals.desk.refresh import refresh
from renewals.drift.operations import forget_closed
from renewals.models import Reminder
from renewals.reminders.settings import save_rhythm, silence
from renewals.reminders.tasks import keep_rhythm
from tests.cast import NOW, TODAY, Cast, make_license_id


def keep_the_rhythm(cast: Cast) -> None:
    """All that is done by itself, one after the other."""
    Contact.objects.create(customer=cast.customer, name="新任", email="x@takasaki.example.jp")
    make_license_id(cast.customer, "LIC-7401", ("SMP-BS", 45))
    values = {"sends_digest": True, "confirm_days": 90, "expiry_days": 90}
    save_rhythm(reseller=cast.aoba, values=values, look=lambda _row: None)
    refresh(on=TODAY, most=10_000)
    save_chat(reseller=cast.aoba, values={}, addresses={"slack": "https://x.example/"}, look=lambda _row: None)
    keep_rhythm(now=NOW + timedelta(minutes=1))
    assert set(Reminder.objects.values_list("kind", flat=True)) == {"confirm", "expiry"}
    silence(customer=cast.customer, is_quiet=True, by=cast.manager, now=NOW)
    silence(customer=cast.customer, is_quiet=False, by=cast.manager, now=NOW)
    forget_closed(on=TODAY)
    make_feed(user=cast.staff, now=NOW)
    end_feed(user=cast.staff)
