"""How fields of forms become HTML: as Django draws them, but an input, which is one tag, without two templates."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

KINDS = (
    "checkbox",
    "date",
    "datetime",
    "email",
    "hidden",
    "number",
    "password",
    "search",
    "tel",
    "text",
    "time",
    "url",
)
INPUTS = {f"django/forms/widgets/{kind}.html" for kind in KINDS}
"""Django's templates that draw one input and nothing else. A form has dozens of them."""


class PlainInputs(DjangoTemplates):
    """Django's own renderer, which draws everything else from its templates."""

    def render(self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> str:
        if template_name in INPUTS:
            return write_input(context["widget"])
        return super().render(template_name, dict(context), request)


def write_input(widget: Mapping[str, Any]) -> SafeString:
    """What `django/forms/widgets/input.html` draws, to the letter."""
    parts: list[str] = [
        f'<input type="{conditional_escape(widget["type"])}" name="{conditional_escape(widget["name"])}"'
    ]
    if widget["value"] is not None:
        parts.append(f' value="{_escaped(widget["value"])}"')
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {conditional_escape(name)}")
        elif value is not False:
            parts.append(f' {conditional_escape(name)}="{_escaped(value)}"')
    parts.append(">")
    return mark_safe("".join(parts))


def _escaped(value: object) -> str:
    return conditional_escape(value if isinstance(value, SafeString) else str(value))
