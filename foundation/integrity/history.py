"""The history of master data: every row as it was after each change, with the moment and the person.

It is written wherever rows are: by `save` and `delete` (django-simple-history), and by the queryset itself where many
rows are written at once. What did not change leaves no entry. The database refuses to change or delete one
(`Refusal`).

The person is whoever sent the request; outside of one, the `_history_user` of the row that is saved. Their name is
kept as it was.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords


class HistoryEntry(models.Model):
    """What every table of history has beside the columns of the rows."""

    history_user_name = models.CharField(_("changed by"), max_length=100, blank=True)

    class Meta:
        abstract = True


def _set_person(entry: Any, user: Any) -> None:
    """No foreign key: the entry stays as it is when the person is deleted."""
    if user is not None:
        entry.history_user_id = user.pk
        entry.history_user_name = str(user)[:100]


def _person_id(entry: Any) -> Any:
    return entry.history_user_id


class ReadyManager(HistoryManager.from_queryset(HistoricalQuerySet)):  # type: ignore[misc]
    """django-simple-history makes a class of manager anew wherever `history` is named, which takes longer than most
    queries; this one is made once.
    """

    @classmethod
    def from_queryset(cls, queryset_class: type[Any], class_name: str | None = None) -> "type[ReadyManager]":
        return cls


class History(HistoricalRecords):  # type: ignore[misc]
    """The history of a model whose default manager is made of `KeptQuerySet`.

    It is asked by the row's number, and by the columns that `asked_by` names: only these have an index, for each of its
    indexes is written with every entry. (`SIMPLE_HISTORY_DATE_INDEX` says the same of the moment.)
    """

    def __init__(self, *, without: Iterable[str] = (), asked_by: Iterable[str] = ()) -> None:
        self.asked_by = frozenset(asked_by)
        super().__init__(
            verbose_name=_("change"),
            verbose_name_plural=_("changes"),
            excluded_fields=list(without),
            history_id_field=models.BigAutoField(),
            history_user_id_field=models.BigIntegerField(null=True),
            history_user_getter=_person_id,
            history_user_setter=_set_person,
            history_manager=ReadyManager,
            bases=(HistoryEntry,),
        )

    def copy_fields(self, model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
        others = [field.name for field in self.fields_included(model) if not field.primary_key]
        self.no_db_index = [name for name in others if name not in self.asked_by]
        fields: dict[str, models.Field[Any, Any]] = super().copy_fields(model)
        return fields

    def post_save(
        self, instance: Any, created: bool, using: Any = None, update_fields: Iterable[str] | None = None, **kwargs: Any
    ) -> None:
        """Nothing is kept of a save that changed nothing, or only what is not kept: the moment of a log-in."""
        kept = {name for field in self.fields_included(instance) for name in (field.name, field.attname)}
        if update_fields is not None and kept.isdisjoint(update_fields):
            return
        if created or self._is_changed(instance):
            super().post_save(instance, created, using=using, **kwargs)

    def _is_changed(self, instance: Any) -> bool:
        fields = self.fields_included(instance)
        entries = getattr(type(instance), self.manager_name).filter(**{instance._meta.pk.attname: instance.pk})
        last = entries.exclude(history_type="-").values_list(*(field.attname for field in fields)).first()
        return last is None or last != tuple(_plain(field, getattr(instance, field.attname)) for field in fields)


def _plain(field: Any, value: Any) -> Any:
    """The value as the history has it: of a picture its name, of a day a day though it was set as text."""
    return str(value or "") if isinstance(field, models.FileField) else field.to_python(value)


class KeptQuerySet(models.QuerySet[Any, Any]):
    """Rows with a history: what is written to many of them at once is kept too."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As Django's. Raises ValueError with options under which nobody knows which rows were written."""
        if args[1:] or kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise ValueError("The history cannot tell which rows are written when conflicts are ignored.")
        with transaction.atomic(using=self.db, savepoint=False):
            rows: list[Any] = super().bulk_create(objs, *args, **kwargs)
            if hasattr(self.model, "history"):  # the models of migrations have none
                self.model.history.bulk_history_create(rows, default_change_reason=None)
        return rows

    def update(self, **kwargs: Any) -> int:
        """As Django's, and so is `bulk_update`, which ends here."""
        if not hasattr(self.model, "history"):
            return super().update(**kwargs)
        kept = [field.attname for field in self.model.history.model.tracked_fields]
        with transaction.atomic(using=self.db, savepoint=False):
            before = {row["pk"]: row for row in self.order_by().values("pk", *kept)}
            count: int = super().update(**kwargs)
            rows = self.model._base_manager.using(self.db).in_bulk(before)
            changed = [row for pk, row in rows.items() if any(before[pk][name] != _stored(row, name) for name in kept)]
            self.model.history.bulk_history_create(changed, update=True, default_change_reason=None)
        return count

    update.alters_data = True  # type: ignore[attr-defined]


def _stored(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return value.name if isinstance(value, models.fields.files.FieldFile) else value
