"""How products and programmes are registered: what of it has changed, in words; and who is to be asked and told.

What decides prices (`models.decisive`) counts at once, in lists that are in force too. Whoever changes it is first
shown what that concerns. The apps above know that, and say so here when they start.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import ForeignKey, Max, Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from ..models import Holding, Product, Programme, User
from ..models.decisive import decisive_fields
from ..models.licenses import name_tax_category

MOST_NAMED = 5
"""Names beside a count."""
Tell = Callable[[Sequence[int], date], "Iterable[Effect]"]
"""Of the products with these row numbers, on this day: what a change concerns."""
Note = Callable[[Sequence[int], str, User, datetime], None]
"""Keeps that these products were registered otherwise: what, by whom and when."""

_watchers: list[tuple[Tell, Note | None]] = []


@dataclass(frozen=True, slots=True)
class Effect:
    """One kind of thing that a change concerns."""

    label: str
    count: int
    names: tuple[str, ...] = ()
    """The first few, where a name says more than the number."""

    @property
    def more(self) -> bool:
        """Whether there are more than the names tell."""
        return bool(self.names) and self.count > len(self.names)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row before and after, as a person reads it."""

    label: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.label} {self.old} → {self.new}"


def watch_registration(*, tell: Tell, note: Note | None = None) -> None:
    """From now on, ask what a change concerns, and tell that it was made. For the apps' `ready`."""
    _watchers.append((tell, note))


def effects_of(*, products: Sequence[int], on: date) -> list[Effect]:
    """All that a change of the products concerns on the day."""
    return [effect for tell, _note in _watchers for effect in tell(products, on)]


def say_effects(effects: Iterable[Effect]) -> str:
    """In one line, for a history."""
    return "、".join(f"{effect.label} {effect.count:,}" for effect in effects)


def tell_held(products: Sequence[int], on: date) -> Iterable[Effect]:
    """What `licensing` itself knows: the products, and the license IDs that hold them. Nobody's name is told."""
    codes = list(Product.objects.filter(pk__in=products).order_by("code").values_list("code", flat=True))
    yield Effect(_("products"), len(codes), tuple(codes[:MOST_NAMED]))
    held = Holding.objects.filter(product__in=products).values("licenseid").distinct().count()
    yield Effect(_("license IDs that hold them"), held)


def note_registration(*, products: Sequence[int], what: str, by: User, now: datetime) -> None:
    """Tell everybody who keeps it that the products were registered otherwise. In the transaction of the change."""
    for _tell, note in _watchers:
        if note is not None:
            note(products, what, by, now)


def decisive_changes(old: Any, new: Any) -> list[FieldChange]:
    """What differs between two states of a row, each the row itself or an entry of its history."""
    model = type(new)
    return [
        FieldChange(str(field.verbose_name), _shown(old, field), _shown(new, field))
        for field in decisive_fields(getattr(model, "instance_type", model))
        if getattr(old, field.attname) != getattr(new, field.attname)
    ]


def changes_since(*, products: Iterable[Product], moment: datetime) -> dict[str, dict[Literal["en", "ja"], str]]:
    """By product code: what of the products, programmes loaded, is not as it was at the moment, in both languages.

    A product that is younger than that has not changed. A few queries, however many products.
    """
    rows = list(products)
    programmes = {row.programme_id: row.programme for row in rows}
    old_products = _entries_at(Product, [row.pk for row in rows], moment)
    old_programmes = _entries_at(Programme, list(programmes), moment)
    changed = [pk for pk, entry in old_programmes.items() if decisive_changes(entry, programmes[pk])]
    found: dict[str, dict[Literal["en", "ja"], str]] = {}
    for row in rows:
        entry = old_products.get(row.pk)
        if not (entry is not None and decisive_changes(entry, row)) and row.programme_id not in changed:
            continue
        texts: dict[Literal["en", "ja"], str] = {}
        betweens: dict[Literal["en", "ja"], str] = {"en": ", ", "ja": "、"}
        for language, between in betweens.items():
            with override(language):
                told = decisive_changes(entry, row) if entry is not None else []
                if row.programme_id in changed:
                    told += decisive_changes(old_programmes[row.programme_id], row.programme)
                texts[language] = between.join(map(str, told))
        found[row.code] = texts
    return found


def _entries_at(model: type[Model], numbers: Sequence[int], moment: datetime) -> dict[int, Any]:
    """By row number: the last entry of the history that was written by then."""
    history = model.history.filter(id__in=numbers)  # type: ignore[attr-defined]
    last = history.filter(history_date__lte=moment).values("id").order_by("id").annotate(last=Max("history_id"))
    return {entry.id: entry for entry in history.filter(history_id__in=last.values("last"))}


def _shown(row: Any, field: Any) -> str:
    value = getattr(row, field.attname)
    if value is None or value == "":
        return "–"
    if isinstance(field, ForeignKey):
        return str(field.related_model._default_manager.filter(pk=value).first() or value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.name == "tax_category":
        return name_tax_category(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)
