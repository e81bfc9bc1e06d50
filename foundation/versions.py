"""The version that a form was opened with: who saves what somebody else has changed meanwhile is told, and none loses.

A page carries, in one hidden field, a short hash of each value as it was shown. When it is sent, the row is read again
and shown to nobody: what differs from the hash was changed meanwhile by somebody else; what was sent and differs from
it, by oneself. Nothing but what forms show is compared, so this works for every form and costs no query of its own.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.forms.models import ModelChoiceField, model_to_dict
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

NAME = "_version"
"""The hidden field's."""
MOST_FIELDS_TOLD = 30
Sent = list[str]
"""What a browser sends under one name."""


@dataclass(frozen=True)
class Difference:
    """A value, or a whole row, that somebody else changed."""

    label: str
    theirs: str
    """What is stored now; empty: nothing, or the row is gone."""
    yours: str | None
    """What was typed; None: it was left alone, so theirs stands in the form now."""


@dataclass(frozen=True)
class Conflict:
    """What was changed between opening a form and sending it."""

    differences: Sequence[Difference]
    by: str = ""
    """Empty: nobody knows."""
    at: datetime | None = None

    def __str__(self) -> str:
        who = self.by or _("Somebody else")
        return _("%(who)s has saved this meanwhile. Nothing of yours is saved yet. Compare below, then save again.") % {
            "who": who
        }


@dataclass
class Version:
    """What a page shows: hashes of its fields by name, and of the rows of its formsets by prefix and key."""

    fields: dict[str, str] = made_by(default_factory=dict)
    rows: dict[str, dict[str, str]] = made_by(default_factory=dict)

    def __str__(self) -> str:
        """Without a character that HTML writes otherwise."""
        text = json.dumps([self.fields, self.rows], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode()


def read_version(text: str | None) -> Version | None:
    """None where there is none. What nobody can read is the version of an empty page: all is compared."""
    if text is None:
        return None
    try:
        fields, rows = json.loads(base64.urlsafe_b64decode(text.encode()))
        return Version({**fields}, {prefix: {**keys} for prefix, keys in rows.items()})
    except (ValueError, TypeError, AttributeError, RecursionError):
        return Version()


def mark(values: object) -> str:
    """A short name for a value: 48 bits, as two values of one field must differ and nothing more."""
    text = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=6).hexdigest()


# --- What forms show -------------------------------------------------------------------------------------------------


def plain(texts: Iterable[Any]) -> Sent:
    """As browsers and fields disagree on it: the kind of line ends, and spaces around."""
    return [str(text).replace("\r\n", "\n").strip() for text in texts]


def as_sent(field: forms.Field, value: Any) -> Sent:
    """What a browser sends for a field that shows the value and is left alone."""
    widget: Any = field.widget
    while not hasattr(widget, "format_value") or hasattr(widget, "rel"):
        widget = widget.widget  # the administration wraps its choices
    value = field.prepare_value(value)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(field, forms.FileField):
        return [str(value or "")]
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple):
        return plain(text for text in shown if text not in ("", None))
    return plain(["" if shown is None else shown])


def was_sent(field: forms.Field, posted: QueryDict, name: str) -> Sent:
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if posted.get(name, "").lower() not in ("", "false", "0") else []
    texts = plain(posted.getlist(name))
    return [text for text in texts if text] if hasattr(field, "choices") else texts


def shown_by(form: forms.BaseForm) -> dict[str, Sent]:
    """Every field of a form as it is sent where nobody touches it."""
    return {name: as_sent(field, _stored(form, name, field)) for name, field in _compared(form)}


def _stored(form: Any, name: str, field: forms.Field) -> Any:
    """Of a picture its name: a form does not always begin with the one that there is."""
    if isinstance(field, forms.FileField):
        return getattr(getattr(form, "row", None) or getattr(form, "instance", None), name, "")
    return form.get_initial_for_field(field, name)


def _compared(form: forms.BaseForm) -> list[tuple[str, forms.Field]]:
    return [(name, field) for name, field in form.fields.items() if not isinstance(field.widget, forms.HiddenInput)]


