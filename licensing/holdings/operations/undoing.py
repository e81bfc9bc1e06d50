"""Taking a list back as a whole, while nothing else has touched what it wrote: in one transaction, or not at all."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import SET_NULL
from django.utils.translation import gettext as _

from foundation.integrity.bulk import create_kept, delete_kept, in_pieces, update_kept

from ...models import Contact, Customer, HeldImport, Holding, LicenseID, User
from ..reading import OF_CUSTOMER
from .changes import Change, Kind, Subject
from .comparing import at_once
from .locked import NotAsItWas, Rows, expect, holding_columns
from .writing import HELD_COLUMNS, set_values


def take_back(*, upload: HeldImport, changes: Iterable[Change], by: User, at: datetime) -> None:
    """Make everything as it was before. Raises NotAsItWas where something has touched it."""
    rows = Rows(upload, changes)
    _take_holdings_back(rows, by, at)
    _take_license_ids_back(rows, by, at)
    _take_contacts_back(rows, by, at)
    _take_customers_back(rows, by, at)


def _take_holdings_back(rows: Rows, by: User, at: datetime) -> None:
    made = [rows.holding(change, change.new or {}) for change in rows.of(Subject.HOLDING, Kind.NEW)]
    changed = {
        rows.holding(change, change.new or {}).pk: holding_columns(change.old or {})
        for change in rows.of(Subject.HOLDING, Kind.CHANGED)
    }
    gone = rows.of(Subject.HOLDING, Kind.GONE) if rows.upload.removes_gone else []
    back = [rows.new_holding(change, change.old or {}, {}) for change in gone]
    delete_kept(Holding, [each.pk for each in made], by=by, at=at)
    update_kept(Holding, changed, by=by, at=at)
    create_kept(Holding, HELD_COLUMNS, back, by=by, at=at)


def _take_license_ids_back(rows: Rows, by: User, at: datetime) -> None:
    changed: dict[int, Mapping[str, Any]] = {}
    made: dict[int, str] = {}
    for change in rows.of(Subject.LICENSE_ID, Kind.NEW, Kind.CHANGED):
        one = rows.own_license_id(change)
        expect(one, change.new, change.code)
        if change.kind == Kind.CHANGED:
            changed[one.pk] = change.old or {}
        else:
            made[one.pk] = change.code
    update_kept(LicenseID, changed, by=by, at=at)
    _remove(LicenseID, made, by, at)


def _take_contacts_back(rows: Rows, by: User, at: datetime) -> None:
    changed: dict[int, Mapping[str, Any]] = {}
    made: dict[int, str] = {}
    for change in rows.of(Subject.CONTACT, Kind.NEW, Kind.CHANGED):
        contact = rows.own_contact(change)
        expect(contact, {**(change.new or {}), "is_gone": False}, contact.name)
        if change.kind == Kind.CHANGED:
            changed[contact.pk] = set_values(Contact, contact, change.old)
        else:
            made[contact.pk] = contact.name
    _remove(Contact, made, by, at)
    update_kept(Contact, changed, by=by, at=at)


def _take_customers_back(rows: Rows, by: User, at: datetime) -> None:
    changed: dict[int, Mapping[str, Any]] = {}
    made: dict[int, str] = {}
    for change in rows.of(Subject.CUSTOMER, Kind.NEW, Kind.CHANGED):
        customer = rows.own_customer(change)
        new = change.new or {}
        if change.kind == Kind.CHANGED:
            expect(customer, new, customer.name)
            changed[customer.pk] = set_values(Customer, customer, change.old)
        else:
            expect(customer, {name: new.get(name, _default(name)) for name in OF_CUSTOMER}, customer.name)
            made[customer.pk] = customer.name
    update_kept(Customer, changed, by=by, at=at)
    _remove(Customer, made, by, at)


def _default(name: str) -> Any:
    column: Any = Customer._meta.get_field(name)
    return column.get_default()


def _remove(model: Any, made: Mapping[int, str], by: User, at: datetime) -> None:
    """Delete rows that were made, by number with their names, if nothing else has come to hang on them."""
    numbers = sorted(made)
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        column = relation.field
        if not getattr(column, "db_constraint", True):  # the history, and the lists themselves
            continue
        for some in in_pieces(numbers, at_once()):
            hanging = relation.related_model._base_manager.filter(**{f"{column.name}__in": some})
            used = hanging.order_by().values_list(column.name, flat=True).first()
            if used is not None and getattr(relation, "on_delete", None) is SET_NULL:
                hanging.update(**{column.name: None})
            elif used is not None:
                told = _("%(name)s is used by now: it has quotes, people or other things.")
                raise NotAsItWas(told % {"name": made[used]})
    delete_kept(model, numbers, by=by, at=at)
