"""The making of a comparison: which alternatives, in which order, called how."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.text.validators import validate_one_line
from quotes.models import FEWEST_ALTERNATIVES, LONGEST_LABEL, MOST_ALTERNATIVES

from ..asked import Asked, NotReadable, from_json, to_json
from .operations import Wanted

SALT = "renewals.comparisons"
LASTS = 24 * 60 * 60
"""Seconds for which an open page can be sent."""
NOWHERE = "0"


class NotOurs(Exception):
    """What was sent was not made by this portal, or too long ago."""


def seal_alternative(asked: Asked, total: int) -> str:
    """An alternative as the page carries it: nobody can alter it there."""
    return signing.dumps({"asked": to_json(asked), "total": total}, salt=SALT, compress=True)


def open_alternative(token: str) -> tuple[Asked, int]:
    """What was sealed, with the total that was on screen. Raises NotOurs."""
    try:
        stored = signing.loads(token, salt=SALT, max_age=LASTS)
        return from_json(stored["asked"]), int(stored["total"])
    except (signing.BadSignature, NotReadable) as error:
        raise NotOurs from error


class ComparisonForm(forms.Form):
    """For each alternative its place, and a short label."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    """The query of the form from which it is made."""

    recipient = forms.ChoiceField(label=gettext_lazy("To"), required=False)

    def __init__(
        self, data: Any = None, *, tokens: Sequence[str], back: str = "", known: Sequence[tuple[str, str]] = ()
    ) -> None:
        """`known`: addresses and names to which it may be sent at once."""
        super().__init__(data, initial={"key": uuid.uuid4(), "back": back})
        recipients = [(address, f"{name} <{address}>" if name else address) for address, name in known]
        cast(forms.ChoiceField, self.fields["recipient"]).choices = recipients
        if not recipients:
            del self.fields["recipient"]
        self.tokens = tokens
        places = [(str(number + 1), chr(ord("A") + number)) for number in range(len(tokens))]
        for number in range(len(tokens)):
            name = chr(ord("A") + number)
            self.fields[f"place-{number}"] = forms.ChoiceField(
                label=gettext_lazy("Place"),
                choices=[*places, (NOWHERE, gettext_lazy("left out"))],
                initial=str(number + 1),
            )
            self.fields[f"label-{number}"] = forms.CharField(
                label=gettext_lazy("Short label"),
                max_length=LONGEST_LABEL,
                required=False,
                validators=[validate_one_line],
            )
            self.fields[f"place-{number}"].widget.attrs["aria-describedby"] = f"plan-{name}"

    @property
    def rows(self) -> list[tuple[Any, Any, str]]:
        """For each alternative its fields, and what is sealed of it."""
        return [(self[f"place-{number}"], self[f"label-{number}"], token) for number, token in enumerate(self.tokens)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        places = [cleaned.get(f"place-{number}", NOWHERE) for number in range(len(self.tokens))]
        taken = [place for place in places if place != NOWHERE]
        if len(taken) != len(set(taken)):
            raise forms.ValidationError(_("Two alternatives have the same place. Give each its own."), "same-place")
        if not FEWEST_ALTERNATIVES <= len(taken) <= MOST_ALTERNATIVES:
            raise forms.ValidationError(_("A comparison has two to six alternatives."), "how-many")
        return cleaned

    def wanted(self) -> list[Wanted]:
        """The alternatives in their order. Raises NotOurs."""
        found = []
        for number, token in enumerate(self.tokens):
            if (place := self.cleaned_data[f"place-{number}"]) != NOWHERE:
                asked, total = open_alternative(token)
                found.append((int(place), Wanted(self.cleaned_data[f"label-{number}"], asked, total)))
        return [wanted for _place, wanted in sorted(found, key=lambda row: row[0])]
