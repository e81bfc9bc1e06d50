"""What workers do with lists of what is held."""

from django.utils import timezone
from django_tasks import task

from foundation.jobs.operations import work_off

from .operations import CheckList, UndoList, WriteList


@task()
def check_held_list(batch_pk: int) -> None:
    work_off(batch_pk=batch_pk, work=CheckList(), clock=timezone.now)


@task()
def write_held_list(batch_pk: int) -> None:
    work_off(batch_pk=batch_pk, work=WriteList(), clock=timezone.now)


@task()
def undo_held_list(batch_pk: int) -> None:
    work_off(batch_pk=batch_pk, work=UndoList(), clock=timezone.now)
