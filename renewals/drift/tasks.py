"""What runs without a visitor: open quotes are priced again."""

from datetime import datetime

from django.utils import timezone

from .operations import CHUNK, forget_closed, look

STEPS = 10
"""Of one sweep: others want their turn."""


def sweep_drift(*, now: datetime) -> int:
    """Price again what is not up to date; how many quotes were. What nobody can order any more is forgotten."""
    on = timezone.localdate(now)
    count = 0
    for _step in range(STEPS):
        done = look(on=on)
        count += done
        if done < CHUNK:
            break
    if count:
        forget_closed(on=on)
    return count
