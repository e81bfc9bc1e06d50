"""What runs without a visitor."""

from django.utils import timezone
from django_tasks import task

from foundation.jobs.operations import work_off

from .run import ImpactWork


@task()
def calculate_impact(batch_pk: int) -> None:
    """Do what is left of an impact."""
    work_off(batch_pk=batch_pk, work=ImpactWork(), clock=timezone.now)
