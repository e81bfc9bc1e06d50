"""Workers say that they live."""

from datetime import datetime, timedelta

from ..models import WorkerBeat

FORGOTTEN_AFTER = timedelta(days=1)


def note_worker(*, name: str, version: str, now: datetime) -> None:
    """Note that a worker lives; those not heard of for a day are forgotten."""
    WorkerBeat.objects.update_or_create(name=name, defaults={"version": version, "seen_at": now})
    WorkerBeat.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
