"""What runs without a visitor."""

from django.utils import timezone
from django_tasks import task

from foundation.jobs.operations import work_off

from .operations import FilesWork, IssueWork, PriceWork, SendWork


@task()
def price_run(batch_pk: int) -> None:
    """Do what is left of a run's pricing."""
    work_off(batch_pk=batch_pk, work=PriceWork(timezone.now), clock=timezone.now)


@task()
def issue_run(batch_pk: int) -> None:
    """Do what is left of one lane of a run's issue."""
    work_off(batch_pk=batch_pk, work=IssueWork(timezone.now), clock=timezone.now)


@task()
def send_run(batch_pk: int) -> None:
    """Queue what is left of a run's letters."""
    work_off(batch_pk=batch_pk, work=SendWork(timezone.now), clock=timezone.now)


@task()
def put_together(batch_pk: int) -> None:
    """Put the PDFs of a run into one file."""
    work_off(batch_pk=batch_pk, work=FilesWork(timezone.now), clock=timezone.now)
