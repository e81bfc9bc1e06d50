"""Fields for numbers that companies have, as people type them and copy them from letters."""

from typing import Any

from django.forms import Widget

from foundation.fields import CodeField
from foundation.text.typed import postal_code


class PostalCodeField(CodeField):
    """`123-4567`, also typed as `1234567` or `〒１２３－４５６７`."""

    def to_python(self, value: Any) -> str:
        return postal_code(super().to_python(value))

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        return _without_length(super().widget_attrs(widget))


class RegistrationNumberField(CodeField):
    """A qualified-invoice number: `T1234567890123`, also with spaces, hyphens or a small t."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("-", "").upper()

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        return _without_length(super().widget_attrs(widget))


def _without_length(attrs: dict[str, Any]) -> dict[str, Any]:
    """Browsers would cut off the end of what is pasted with more than the number itself."""
    return {name: value for name, value in attrs.items() if name != "maxlength"}
