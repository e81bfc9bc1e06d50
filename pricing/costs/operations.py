"""A reseller's managers add, change and remove cost rates, one by one or by a file: one manager after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.transactions import one_transaction
from licensing.models import Product, Programme, Reseller

from ..models import CostRate
from .reading import ReadRate


@dataclass(frozen=True, slots=True)
class Written:
    """How many rates a file brought."""

    added: int
    changed: int
    same: int


@one_transaction
def add_rate(*, reseller: Reseller, of: Product | Programme, percent: Decimal, effective_on: date) -> CostRate:
    """A new rate. Raises ValidationError where there is one of the same from that day already."""
    _lock(reseller)
    row = CostRate(reseller=reseller, percent=percent, effective_on=effective_on)
    setattr(row, "product" if isinstance(of, Product) else "programme", of)
    row.full_clean()
    row.save()
    return row


@one_transaction
def change_rate(
    *, rate: CostRate, percent: Decimal, effective_on: date, look: Callable[[CostRate], None] = lambda _rate: None
) -> CostRate:
    """Another percentage or day. What was kept with quotes stays as it is.

    Raises ValidationError as above, CostRate.DoesNotExist where somebody removed it, and what `look` raises over the
    locked row.
    """
    _lock(rate.reseller)
    found: CostRate = CostRate.objects.select_for_update(no_key=True).get(pk=rate.pk)
    look(found)
    found.percent, found.effective_on = percent, effective_on
    found.full_clean()
    found.save()
    return found


@one_transaction
def remove_rate(*, rate: CostRate) -> bool:
    """Take a rate away: from its day on the one before counts. False where somebody did before."""
    _lock(rate.reseller)
    found = CostRate.objects.select_for_update(no_key=True).filter(pk=rate.pk).first()
    if found is None:
        return False
    found.delete()
    return True


@one_transaction
def write_rates(*, reseller: Reseller, rates: Sequence[ReadRate]) -> Written:
    """All rates of a file, or none. Of the same product or programme and day the percentage of the file counts; what is
    not in the file stays. The history has each.
    """
    _lock(reseller)
    before = {_key(row): row for row in CostRate.objects.select_for_update(no_key=True).filter(reseller=reseller)}
    new = [_row(reseller, rate) for rate in rates if rate.key not in before]
    CostRate.objects.bulk_create(new)
    changed = 0
    for rate in rates:
        row = before.get(rate.key)
        if row is not None and row.percent != rate.percent:
            row.percent = rate.percent
            row.save()
            changed += 1
    return Written(len(new), changed, len(rates) - len(new) - changed)


def _lock(reseller: Reseller) -> None:
    Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)


def _row(reseller: Reseller, rate: ReadRate) -> CostRate:
    of: dict[str, Any] = {f"{rate.of}_id": rate.pk}
    return CostRate(reseller=reseller, percent=rate.percent, effective_on=rate.effective_on, **of)


def _key(row: CostRate) -> tuple[str, int, date]:
    if row.product_id is not None:
        return "product", row.product_id, row.effective_on
    return "programme", row.programme_id or 0, row.effective_on
