"""The numbers of a reseller's month, of quotes and of comparisons: without gaps or duplicates."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from licensing.models import Reseller

from ..models import ComparisonNumber, QuoteNumber


def take_numbers(
    kind: type[QuoteNumber | ComparisonNumber], *, reseller: Reseller, now: datetime, count: int = 1
) -> tuple[str, range]:
    """The month, `yymm` in Japan, and the next numbers in it.

    The row stays locked until the transaction ends: whoever comes second waits, and a failed issue gives the number
    back, so that there is neither a gap nor a duplicate.
    """
    month = now.astimezone(timezone.get_default_timezone()).strftime("%y%m")
    if (last := _go_on(kind, reseller, month, count)) is None:
        kind._default_manager.get_or_create(reseller=reseller, month=month)
        last = _go_on(kind, reseller, month, count)
    if last is None:
        raise kind.DoesNotExist
    return month, range(last - count + 1, last + 1)


def _go_on(kind: type[QuoteNumber | ComparisonNumber], reseller: Reseller, month: str, count: int) -> int | None:
    """Count on in one statement, and say where it ends. None where no number was taken yet in this month."""
    table = connection.ops.quote_name(kind._meta.db_table)
    step = f"UPDATE {table} SET last = last + %s WHERE reseller_id = %s AND month = %s RETURNING last"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(step, [count, reseller.pk, month])
        found = cursor.fetchone()
    return found[0] if found else None
