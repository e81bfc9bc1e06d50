"""Pages whose typed text outlives their session."""

from typing import Any

from django import forms, template
from django.template.context import Context

from ..held import page_mark

register = template.Library()


@register.simple_tag(name="page_mark", takes_context=True)
def show_page_mark(context: Context, form: forms.BaseForm) -> Any:
    """Who opened the page of this form, signed (`foundation/held.py`)."""
    return page_mark(user=context["request"].user.pk, form=form)
