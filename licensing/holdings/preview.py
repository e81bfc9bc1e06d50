"""What a list changes, as a table: by customer, a page at a time, each row with its sign, old and new."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.jobs.operations import RETRIED

from ..models import HeldChange, HeldImport
from ..models.contacts import PURPOSES
from . import reading

ROWS_PER_PAGE = 100
NOTICES_SHOWN = 50
WRONG, SAME, ENDED = "wrong", "same", "ended"
SIGNS = {
    HeldChange.Kind.NEW: "＋", HeldChange.Kind.CHANGED: "→", HeldChange.Kind.GONE: "－", SAME: "＝", WRONG: "×",
    ENDED: "■",
}  # fmt: skip
"""Beside the colour and the word."""
CHIPS = {HeldChange.Kind.NEW: "added", HeldChange.Kind.CHANGED: "changed", HeldChange.Kind.GONE: "removed"}
IN_COLUMNS = ("quantity", "expires_on")


@dataclass(frozen=True, slots=True)
class Pair:
    """A value before and after, each as it is read."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        return bool(self.old) and bool(self.new) and self.old != self.new


@dataclass(frozen=True, slots=True)
class Row:
    """One change as the table shows it."""

    change: HeldChange
    sign: str
    chip: str
    quantity: Pair
    expires_on: Pair
    others: list[Pair] = field(default_factory=list)
    """Of a customer, a contact or a license ID."""


class Counted(Paginator):
    """Pages of rows whose number is known: a list has a hundred thousand."""

    def __init__(self, rows: Any, count: int) -> None:
        super().__init__(rows, ROWS_PER_PAGE)
        self.known = count

    @cached_property
    def count(self) -> int:
        return self.known


def preview_of(upload: HeldImport, *, shown: str, page: str | None) -> dict[str, Any]:
    """What a page of the preview shows. `shown`: only changes of this kind, or what is wrong."""
    counts = counts_of(upload)
    all_changes = sum(counts[kind] for kind in HeldChange.Kind.values)
    changes: QuerySet[HeldChange] = upload.changes.select_related("product")
    context: dict[str, Any] = {}
    if shown in (WRONG, ENDED):
        errors = upload.problems.filter(is_error=shown == WRONG, is_ended=shown == ENDED)
        found = context["problems"] = Counted(errors, errors.count()).get_page(page)
    else:
        if shown in HeldChange.Kind.values:
            changes = changes.filter(kind=shown)
        else:
            shown = ""
        found = Counted(changes, counts[shown] if shown else all_changes).get_page(page)
        by_customer = groupby(found.object_list, key=lambda change: change.customer_name)
        context["groups"] = [(name, [row_of(change) for change in rows]) for name, rows in by_customer]
    is_open = upload.confirm_batch is None or upload.confirm_batch.state in RETRIED
    return context | {
        "kinds": [(kind, SIGNS[kind], label, counts[kind]) for kind, label in HeldChange.Kind.choices],
        "wrong": upload.error_count,
        "same": counts[SAME],
        "ended": counts[ENDED],
        "signs": SIGNS,
        "shown": shown,
        "page": found,
        "problem_count": upload.error_count,
        "notices": upload.problems.filter(is_error=False, is_ended=False)[:NOTICES_SHOWN],
        "can_confirm": is_open and not upload.open_questions and bool(all_changes),
    }


def counts_of(upload: HeldImport) -> dict[str, int]:
    """How many changes of each kind there are, of whatever; how much stays the same, and how many rows have ended."""
    found = dict.fromkeys([*HeldChange.Kind.values, SAME, ENDED], 0)
    for name, count in upload.counts.items():
        found[name.rpartition(" ")[2]] += count
    return found


def row_of(change: HeldChange) -> Row:
    old, new = change.old or {}, change.new or {}
    quantity, expires_on = (Pair(str(reading.LABELS[name]), shown(name, old), shown(name, new)) for name in IN_COLUMNS)
    others = [] if change.subject == HeldChange.Subject.HOLDING else list(_others(change.subject, old, new))
    kind = HeldChange.Kind(change.kind)
    return Row(change, SIGNS[kind], CHIPS[kind], quantity, expires_on, others)


def _others(subject: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Pair]:
    is_contact = subject == HeldChange.Subject.CONTACT
    for name in {**new, **old}:
        if name == "name" and not is_contact:
            continue
        if name in PURPOSES:
            continue
        label = reading.label_of_contact(name) if is_contact else reading.LABELS[name]
        pair = Pair(str(label), shown(name, old), shown(name, new))
        if pair.old or pair.new:
            yield pair
    if is_contact and set(PURPOSES) & {*old, *new}:
        yield Pair(str(reading.LABELS["purpose"]), purposes(old), purposes(new))


def purposes(values: Mapping[str, Any]) -> str:
    """In words, what a contact is for, as far as it is said."""
    return "・".join(str(word) for name, word in PURPOSES.items() if values.get(name))


def shown(name: str, values: Mapping[str, Any]) -> str:
    """A value as it is read; empty where there is none."""
    value = values.get(name)
    if name == "expires_on" and value:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if name == "language" and value:
        return _("Japanese") if value == "ja" else _("English")
    return f"{value:,}" if isinstance(value, int) else str(value or "")
