"""What a list changes, as plain values: very many of them are compared, kept, and written."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from foundation.integrity.bulk import insert_rows

from ...models import HeldChange, HeldImport, HeldProblem
from ..reading import MOST_PROBLEMS, Problem


class Kind:
    """Plain texts: there are very many of them."""

    NEW, CHANGED, GONE = HeldChange.Kind.NEW.value, HeldChange.Kind.CHANGED.value, HeldChange.Kind.GONE.value


class Subject:
    """What a change is of, likewise."""

    CUSTOMER, CONTACT = HeldChange.Subject.CUSTOMER.value, HeldChange.Subject.CONTACT.value
    LICENSE_ID, HOLDING = HeldChange.Subject.LICENSE_ID.value, HeldChange.Subject.HOLDING.value


COLUMNS = ("subject", "kind", "row", "customer_id", "customer_name", "code", "product_id", "old", "new", "object_pk")
ORDER = {Subject.CUSTOMER: 0, Subject.CONTACT: 1, Subject.LICENSE_ID: 2, Subject.HOLDING: 3}


@dataclass(slots=True)
class Change:
    """What a list changes of one customer, contact, license ID or holding: a row of `HeldChange`."""

    subject: str
    kind: str
    row: int
    customer_id: int | None = None
    customer_name: str = ""
    code: str = ""
    product_id: int | None = None
    old: dict[str, Any] | None = None
    new: dict[str, Any] | None = None
    object_pk: int | None = None
    pk: int = 0

    @property
    def order(self) -> tuple[str, str, int]:
        """As they are shown: by customer, then by license ID, each before what hangs on it."""
        return self.customer_name, self.code, ORDER[self.subject]


@dataclass(slots=True)
class Plan:
    """What the list changes, and what has to be said or asked before."""

    changes: list[Change] = field(default_factory=list)
    tally: Counter[tuple[str, str]] = field(default_factory=Counter)
    questions: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wrong: set[int] = field(default_factory=set)
    """Numbers of rows that cannot be written."""

    def add(self, change: Change) -> None:
        self.count(change.subject, change.kind)
        self.changes.append(change)

    def count(self, subject: str, kind: str) -> None:
        self.tally[subject, kind] += 1

    @property
    def counts(self) -> dict[str, int]:
        """By what and how, such as `holding new`."""
        return {f"{subject} {kind}": count for (subject, kind), count in self.tally.items() if count}

    def refuse(self, problem: Problem) -> None:
        self.problems.append(problem)
        self.wrong.add(problem.row)

    def leave_out_gone(self) -> None:
        """What only a complete list says; rows that say that they have ended do so all the same."""
        self.changes = [change for change in self.changes if change.kind != Kind.GONE or change.row]
        self.tally[Subject.HOLDING, Kind.GONE] = sum(change.kind == Kind.GONE for change in self.changes)


def keep_changes(upload: HeldImport, changes: Sequence[Change]) -> None:
    """In place of those that were kept before, in their order."""
    upload.changes.all()._raw_delete(upload.changes.db)
    insert_rows(
        HeldChange,
        ("held_import_id", *COLUMNS),
        (
            (
                upload.pk,
                change.subject,
                change.kind,
                change.row,
                change.customer_id,
                change.customer_name[:200],
                change.code,
                change.product_id,
                _as_json(change.old),
                _as_json(change.new),
                change.object_pk,
            )
            for change in changes
        ),
    )


def _as_json(values: dict[str, Any] | None) -> str | None:
    if values is None:
        return None
    if len(values) == 2 and "expires_on" in values:
        return f'{{"quantity": {values["quantity"]}, "expires_on": "{values["expires_on"]}"}}'
    return json.dumps(values, ensure_ascii=False)


def load_changes(upload: HeldImport) -> list[Change]:
    return [Change(*row) for row in upload.changes.order_by("pk").values_list(*COLUMNS, "pk").iterator(10_000)]


def keep_problems(upload: HeldImport, problems: Iterable[Problem]) -> None:
    """In place of those that were kept before, by row: so many errors, and so many of what is only worth knowing."""
    upload.problems.all()._raw_delete(upload.problems.db)
    insert_rows(
        HeldProblem,
        ("held_import_id", "is_error", "is_ended", "row", "column", "value", "reason"),
        _cut(upload.pk, problems),
    )


def _cut(pk: int, problems: Iterable[Problem]) -> Iterator[tuple[Any, ...]]:
    by_row = sorted(problems, key=lambda each: (each.row, not each.is_error))
    kept: Counter[tuple[bool, bool]] = Counter()
    for each in by_row:
        kind = each.is_error, each.is_ended
        kept[kind] += 1
        if kept[kind] <= MOST_PROBLEMS:
            yield pk, *kind, each.row, each.column[:200], each.value[:200], each.reason
