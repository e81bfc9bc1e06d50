"""What runs without a visitor: many are asked, and who has not answered is reminded on their day."""

import logging
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from foundation.jobs.operations import work_off

from ..models import QuantityConfirmation
from .addresses import answer_address
from .many import AskWork
from .operations import remind

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 100


@task()
def ask_many(batch_pk: int) -> None:
    """Ask what is left of many customers."""
    work_off(batch_pk=batch_pk, work=AskWork(timezone.now), clock=timezone.now)


def sweep_reminders(*, reseller: int, until: date, now: datetime) -> int:
    """Remind those of a reseller's customers whose day has come and who have not answered; how many letters were
    queued. Each once, ever. Called on business days, within the reseller's hours.

    `until`: the last day before the next business day. Whoever cannot answer after it any more is reminded before
    their day, though not on that of the question. A confirmation that nobody need be reminded of any more loses its
    day, so that it is not looked at again.
    """
    on = timezone.localdate(now)
    today = timezone.make_aware(datetime.combine(on, time.min))
    open_ones = QuantityConfirmation.objects.filter(customer__reseller=reseller, reminded_at=None, withdrawn_at=None)
    ending = Q(remind_on__lte=until, open_until__lte=until, asked_at__lt=today)
    due = open_ones.filter(Q(remind_on__lte=on) | ending)
    count = 0
    for confirmation in due.order_by("remind_on", "pk")[:MOST_AT_ONCE]:
        try:
            is_sent = remind(confirmation=confirmation, make_address=answer_address, now=now)
        except ValidationError:  # its text holds the address
            logger.warning("the customer of confirmation %s cannot be reminded", confirmation.pk)
            is_sent = False
        if not is_sent:
            QuantityConfirmation.objects.filter(pk=confirmation.pk, reminded_at=None).update(remind_on=None)
        count += is_sent
    return count
