"""Days in templates, in all of them without `load` (config/settings.py)."""

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.formats import date_format
from django.utils.translation import get_language

register = template.Library()


@register.filter(name="date", expects_localtime=True, is_safe=False)
def show_day(value: Any, form: str | None = None) -> str:
    """Django's `date`. A list shows few days many times, and to write one takes as long as the rest of its cell: the
    last ones are remembered. Moments are not, which hardly come again.
    """
    if type(value) is date:
        return _written(value, form, get_language())
    return str(defaultfilters.date(value, form))


@lru_cache(maxsize=5_000)
def _written(day: date, form: str | None, _language: str | None) -> str:
    return date_format(day, form)
