"""What no row may be: built, and refused by the database and in words.

A violation is the constraint's name, what builds the row out of a test's rows, and what is said of it.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

Violation = tuple[str, Callable[[Any], Any], str]


def taken_of(violations: Sequence[Violation], rows: Any) -> list[tuple[int, str]]:
    """Those that the database takes, each tried on the same rows, of which nothing stays."""
    taken = []
    for number, (name, build, _message) in enumerate(violations):
        with transaction.atomic():
            row = build(rows)
            before = type(row).objects.count()
            try:
                with transaction.atomic():
                    row.save()
                taken.append((number, name))
            except IntegrityError:
                assert type(row).objects.count() == before
            transaction.set_rollback(True)
    return taken


def told_of(violations: Sequence[Violation], rows: Any, *, unchecked: Collection[str] = ()) -> list[list[str]]:
    """What is said of each, also where a whole form is checked; `unchecked`: fields left out there."""
    told = []
    for _name, build, _message in violations:
        with transaction.atomic():
            row = build(rows)
            with pytest.raises(ValidationError) as refused:
                row.validate_constraints()
            told.append(refused.value.messages)
            with pytest.raises(ValidationError):
                row.full_clean(exclude=unchecked)
            transaction.set_rollback(True)
    return told
