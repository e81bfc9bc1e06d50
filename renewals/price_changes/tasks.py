"""What runs without a visitor: customers are told of prices to come."""

from django.utils import timezone
from django_tasks import task

from foundation.jobs.operations import work_off

from .operations import TellWork


@task()
def tell_customers(batch_pk: int) -> None:
    """Tell those who are left of many customers."""
    work_off(batch_pk=batch_pk, work=TellWork(timezone.now), clock=timezone.now)
