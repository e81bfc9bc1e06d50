"""Publish a price list, and withdraw it before its day. The moment comes in as an argument; Japan's day counts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licensing.models import User

from ..models import PriceList, PriceListEvent
from .events import record_event
from .golden import list_golden_problems, note_changes

JAPAN = ZoneInfo("Asia/Tokyo")


class PublishRefused(Exception):
    """A price list cannot be published. `problems` says to a person all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class WithdrawRefused(Exception):
    """A price list cannot be withdrawn. The text says why to a person."""


def publish(*, price_list: PriceList, by: User, now: datetime) -> PriceList:
    """Put the draft in force from its day on. From then on neither the list nor anything in it changes.

    Raises PublishRefused with every problem found; then nothing was written.
    """
    with transaction.atomic():
        price_list = PriceList.objects.select_for_update().get(pk=price_list.pk)
        problems = list_publish_problems(price_list=price_list, now=now)
        if problems:
            raise PublishRefused(problems)
        price_list.published_at = now
        price_list.published_by = by
        try:
            with transaction.atomic():
                price_list.save(update_fields=["published_at", "published_by"])
        except IntegrityError as error:  # another list was published for the same day at the same moment
            raise PublishRefused([say_day_taken(price_list)]) from error
        note_changes(price_list=price_list)
        record_event(
            price_list=price_list,
            kind=PriceListEvent.Kind.PUBLISHED,
            by=by,
            now=now,
            detail={"effective_on": price_list.effective_on.isoformat()},
        )
    return price_list


def withdraw(*, price_list: PriceList, reason: str, by: User, now: datetime) -> PriceList:
    """Make a published list a draft again, before its day has come. Quotes were only made with lists in force.

    Raises WithdrawRefused where it is a draft, where its day has come, or without a reason; then nothing was written.
    """
    today = now.astimezone(JAPAN).date()
    with transaction.atomic():
        price_list = PriceList.objects.select_for_update().get(pk=price_list.pk)
        if not price_list.is_published:
            raise WithdrawRefused(_("%(name)s is a draft: there is nothing to withdraw.") % {"name": price_list.name})
        if not price_list.is_waiting(on=today):
            raise WithdrawRefused(
                _("%(name)s took effect on %(day)s, and quotes use it. Publish a new list with other prices instead.")
                % {"name": price_list.name, "day": date_format(price_list.effective_on)}
            )
        if not reason.strip():
            raise WithdrawRefused(_("Write why the list is withdrawn."))
        price_list.published_at = None
        price_list.published_by = None
        price_list.withdrawn_on = today
        price_list.save(update_fields=["published_at", "published_by", "withdrawn_on"])
        record_event(
            price_list=price_list,
            kind=PriceListEvent.Kind.WITHDRAWN,
            by=by,
            now=now,
            detail={"reason": reason.strip(), "effective_on": price_list.effective_on.isoformat()},
        )
    return price_list


def list_publish_problems(*, price_list: PriceList, now: datetime) -> list[str]:
    """All that keeps the list from being published at this moment; empty: it can be."""
    if price_list.is_published:
        return [_("%(name)s is published already.") % {"name": price_list.name}]
    problems = []
    if price_list.effective_on < now.astimezone(JAPAN).date():
        problems.append(
            _("Its first day (%(day)s) is past: quotes were made with other prices since. Choose today or a later day.")
            % {"day": date_format(price_list.effective_on)}
        )
    if PriceList.objects.filter(published_at__isnull=False, effective_on=price_list.effective_on).exists():
        problems.append(say_day_taken(price_list))
    tables = list(price_list.tables.select_related("product").prefetch_related("ranks", "multi_year_discounts"))
    if not tables:
        problems.append(_("It has no price tables. Add at least one product's prices."))
    for table in tables:
        product = table.product
        if not table.ranks.all():
            problems.append(_("The price table of %(code)s has no ranks.") % {"code": product.code})
        if table.multi_year_discounts.all() and not product.is_multi_year_discountable:
            problems.append(
                _("%(code)s has a multi-year discount, but is not marked as a product that may have one (R10).")
                % {"code": product.code}
            )
    problems += list_golden_problems(price_list=price_list)
    return problems


def say_day_taken(price_list: PriceList) -> str:
    return _("Another published price list takes effect on %(day)s already.") % {
        "day": date_format(price_list.effective_on)
    }
