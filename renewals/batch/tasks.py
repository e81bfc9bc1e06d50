"""What runs without a visitor."""

from django.utils import timezone
from django_tasks import task

from foundation.jobs.operations import work_off

from .operations import IssueWork, PriceWork


@task()
def price_run(batch_pk: int) -> None:
    """Do what is left of a run's pricing."""
    work_off(batch_pk=batch_pk, work=PriceWork(timezone.now), clock=timezone.now)


@task()
def issue_run(batch_pk: int) -> None:
    """Do what is left of one lane of a run's issue."""
    work_off(batch_pk=batch_pk, work=IssueWork(timezone.now), clock=timezone.now)
