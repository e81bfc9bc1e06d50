"""An input is written as Django's own template draws it."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from foundation.inputs import INPUTS, PlainInputs

WIDGETS = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.PasswordInput,
    forms.HiddenInput,
    forms.DateInput,
    forms.DateTimeInput,
    forms.TimeInput,
    forms.CheckboxInput,
]
VALUES = [None, "", '髙﨑 <b>"it\'s" & co</b>', mark_safe("<i>&amp;</i>"), 0, 12345, True, False, date(2026, 11, 27)]
ATTRIBUTES = [
    {},
    {"id": "id_x", "required": True, "disabled": False, "data-none": None, "maxlength": 1000},
    {"title": '">', "placeholder": gettext_lazy("Yes"), "data-safe": mark_safe("&amp;"), "x<y": "1", "tabindex": 0},
]


@pytest.mark.parametrize("kind", WIDGETS)
def test_it_is_what_djangos_template_draws(kind: type[forms.Widget]) -> None:
    widget = kind()
    assert widget.template_name in INPUTS
    for value in VALUES:
        for attributes in ATTRIBUTES:
            drawn = widget.render("name-<1>", value, attributes, renderer=PlainInputs())
            assert drawn == widget.render("name-<1>", value, attributes, renderer=DjangoTemplates()), (
                value,
                attributes,
            )


def test_every_form_is_drawn_so() -> None:
    assert isinstance(get_default_renderer(), PlainInputs)
    choice = forms.RadioSelect(choices=[("a", "A")])
    assert choice.render("n", "a", {}) == choice.render("n", "a", {}, renderer=DjangoTemplates())