def in_words(field: forms.Field, sent: Sent) -> str:
    """A value as a person reads it."""
    if isinstance(field.widget, forms.CheckboxInput):
        return _("yes") if sent else _("no")
    if isinstance(field, ModelChoiceField):
        numbers = [text for text in sent if re.fullmatch(r"[0-9]{1,18}", text)]
        return ", ".join(map(str, field.queryset.filter(pk__in=numbers))) if field.queryset is not None else ""
    names = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return ", ".join(names.get(text, text) for text in sent if text)


@dataclass
class Rows:
    """The rows of a formset: what it shows of each, by key."""

    formset: Any
    """A BaseModelFormSet that nobody has sent."""
    fields: dict[str, forms.Field] = made_by(init=False)
    shown: dict[str, list[Sent]] = made_by(init=False)

    def __post_init__(self) -> None:
        own = self.formset.empty_form
        left_out = {self.formset.model._meta.pk.name, "DELETE", getattr(getattr(self.formset, "fk", None), "name", "")}
        self.fields = {name: field for name, field in own.fields.items() if name not in left_out}
        self.shown = {}
        for row in self.formset.get_queryset():
            values = model_to_dict(row, list(self.fields))
            self.shown[str(row.pk)] = [as_sent(field, values.get(name)) for name, field in self.fields.items()]

    @property
    def key_name(self) -> str:
        return str(self.formset.model._meta.pk.name)

    def sent(self, posted: QueryDict, number: int) -> list[Sent]:
        prefix = f"{self.formset.prefix}-{number}"
        return [was_sent(field, posted, f"{prefix}-{name}") for name, field in self.fields.items()]

    def say(self, values: Sequence[Sent]) -> str:
        words = [in_words(field, sent) for field, sent in zip(self.fields.values(), values, strict=True)]
        return " · ".join(word for word in words if word)


def version_of(form: forms.BaseForm, rows: Iterable[Rows] = ()) -> Version:
    """The version of a page with a form that nobody has sent yet, and its formsets."""
    return Version(
        {form.add_prefix(name): mark(sent) for name, sent in shown_by(form).items()},
        {part.formset.prefix: {key: mark(values) for key, values in part.shown.items()} for part in rows},
    )


# --- What was changed meanwhile --------------------------------------------------------------------------------------


def meet(
    *, posted: QueryDict, files: Mapping[str, Any], form: forms.BaseForm, rows: Sequence[Rows] = ()
) -> tuple[QueryDict, list[Difference]]:
    """What was sent, and what somebody else changed since the page was opened.

    `form` and `rows` show what is stored now. What was left alone is sent as it is stored now: so whoever saves again
    undoes nothing that they did not see. Without a version, nothing is compared.
    """
    version = read_version(posted.get(NAME))
    if version is None:
        return posted, []
    merged = posted.copy()
    differences = []
    shown = shown_by(form)
    for name, field in _compared(form):
        sent_as, theirs = form.add_prefix(name), shown[name]
        if version.fields.get(sent_as) == mark(theirs):
            continue
        if isinstance(field, forms.FileField):
            is_mine = sent_as in files or f"{sent_as}-clear" in posted
            differences.append(Difference(_label(field, name), _file_name(theirs), _("replaced") if is_mine else None))
            continue
        yours = was_sent(field, posted, sent_as)
        if yours == theirs:
            continue
        is_mine = mark(yours) != version.fields.get(sent_as)
        words = in_words(field, theirs), in_words(field, yours)
        differences.append(Difference(_label(field, name), words[0], words[1] if is_mine else None))
        if not is_mine:
            merged.setlist(sent_as, theirs)
    for part in rows:
        differences += _meet_rows(part, version.rows.get(part.formset.prefix, {}), posted, merged)
    return merged, differences


def _label(field: forms.Field, name: str) -> str:
    return capfirst(str(field.label or name))


def _file_name(sent: Sent) -> str:
    return sent[0].rpartition("/")[2]


