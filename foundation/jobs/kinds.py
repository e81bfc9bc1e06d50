"""Which kinds of work there are. The apps whose tasks they are say so when they start."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """What a task does."""

    name: str | Promise
    permission: str
    """Who has it sees such work in the administration, also what others have started."""


_kinds: dict[str, Kind] = {}


def watch_jobs(*, task_path: str, name: str | Promise, permission: str) -> None:
    """From an app's `ready`: what the task with this dotted name does, and who sees it."""
    _kinds[task_path] = Kind(name, permission)


def kinds() -> dict[str, Kind]:
    """All of them, by the dotted names of their tasks."""
    return dict(_kinds)
