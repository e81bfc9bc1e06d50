"""The file of an order, as it is uploaded with the order or later."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..models import OrderFile
from ..record.order_files import GivenFile
from .reading import read_order_file

CHOOSE_AGAIN = _("Choose the file again: a browser does not keep it.")
BESIDE = "-"
"""Chosen where the new file stands beside those that are there."""


class OrderFileField(forms.FileField):
    """A PDF or picture; what it gives is a GivenFile, None where there is none."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("File of the order (注文書)"),
            help_text=_("PDF, PNG or JPEG, at most 10 MB. It is kept as a record and cannot be changed or deleted."),
            widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}),
            error_messages={
                "required": _("Choose the file."),
                "empty": _("The file is empty. Choose it again where it is whole."),
            },
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> GivenFile | None:
        file = super().clean(data, initial)
        return read_order_file(file) if file else None


class WithOrderFile(forms.Form):
    """Says that the file has to be chosen again wherever the page comes back."""

    def tell_file_is_gone(self) -> None:
        """After a refusal of whatever: a file that was sent is not in the page any more."""
        if "order_file" in self.fields and self.files.get("order_file") and "order_file" not in self.errors:
            self.add_error("order_file", ValidationError(CHOOSE_AGAIN))

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors:
            self.tell_file_is_gone()


class LaterFileForm(WithOrderFile):
    """A file that comes after the order was recorded, or the right one in the place of a wrong one."""

    order_file = OrderFileField()
    in_place_of = forms.ChoiceField(label=_("What becomes of the file that is there"), widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, counting: Sequence[OrderFile], last: int) -> None:
        """`counting`: the files that are there and count; `last`: the position of the last one, 0: none."""
        super().__init__(data, files)
        self.initial["seen"] = last
        if not counting:
            del self.fields["in_place_of"]
            return
        wrong = [
            (str(one.position), _("%(name)s was the wrong one: this one takes its place") % {"name": one.file_name})
            for one in reversed(counting)
        ]
        field: Any = self.fields["in_place_of"]
        field.choices = [*wrong, (BESIDE, _("It stays: this one belongs to the same order too"))]
        field.error_messages["required"] = _("Say whether it takes the place of another one.")
        self.initial["in_place_of"] = wrong[0][0]

    @property
    def supersedes(self) -> int | None:
        """For a valid form."""
        chosen = self.cleaned_data.get("in_place_of") or BESIDE
        return None if chosen == BESIDE else int(chosen)
