"""Add a tax rate, and withdraw it before its first day. Nothing else ever happens to one."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.text.days import JAPAN
from foundation.transactions import one_transaction

from ..models import TaxRate


class TaxRateRefused(Exception):
    """A tax rate cannot be added or withdrawn. The text says why to a person."""


@dataclass(frozen=True, slots=True)
class TaxChange:
    """What a rate does from its first day on."""

    before: TaxRate | None
    """The rate that it follows; None: without it the category has none on that day."""
    following: TaxRate | None
    """The one that ends it; None: there is none yet."""


def find_change(*, category: str, effective_on: date) -> TaxChange:
    """What a rate of the category from that day on replaces, and what ends it."""
    rates = TaxRate.objects.filter(category=category, withdrawn_on__isnull=True)
    return TaxChange(
        rates.filter(effective_on__lt=effective_on).order_by("-effective_on").first(),
        rates.filter(effective_on__gt=effective_on).order_by("effective_on").first(),
    )


def check_tax_rate(*, category: str, effective_on: date, now: datetime) -> None:
    """Raises TaxRateRefused where such a rate cannot be added at this moment."""
    if effective_on < now.astimezone(JAPAN).date():
        raise TaxRateRefused(
            _("%(day)s is past: quotes were made with another rate since. Choose today or a later day.")
            % {"day": date_format(effective_on)}
        )
    if TaxRate.objects.filter(category=category, effective_on=effective_on, withdrawn_on__isnull=True).exists():
        raise TaxRateRefused(_say_taken(effective_on))


def add_tax_rate(*, category: str, percent: Decimal, effective_on: date, now: datetime) -> TaxRate:
    """A new rate, in force from that day on. Raises TaxRateRefused; then nothing was written."""
    check_tax_rate(category=category, effective_on=effective_on, now=now)
    try:
        with transaction.atomic():
            return TaxRate.objects.create(category=category, percent=percent, effective_on=effective_on)
    except IntegrityError as error:  # somebody else added one at the same moment
        raise TaxRateRefused(_say_taken(effective_on)) from error


@one_transaction
def withdraw_tax_rate(*, tax_rate: TaxRate, now: datetime) -> TaxRate:
    """Take back a rate before its first day: it never counts. Raises TaxRateRefused; then nothing was written."""
    today = now.astimezone(JAPAN).date()
    tax_rate = TaxRate.objects.select_for_update(no_key=True).get(pk=tax_rate.pk)
    if tax_rate.withdrawn_on is not None:
        raise TaxRateRefused(_("This tax rate is withdrawn already."))
    if not tax_rate.is_waiting(on=today):
        raise TaxRateRefused(
            _("This tax rate took effect on %(day)s, and quotes use it. Add a new rate from a later day instead.")
            % {"day": date_format(tax_rate.effective_on)}
        )
    tax_rate.withdrawn_on = today
    tax_rate.save(update_fields=["withdrawn_on"])
    return tax_rate


def _say_taken(effective_on: date) -> str:
    return _("This tax category already has a rate from %(day)s.") % {"day": date_format(effective_on)}
