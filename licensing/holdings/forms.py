"""What is asked of who brings a list of what is held: the list, its columns, what is unclear, and the confirmation."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.spreadsheets.bounds import MEGABYTE, MOST_BYTES, MOST_ROWS
from foundation.spreadsheets.places import letter

from ..models import HeldImport, Reseller
from . import reading

UNREAD = "-"
"""Chosen for a column that is not read."""
MOST_PASTED = 1_000_000
"""Characters."""


class ListForm(forms.Form):
    """A file, or rows copied out of a spreadsheet program. For whom, where that is not given."""

    marks_optional = False  # one of the two is needed

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=format_lazy(
            _("XLSX, or CSV in UTF-8 or Shift_JIS (cp932). At most {size} MB and {rows} rows."),
            size=MOST_BYTES // MEGABYTE,
            rows=f"{MOST_ROWS:,}",
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        error_messages={"empty": _("The file is empty. Choose the file with the table.")},
    )
    pasted = forms.CharField(
        label=_("Or rows copied from Excel"),
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        help_text=_("Copy the cells, with the row of names if there is one, and paste them here."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, resellers: QuerySet[Reseller] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = b""
        self.file_name = ""
        if resellers is not None:
            self.fields["reseller"] = forms.ModelChoiceField(resellers, label=_("Reseller"))
            self.order_fields(["reseller", "file", "pasted"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if self.errors:
            return cleaned
        file, pasted = cleaned.get("file"), cleaned.get("pasted") or ""
        if bool(file) == bool(pasted.strip()):
            raise forms.ValidationError(_("Choose a file, or paste rows: one of the two."))
        try:
            if file:
                reading.check_size(file.size)
                self.content, self.file_name = file.read(), str(file.name)
            else:
                self.content = pasted.encode("utf-8", "replace")
            reading.check_head(self.content)
        except reading.FileRefused as refused:
            self.add_error("file" if file else "pasted", str(refused))
        return cleaned


class ColumnsForm(forms.Form):
    """Which column holds what. What was recognised stands first, so that it is seen at once."""

    def __init__(
        self, *args: Any, layout: reading.Layout, fields: Mapping[int, str], is_whole: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(UNREAD, _("(not read)")), *reading.LABELS.items()]
        shown = [cells for _number, cells in layout.rows]
        self.columns = [
            index
            for index, name in enumerate(layout.names)
            if name or index in fields or any(index < len(cells) and cells[index].strip() for cells in shown)
        ]
        shown_first = dict.fromkeys((*reading.FIRST_SHOWN, *reading.LABELS))
        order = {name: place for place, name in enumerate(shown_first)}
        self.columns.sort(key=lambda index: order.get(fields.get(index, UNREAD), len(order)))
        for index in self.columns:
            named = format_lazy("{letter}: {name}", letter=letter(index), name=layout.names[index])
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=named if layout.names[index] else format_lazy(_("Column {letter}"), letter=letter(index)),
                choices=choices,
                initial=fields.get(index, UNREAD),
            )
        self.fields["is_whole"] = forms.BooleanField(
            label=_("The list is complete"),
            required=False,
            initial=is_whole,
            help_text=_("What the portal has and the list lacks is then proposed as gone. Nothing is removed unasked."),
        )

    @property
    def chosen(self) -> dict[int, str]:
        """By column, the field that it holds."""
        found = {index: self.cleaned_data.get(f"column-{index}", UNREAD) for index in self.columns}
        return {index: name for index, name in found.items() if name != UNREAD}

    @property
    def selects(self) -> list[Any]:
        return [self[f"column-{index}"] for index in self.columns]

    def clean(self) -> dict[str, Any]:
        found: dict[str, int] = {}
        for index, name in self.chosen.items():
            if name in found:
                told = _("%(name)s is chosen twice: columns %(first)s and %(second)s.")
                values = {"name": reading.LABELS[name], "first": letter(found[name]), "second": letter(index)}
                self.add_error(f"column-{index}", forms.ValidationError(told, params=values))
            found.setdefault(name, index)
        if not self.errors and (missing := reading.missing_fields(list(found))):
            told = _("These columns are missing: %(names)s. Say which columns they are.")
            raise forms.ValidationError(told, params={"names": reading.name_fields(missing)})
        return self.cleaned_data


class QuestionsForm(forms.Form):
    """Customers that look like others, products that are nearly known, and states that say nothing sure."""

    def __init__(self, *args: Any, questions: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for number, question in enumerate(questions):
            choices: list[tuple[Any, Any]] = [("", _("(choose)")), *map(tuple, question["choices"])]
            if question["kind"] == "customer":
                choices.append((0, _("another customer: add it as new")))
            label = _("Row {row}: state “{text}”") if question["kind"] == "state" else _("Row {row}: {text}")
            self.fields[f"answer-{number}"] = forms.ChoiceField(
                label=format_lazy(label, row=question["row"], text=question["text"]),
                choices=choices,
            )

    @property
    def answers(self) -> dict[str, int]:
        """By question, what was chosen."""
        return {
            question["key"]: int(chosen)
            for number, question in enumerate(self.questions)
            if (chosen := self.cleaned_data.get(f"answer-{number}"))
        }


class ConfirmForm(forms.Form):
    """Asks what has to be said beside yes."""

    def __init__(self, *args: Any, upload: HeldImport, gone: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if upload.error_count:
            self.fields["leaves_wrong"] = forms.BooleanField(
                label=format_lazy(_("Leave out the wrong rows ({count})"), count=upload.wrong_rows), required=False
            )
        if gone:
            self.fields["removes_gone"] = forms.BooleanField(
                label=format_lazy(_("Remove the holdings shown as gone ({count})"), count=gone),
                required=False,
            )
