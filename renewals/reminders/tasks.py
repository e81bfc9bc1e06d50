"""What runs without a visitor: the rhythm of each reseller, on business days and within hours."""

import logging
from datetime import datetime

from django.conf import settings as portal
from django.db import InterfaceError, OperationalError
from django.urls import reverse
from django.utils import timezone

from licensing.models import Reseller

from ..confirmations.addresses import answer_address
from ..confirmations.tasks import sweep_reminders
from ..desk.refresh import is_current
from ..models import ReminderSettings
from .days import is_business_day, last_day_covered
from .digest import announce_digest, people_of, send_digest
from .operations import Addresses, write
from .queries import CONFIRM, SILENT, due_letters, reachable

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 200
"""Letters of one reseller in one sweep: others want their turn."""


def shared_address(token: str) -> str:
    """The whole address of a share link."""
    return f"{portal.PUBLIC_URL}{reverse('quotes:shared', args=[token])}"


ADDRESSES: Addresses = {CONFIRM: answer_address, SILENT: shared_address}


def keep_rhythm(*, now: datetime) -> int:
    """Write all that is due today and was not written; how many e-mails were queued.

    Only on business days and within the reseller's hours. Customers who have not answered a 数量確認 are reminded; all
    else only where the reseller's rows of the desk are up to date: what happened a moment ago is not written past.
    """
    on, hour = timezone.localdate(now), timezone.localtime(now).hour
    if not is_business_day(on):
        return 0
    kept = {one.reseller_id: one for one in ReminderSettings.objects.all()}
    count = 0
    for reseller in Reseller.objects.order_by("pk"):
        settings = kept.get(reseller.pk) or ReminderSettings(reseller=reseller)
        if not settings.first_hour <= hour < settings.last_hour:
            continue
        count += sweep_reminders(reseller=reseller.pk, until=last_day_covered(on), now=now)
        if not is_current(reseller=reseller.pk, on=on):
            continue
        if settings.sends_digest:
            count += sum(send_digest(user=user, now=now) for user in people_of(reseller.pk, on=on))
        announce_digest(reseller=reseller.pk, now=now)
        count += _write_letters(settings, now)
    return count


def _write_letters(settings: ReminderSettings, now: datetime) -> int:
    due_now = due_letters(settings=settings, on=timezone.localdate(now))
    known = reachable(due.customer for due in due_now)  # who has no address is not tried again and again
    count = 0
    for due in [one for one in due_now if one.kind == SILENT or one.customer in known]:
        if count >= MOST_AT_ONCE:
            break
        try:
            count += write(due=due, settings=settings, addresses=ADDRESSES, now=now)
        except (InterfaceError, OperationalError):
            raise  # the database is away, for all of them
        except Exception as refused:  # one letter keeps back no other; what is raised may hold an address
            logger.warning("customer %s was not reminded (%s): %s", due.customer, due.kind, type(refused).__name__)
    return count
