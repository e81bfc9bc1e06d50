"""Rows of the desk whose stage, next step and owner may be relied upon: as is known at this moment. Reads only."""

from collections.abc import Collection
from datetime import date

from foundation.among import among

from ..models import DeskMark, DeskRow
from .rows import rows_of


def current_rows(numbers: Collection[int], *, on: date) -> list[DeskRow]:
    """The rows of license IDs, by license ID and expiry: what `rows_of` says, mostly for two queries.

    A change of what a row says is marked in its own transaction, and the mark goes with the refresh. So a license ID
    without a mark has rows that say what is so, until the day on which they change by themselves; only others are
    worked out anew. Marks are read before rows: what has none then has the rows of that moment, or later ones.

    Amounts and names of products are not to be relied upon: after a price list or a product changed, one mark stands
    for all that it concerns until `spread_marks`. Nothing else in a row follows from these.
    """
    marked = DeskMark.objects.filter(licenseid__in=among(numbers)).values_list("licenseid", flat=True)
    stale = {number for number in marked if number}
    kept = list(DeskRow.objects.filter(licenseid__in=among(set(numbers) - stale)))
    stale |= {row.licenseid_id for row in kept if row.alters_on and row.alters_on <= on}
    rows = [row for row in kept if row.licenseid_id not in stale]
    rows += rows_of(sorted(stale), on=on) if stale else []
    return sorted(rows, key=lambda row: (row.licenseid_id, row.expires_on))
