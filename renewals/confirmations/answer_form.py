"""What a customer answers: the form without a log-in."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.fields import WholeNumberField
from licensing.models import Holding, LicenseID
from pricing.engine.values import LEAST_YEARS, MOST_YEARS

from .needed import MOST_NEEDED, Needed, NeededHolding, NeededPart

KEEP, FEWER, MORE, NONE = "keep", "fewer", "more", "none"
CHOICES = {
    KEEP: gettext_lazy("keep as it is"),
    FEWER: gettext_lazy("fewer"),
    MORE: gettext_lazy("more"),
    NONE: gettext_lazy("not needed any more"),
}
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class TextField(forms.CharField):
    """Several lines, in which a line break counts once, as it does in the browser."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value or "").replace("\r\n", "\n")) or "")


class NeedForm(forms.Form):
    """What a customer needs, license ID by license ID. Nobody has to change anything where all is kept."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Type your name, so that your reseller knows who answered.")},
    )
    message = TextField(
        label=gettext_lazy("A word to your reseller"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    marks_optional = ("message",)

    def __init__(self, data: Any = None, *, licenseids: Sequence[LicenseID], before: Needed | None = None) -> None:
        """`before`: what was answered last, with which the form begins."""
        self.licenseids = licenseids
        super().__init__(data)
        answered = {part.licenseid: part for part in before.parts} if before else {}
        for one in licenseids:
            part = answered.get(one.pk)
            rows = {row.holding: row for row in part.holdings} if part else {}
            years = [(str(years), _years(years)) for years in range(LEAST_YEARS, MOST_YEARS + 1)]
            self.fields[f"years-{one.pk}"] = forms.ChoiceField(
                label=_("Years wished"),
                required=False,
                choices=[("", _("not decided yet")), *years],
                initial=str(part.years) if part and part.years else "",
            )
            for holding in one.holdings.all():
                self.fields |= _fields_of(holding, rows.get(holding.pk))

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for one in self.licenseids:
            for holding in one.holdings.all():
                self._check(holding, cleaned)
        return cleaned

    def _check(self, holding: Holding, cleaned: dict[str, Any]) -> None:
        name = f"quantity-{holding.pk}"
        choice, number = cleaned.get(f"need-{holding.pk}"), cleaned.get(name)
        if choice not in (FEWER, MORE):
            self.errors.pop(name, None)  # closed fields are not read, so they cannot be wrong
            return
        held = holding.quantity
        if name in self.errors:
            return
        if number is None:
            self.add_error(name, _("Type how many licenses you need."))
        elif choice == FEWER and not 0 <= number < held:
            told = {"held": f"{held:,}"}
            self.add_error(name, _("You hold %(held)s: fewer is a number from 0 below it.") % told)
        elif choice == MORE and not held < number <= MOST_NEEDED:
            told = {"held": f"{held:,}", "most": f"{MOST_NEEDED:,}"}
            self.add_error(name, _("You hold %(held)s: more is a number above it, at most %(most)s.") % told)

    @property
    def is_of_other_holdings(self) -> bool:
        """Whether what was sent speaks of other holdings than are held by now. The form was cleaned."""
        return any(
            self.data.get(f"seen-{holding.pk}", "") != seen_text(holding)
            for one in self.licenseids
            for holding in one.holdings.all()
        )

    def needed(self) -> Needed:
        """The form was valid."""
        return Needed(
            tuple(
                NeededPart(
                    one.pk,
                    holdings=tuple(self._needed(holding) for holding in one.holdings.all()),
                    years=int(self.cleaned_data[f"years-{one.pk}"]) if self.cleaned_data[f"years-{one.pk}"] else None,
                )
                for one in self.licenseids
            )
        )

    def _needed(self, holding: Holding) -> NeededHolding:
        choice = self.cleaned_data[f"need-{holding.pk}"]
        number = {KEEP: holding.quantity, NONE: 0}.get(choice)
        return NeededHolding(
            holding=holding.pk,
            product=holding.product.code,
            quantity=holding.quantity,
            support_expires_on=holding.support_expires_on,
            needed=cast(int, self.cleaned_data[f"quantity-{holding.pk}"]) if number is None else number,
        )


def seen_text(holding: Holding) -> str:
    """What the page showed of a holding, as the form sends it back."""
    return f"{holding.quantity}:{holding.support_expires_on:%Y%m%d}"


def _fields_of(holding: Holding, before: NeededHolding | None) -> dict[str, forms.Field]:
    needed = holding.quantity if before is None or before.needed == before.quantity else before.needed
    if needed == holding.quantity:
        choice = KEEP
    elif not needed:
        choice = NONE
    else:
        choice = FEWER if needed < holding.quantity else MORE
    return {
        f"seen-{holding.pk}": forms.CharField(
            widget=forms.HiddenInput, required=False, max_length=40, initial=seen_text(holding)
        ),
        f"need-{holding.pk}": forms.ChoiceField(
            label=_("What you need"),
            choices=list(CHOICES.items()),
            widget=forms.RadioSelect,
            initial=choice,
            error_messages={"required": _("Choose what you need.")},
        ),
        f"quantity-{holding.pk}": WholeNumberField(
            label=_("Licenses needed"),
            widget=forms.TextInput(attrs=NUMBER),
            initial=needed if choice in (FEWER, MORE) else None,
        ),
    }


def _years(years: int) -> str:
    return ngettext("%(years)s year", "%(years)s years", years) % {"years": years}