def _meet_rows(part: Rows, before: Mapping[str, str], posted: QueryDict, merged: QueryDict) -> list[Difference]:
    """Compare row by row, and send all rows that are there now: those that are gone and were typed in, as new ones."""
    prefix = part.formset.prefix
    now = {key: mark(values) for key, values in part.shown.items()}
    count = posted.get(f"{prefix}-TOTAL_FORMS", "")
    if now == dict(before) or not re.fullmatch(r"[0-9]{1,4}", count):
        return []
    label = capfirst(str(part.formset.model._meta.verbose_name))
    numbers = {posted.get(f"{prefix}-{number}-{part.key_name}", ""): number for number in range(int(count))}
    fresh = [number for number in range(int(count)) if not posted.get(f"{prefix}-{number}-{part.key_name}")]
    kept: list[tuple[str, int | list[Sent]]] = []
    differences = []
    for key, theirs in part.shown.items():
        number = numbers.get(key)
        if number is None:
            differences.append(Difference(label, part.say(theirs), None))
            kept.append((key, theirs))
            continue
        yours, is_deleted = part.sent(posted, number), f"{prefix}-{number}-DELETE" in posted
        if before.get(key) == now[key] or (yours == theirs and not is_deleted):
            kept.append((key, number))
            continue
        is_mine = is_deleted or mark(yours) != before.get(key)
        words = _("deleted") if is_deleted else part.say(yours)
        differences.append(Difference(label, part.say(theirs), words if is_mine else None))
        kept.append((key, number if is_mine else theirs))
    for key in before:
        number = numbers.get(key)
        if key in now or number is None or f"{prefix}-{number}-DELETE" in posted:
            continue
        yours = part.sent(posted, number)
        is_mine = mark(yours) != before[key]
        differences.append(Difference(label, "", part.say(yours) if is_mine else None))
        if is_mine:
            fresh.append(number)
    if differences:
        _send_rows(part, [*kept, *(("", number) for number in fresh)], posted, merged)
        merged[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
    return differences


def _send_rows(part: Rows, rows: Sequence[tuple[str, int | list[Sent]]], posted: QueryDict, merged: QueryDict) -> None:
    prefix = part.formset.prefix
    for name in [name for name in merged if re.match(rf"{re.escape(prefix)}-[0-9]+-", name)]:
        del merged[name]
    for place, (key, source) in enumerate(rows):
        for name, values in _values_of(part, source, posted).items():
            merged.setlist(f"{prefix}-{place}-{name}", values)
        merged[f"{prefix}-{place}-{part.key_name}"] = key
    merged[f"{prefix}-TOTAL_FORMS"] = str(len(rows))


def _values_of(part: Rows, source: int | list[Sent], posted: QueryDict) -> dict[str, Sent]:
    """By name: as they were sent in a row, or as they are given."""
    if not isinstance(source, int):
        return dict(zip(part.fields, source, strict=True))
    start = f"{part.formset.prefix}-{source}-"
    return {name.removeprefix(start): posted.getlist(name) for name in posted if name.startswith(start)}


def typed(posted: QueryDict, fields: Mapping[str, forms.Field]) -> list[tuple[str, str]]:
    """All that somebody typed, to keep it: by the names that the page gave it, as far as it had one."""
    return [
        (_label(fields[name], name) if name in fields else name, ", ".join(text for text in texts if text))
        for name, texts in posted.lists()
        if any(texts) and not name.startswith(("_", "csrf")) and not name.endswith("_FORMS")
    ][:MOST_FIELDS_TOLD]


# --- Who ------------------------------------------------------------------------------------------------------------


def last_change(row: Model, parts: Iterable[type[Model]] = ()) -> tuple[str, datetime | None]:
    """Who changed a row last, or one of the rows that belong to it, and when: as its history says, or the log of the
    administration where it has none. An empty name: nobody knows.
    """
    found: list[tuple[datetime, str]] = []
    for model in (type(row), *parts):
        history: Any = getattr(model, "history", None)
        if history is None:
            continue
        key = "id" if model is type(row) else _key_to(model, type(row))
        entry = history.filter(**{key: row.pk}).order_by("-history_id").first()
        if entry is not None:
            found.append((entry.history_date, entry.history_user_name))
    if not found:
        kind = ContentType.objects.get_for_model(row)
        logged = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).select_related("user")
        found = [(entry.action_time, str(entry.user)) for entry in logged.order_by("-action_time", "-pk")[:1]]
    at, by = max(found, default=(None, ""))
    return by, at


def _key_to(model: type[Model], owner: type[Model]) -> str:
    return next(field.attname for field in model._meta.concrete_fields if field.related_model is owner)
