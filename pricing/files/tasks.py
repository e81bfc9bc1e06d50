"""What workers do with price lists, one task for each kind of work."""

from django.utils import timezone
from django_tasks import task

from foundation.jobs.memory import without_collector
from foundation.jobs.operations import work_off

from .operations import CheckFile, WriteDraft


@task()
def check_price_file(batch_pk: int) -> None:
    with without_collector():
        work_off(batch_pk=batch_pk, work=CheckFile(), clock=timezone.now)


@task()
def write_imported_draft(batch_pk: int) -> None:
    with without_collector():
        work_off(batch_pk=batch_pk, work=WriteDraft(), clock=timezone.now)
