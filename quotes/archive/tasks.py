"""What runs without a visitor."""

from django.utils import timezone
from django_tasks import task

from foundation.jobs.operations import work_off

from .exports import ExportWork


@task()
def export_records(batch_pk: int) -> None:
    """Write the file of an export, see `quotes.archive.exports`."""
    work_off(batch_pk=batch_pk, work=ExportWork(), clock=timezone.now)
