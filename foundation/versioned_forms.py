"""Forms outside of the administration that know the version they were opened with."""

import re
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django import forms
from django.db.models import Model
from django.http import HttpRequest

from .held import sent
from .versions import NAME, Conflict, Difference, as_sent, in_words, last_change, mark, meet, version_of, was_sent


class ChangedMeanwhile(Exception):
    """Somebody else saved the row since this form was filled with it: `row` is as it is now."""

    def __init__(self, row: Any) -> None:
        super().__init__("changed meanwhile")
        self.row = row


class VersionedForm(forms.Form):
    """A form that shows a stored row. Its page includes `foundation/_opened.html`, inside of the form element.

    Filled with the row as it is now and with what was sent, it is not valid where somebody else saved the row since
    the page was opened: the page comes back with what was typed and what they saved, and can be saved again.
    """

    row: Model | None = None
    """What it shows; None: something new, which has no version."""
    conflict: Conflict | None = None
    secrets: Collection[str] = ()
    """Fields whose texts are kept nowhere but where they belong; those of passwords are none either."""

    @property
    def version(self) -> str:
        return str(version_of(self)) if self.row is not None else ""

    def full_clean(self) -> None:
        if self.is_bound and self.row is not None and self.conflict is None:
            data, differences = meet(posted=self.data, files=self.files, form=self)  # type: ignore[arg-type]
            if differences:
                self.data = data
                self.conflict = Conflict(differences, *self.find_last_change())
        super().full_clean()
        if self.conflict is not None:
            self.add_error(None, str(self.conflict))

    def find_last_change(self) -> tuple[str, Any]:
        """Who saved the row last, and when."""
        return last_change(self.row) if self.row is not None else ("", None)

    def still(self, fill: Callable[[Any], "VersionedForm"]) -> Callable[[Any], None]:
        """What an operation asks under the row's lock, before it writes: `fill` makes the same form of the row.

        It raises ChangedMeanwhile where the row is not any more what this form was filled with.
        """

        def look(row: Any) -> None:
            if NAME in self.data and version_of(fill(row)) != version_of(self):
                raise ChangedMeanwhile(row)

        return look


Filled = TypeVar("Filled", bound=VersionedForm)
Look = Callable[[Any], None]
"""Is given a row under its lock before anything is written, and raises ChangedMeanwhile."""


def fill_and_save(
    request: HttpRequest, *, row: Any, fill: Callable[[Any, Any], Filled], save: Callable[[Filled, Look], None]
) -> tuple[Filled, bool]:
    """The form of a page about one row, and whether what was sent with it is saved.

    `fill` makes the form of a row with what was sent, if anything; `save` writes a valid one, and asks `look` under the
    row's lock. Where somebody else saved meanwhile, the form says so and keeps what was typed.
    """
    form = fill(row, sent(request))
    if request.method != "POST" or not form.is_valid():
        return form, False
    try:
        save(form, form.still(lambda now: fill(now, None)))
    except ChangedMeanwhile as changed:
        return fill(changed.row, sent(request)), False
    return form, True


# --- Rows that are no rows of the database ---------------------------------------------------------------------------


def shown_in_rows(formset: Any) -> list[list[list[str]]]:
    """Each row that a plain formset begins with, field by field, as it is sent where nobody touches it."""
    fields = _row_fields(formset)
    return [[as_sent(field, row.get(name)) for name, field in fields.items()] for row in formset.initial or ()]


def meet_list(*, formset: Any, before: str | None, label: str, posted: Any, merged: Any) -> Difference | None:
    """The same for a plain formset, whose rows have no key: all of them are one value, whose mark was `before`.

    Where it was left alone, `merged` gets the rows that are stored now.
    """
    theirs, fields, prefix = shown_in_rows(formset), _row_fields(formset), formset.prefix
    count = posted.get(f"{prefix}-TOTAL_FORMS", "")
    if before == mark(theirs) or not re.fullmatch(r"[0-9]{1,4}", count):
        return None
    rows = [
        [was_sent(field, posted, f"{prefix}-{number}-{name}") for name, field in fields.items()]
        for number in range(int(count))
    ]
    yours = [row for row in rows if any(any(texts) for texts in row)]
    if yours == theirs:
        return None
    is_mine = mark(yours) != before
    if not is_mine:
        for number in range(max(int(count), len(theirs))):
            row = theirs[number] if number < len(theirs) else [[] for _field in fields]
            for name, texts in zip(fields, row, strict=True):
                merged.setlist(f"{prefix}-{number}-{name}", texts)
        merged[f"{prefix}-TOTAL_FORMS"] = str(max(int(count), len(theirs)))

    def say(rows: list[list[list[str]]]) -> str:
        words = ([in_words(field, sent) for field, sent in zip(fields.values(), row, strict=True)] for row in rows)
        return "\n".join(" · ".join(word for word in row if word) for row in words)

    return Difference(label, say(theirs), say(yours) if is_mine else None)


def _row_fields(formset: Any) -> dict[str, forms.Field]:
    return dict(formset.empty_form.fields)
