"""What runs without a visitor."""

from datetime import datetime

from django.utils import timezone

from ..models import DeskCount
from .refresh import AT_ONCE, compact_counts, refresh, spread_marks

COMPACT_AFTER = 50
"""Pieces of work after which the counts are put together."""


def keep_desk(*, now: datetime) -> None:
    """Bring all rows up to date; the worker calls it every few seconds. Several workers share what there is."""
    on = timezone.localdate(now)
    spread_marks()
    pieces = 0
    while refresh(on=on, most=AT_ONCE):
        pieces += 1
        if pieces % COMPACT_AFTER == 0:
            compact_counts()
    if pieces or DeskCount.objects.filter(rows__lt=0).exists():
        compact_counts()
