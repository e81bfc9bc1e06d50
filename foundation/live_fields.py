"""Fields of a form that stays open while it is calculated: what is wrong with one is said below it, and goes again.

Its place is always on the page, empty or not, so that an answer to what was typed replaces what is said there and
leaves the field itself, with what is chosen and focused, alone.
"""

from collections.abc import Collection
from html import escape
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.renderers import BaseRenderer
from django.forms.utils import ErrorList, flatatt
from django.forms.widgets import ChoiceWidget
from django.utils.safestring import SafeString, mark_safe


class LiveField(BoundField):
    """A field with a place for what is wrong. `templates/portal` draws it."""

    form: "LiveForm"
    is_live = True

    @property
    def errors(self) -> ErrorList:
        """What the form finds wrong, and what a calculation says besides."""
        own = super().errors
        said = self.form.said.get(self.name)
        return ErrorList([*own, *said], renderer=own.renderer) if said else own

    @property
    def error_place(self) -> str:
        """The id of the place where it is said."""
        return f"{self.auto_id}_error"

    @property
    def aria_describedby(self) -> str:
        """Its help and that place."""
        if self.is_hidden:
            return ""
        return f"{self.auto_id}_helptext {self.error_place}" if self.help_text else self.error_place

    def build_widget_attrs(self, attrs: Any, widget: forms.Widget | None = None) -> Any:
        """A group of choices is not wrong button by button."""
        attrs = super().build_widget_attrs(attrs, widget)
        if self.use_fieldset:
            attrs.pop("aria-invalid", None)
        return attrs

    def value(self) -> Any:
        """What stands in it: what was sent, unless the page gives it another value."""
        return self.form.standing.get(self.name, super().value())


class LiveForm(forms.Form):
    """A form of such fields. Nothing of `said` and `standing` makes it invalid or is cleaned: they are only drawn."""

    bound_field_class = LiveField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said: dict[str, list[str]] = {}
        """By a field's name: what a calculation says of what was typed into it."""
        self.standing: dict[str, Any] = {}
        """By a field's name: what stands in it instead of what was sent."""

    def live_fields(self) -> list[LiveField]:
        """All that are seen."""
        return [field for field in self.visible_fields() if isinstance(field, LiveField)]


class SwappedInput(forms.HiddenInput):
    """A hidden field in a part of the page that is replaced: without an id, which htmx would take for the same element
    and give the old value for a moment.
    """

    def __init__(self) -> None:
        super().__init__(attrs={"id": False})


class _NamedByValue(ChoiceWidget):
    """Choices whose ids end with their values: `id_years_3`."""

    def create_option(
        self, name: str, value: Any, label: Any, selected: bool, index: int, subindex: Any = None, attrs: Any = None
    ) -> dict[str, Any]:
        return super().create_option(name, value, label, selected, value, subindex, attrs)


class Ticks(_NamedByValue, forms.CheckboxSelectMultiple):
    """Several choices, of which any can be ticked."""


class Radios(_NamedByValue, forms.RadioSelect):
    """Several choices, of which one is chosen."""

    closed: Collection[Any] = ()
    """Those that cannot be chosen now. One that is chosen stays so."""

    def create_option(
        self, name: str, value: Any, label: Any, selected: bool, index: int, subindex: Any = None, attrs: Any = None
    ) -> dict[str, Any]:
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if value in self.closed and not selected:
            option["attrs"]["disabled"] = True
        return option


class LongSelect(forms.Select):
    """A list that may have hundreds of choices, also in groups: not a template for each of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return mark_safe(f"<select{flatatt(given)}>{_options(self.choices, str(value or ''))}</select>")


def _options(choices: Any, chosen: str) -> str:
    drawn = []
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            drawn.append(f'<optgroup label="{escape(str(value))}">{_options(label, chosen)}</optgroup>')
        else:
            mark = " selected" if str(value) == chosen else ""
            drawn.append(f'<option value="{escape(str(value))}"{mark}>{escape(str(label))}</option>')
    return "".join(drawn)
