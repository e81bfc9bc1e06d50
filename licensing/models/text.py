"""Text as people in Japan write it: one search key for all ways of writing a name."""

from typing import Any

from django.db import models

from foundation.text.names import key_of


def search_key(text: str) -> str:
    """The form in which names and codes are compared; see `foundation.text.names`.

    The original text is kept and shown; this key is only ever searched in.
    """
    return key_of(text)


class SearchKeyField(models.TextField):
    """A column that holds the search key of other columns of its row, written whenever the row is saved."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.update(editable=False, default="", blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("default", None)
        kwargs.pop("blank", None)
        kwargs["sources"] = self.sources
        return name, path, list(args), kwargs

    def derive(self, row: models.Model) -> str:
        """What stands in the column where nobody changed it."""
        return " ".join(search_key(str(getattr(row, source))) for source in self.sources)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.derive(model_instance)
        setattr(model_instance, self.attname, value)
        return value


def write_search_keys(model: type[models.Model], *, using: str) -> int:
    """Make the stored keys anew after `search_key` has changed, for a migration; how many were not as they are now."""
    fields = [field for field in model._meta.concrete_fields if isinstance(field, SearchKeyField)]
    rows = model._base_manager.using(using)
    needed = {name for field in fields for name in (field.attname, *field.sources)}
    changed = 0
    for row in rows.only("pk", *needed).order_by("pk").iterator(chunk_size=500):
        keys = {field.attname: field.derive(row) for field in fields}
        if any(getattr(row, name) != key for name, key in keys.items()):
            changed += rows.filter(pk=row.pk).update(**keys)
    return changed
