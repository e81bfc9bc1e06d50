"""Whether a worker lives."""

from datetime import datetime

from django.db.models import Max

from .models import WorkerBeat


def worker_last_seen_at() -> datetime | None:
    """When a worker last said that it lives; None where none ever did, or not for a day."""
    last: datetime | None = WorkerBeat.objects.aggregate(last=Max("seen_at"))["last"]
    return last
