"""What was done to rows that have a history, in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import models
from django.db.models import FileField, ForeignKey, Model, QuerySet


@dataclass(frozen=True)
class ValueChange:
    """One value of a row before and after; None where there was none: the row was added or removed."""

    label: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """One entry of the history, in words: what was done to what, by whom and when."""

    at: datetime
    by: str
    """The person's name as it was; empty where nobody was logged in: a command, or the beginning."""
    kind: str
    """`added`, `changed`, `removed`, or `begins`: what there was when the history began, or came to the reseller."""
    model: str
    name: str
    """Of what: the name of the row at that time; of a part of another row, of what it points to (`Words.parts`)."""
    values: list[ValueChange]
    reason: str = ""
    """What was confirmed with it; empty: nothing was asked."""

    @property
    def occasion(self) -> tuple[datetime, str]:
        """The minute and the person: what was saved with one click is one occasion."""
        return self.at.replace(second=0, microsecond=0), self.by


@dataclass(frozen=True)
class Words:
    """How the rows of an app are told of."""

    values: Mapping[str, Callable[[str], str]]
    """By a field's name: what its codes are called."""
    parts: Mapping[type[Model], str]
    """Rows that are shown on the page of another one, and the field by which they are named there."""


def read_changes(
    histories: list[QuerySet[Any]], *, words: Words, since: datetime | None = None, most: int
) -> list[Change]:
    """The latest entries of some histories. What an entry changed is told by the entry before it in the same one."""
    if since is not None:
        histories = [history.filter(history_date__gte=since) for history in histories]
    found = sorted(
        ((entry, index) for index, history in enumerate(histories) for entry in history[:most]),
        key=lambda pair: pair[0].history_date,
        reverse=True,
    )[:most]
    previous: dict[tuple[int, int], Any] = {}
    for index, history in enumerate(histories):
        last: dict[int, Any] = {}
        for entry in history.filter(id__in={entry.id for entry, at in found if at == index}).order_by("history_id"):
            previous[index, entry.history_id] = last.get(entry.id)
            last[entry.id] = entry
    pairs = [(entry, previous.get((index, entry.history_id))) for entry, index in found]
    names = _names_of(chain.from_iterable((entry, before) for entry, before in pairs))
    return [change for entry, before in pairs if (change := _told(entry, before, names, words)) is not None]


Names = dict[tuple[type[Model], int], str]


def _names_of(entries: Iterable[Any]) -> Names:
    """The names of all rows that the entries point to, as they are now; of those that are gone, as they were."""
    wanted: dict[type[Model], set[int]] = {}
    for entry in entries:
        for field in entry.tracked_fields if entry is not None else ():
            if isinstance(field, ForeignKey) and getattr(entry, field.attname) is not None:
                wanted.setdefault(field.related_model, set()).add(getattr(entry, field.attname))
    names: Names = {}
    for model, numbers in wanted.items():
        names |= {(model, pk): str(row) for pk, row in model._default_manager.in_bulk(numbers).items()}
        if gone := {pk for pk in numbers if (model, pk) not in names}:
            for entry in model.history.filter(id__in=gone).order_by("history_id"):  # type: ignore[attr-defined]
                names[model, entry.id] = _name(entry)
    return names


def _name(entry: Any) -> str:
    """The row's name as it was. (The package's `entry.instance` would ask the database for each.)"""
    return str(entry.instance_type(**{field.attname: getattr(entry, field.attname) for field in entry.tracked_fields}))


def _shown(entry: Any, field: models.Field[Any, Any], names: Names, words: Words) -> Any:
    """A value as a person reads it: what it points to by name, a choice in words, a picture by its file's name."""
    value = getattr(entry, field.attname)
    if value is None or value == "":
        return None
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), "")
    if isinstance(field, FileField):
        return str(value).rpartition("/")[2]
    if field.name in words.values:
        return words.values[field.name](value)
    return str(dict(field.flatchoices).get(value, value)) if field.choices else value


def _told(entry: Any, before: Any, names: Names, words: Words) -> Change | None:
    kinds = {"+": "added", "~": "changed", "-": "removed"}
    begins = before is None and entry.history_type == "~"
    kind = "begins" if begins else kinds[entry.history_type]
    model = entry.instance_type
    part = words.parts.get(model)
    values = []
    for field in entry.tracked_fields:
        if kind == "begins" or field.primary_key or (part and isinstance(field, ForeignKey)):
            continue
        old = None if before is None or kind == "added" else _shown(before, field, names, words)
        new = None if kind == "removed" else _shown(entry, field, names, words)
        old = _shown(entry, field, names, words) if kind == "removed" else old
        if old != new:
            values.append(ValueChange(str(field.verbose_name), old, new))
    if kind == "changed" and not values:
        return None
    name = _shown(entry, model._meta.get_field(part), names, words) or "" if part else _name(entry)
    return Change(
        at=entry.history_date,
        by=entry.history_user_name,
        kind=kind,
        model=str(model._meta.verbose_name),
        name=name,
        values=values,
        reason="" if begins else entry.history_change_reason or "",
    )
