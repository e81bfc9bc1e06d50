"""Which fields of a product and of a programme decide prices, or are printed with them, in every list in force."""

from typing import Any

from django.db import models

ONLY_NAMES = frozenset({"name", "name_en"})
"""What only names a row for a reader: it is put right without being asked about."""


def decisive_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """All that somebody can edit but for names: a field that comes later is decisive unless it is added above."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in ONLY_NAMES
    ]
