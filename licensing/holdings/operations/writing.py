"""Writing what was confirmed, as a whole: within one transaction, or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from foundation.integrity.bulk import create_kept, delete_kept, derived_columns, set_columns, update_kept

from ...models import Contact, Customer, HeldChange, HeldImport, Holding, LicenseID, User
from ..reading import code_key
from .changes import Change, Kind, Subject
from .customers import name_form
from .locked import NotAsItWas, Rows, expect, holding_columns

HELD_COLUMNS = ("licenseid_id", "product_id", "quantity", "support_expires_on")


def write_changes(*, upload: HeldImport, changes: Iterable[Change], removes_gone: bool, by: User, at: datetime) -> None:
    """Write them all. Raises NotAsItWas where the portal is not as it was compared with.

    `at`: the moment of the entries in the history.
    """
    rows = Rows(upload, changes)
    made = _write_customers(rows, by, at)
    _write_contacts(rows, made, by, at)
    new_ids = _write_license_ids(rows, made, by, at)
    _write_holdings(rows, new_ids, by, at, removes_gone=removes_gone)
    _keep_numbers([*rows.of(Subject.CUSTOMER, Kind.NEW), *rows.of(Subject.CONTACT, Kind.NEW)])


def _write_customers(rows: Rows, by: User, at: datetime) -> dict[str, int]:
    """Those changed, and the new ones. Returns the numbers of these, by the form of their names."""
    changed: dict[int, dict[str, Any]] = {}
    for change in rows.of(Subject.CUSTOMER, Kind.CHANGED):
        customer = rows.own_customer(change)
        expect(customer, change.old, customer.name)
        changed[customer.pk] = set_values(Customer, customer, change.new)
    update_kept(Customer, changed, by=by, at=at)
    changes = rows.of(Subject.CUSTOMER, Kind.NEW)
    if not changes:
        return {}
    asked = {key.removeprefix("name ") for key in rows.upload.answers}
    names = Customer.objects.filter(reseller=rows.upload.reseller_id).values_list("name", flat=True)
    there = {name_form(name) for name in names}
    for change in changes:
        if name_form(change.customer_name) in there - asked:
            raise NotAsItWas(_("Customer %(name)s was added meanwhile.") % {"name": change.customer_name})
    reseller = rows.upload.reseller_id
    owner = by if by.reseller_id == reseller else None
    new = [Customer(reseller_id=reseller, owner=owner, **(change.new or {})) for change in changes]
    numbers = create_rows(Customer, new, by, at)
    for change, number in zip(changes, numbers, strict=True):
        change.object_pk = number
    return {name_form(change.customer_name): number for change, number in zip(changes, numbers, strict=True)}


def _write_contacts(rows: Rows, made: Mapping[str, int], by: User, at: datetime) -> None:
    changed: dict[int, dict[str, Any]] = {}
    for change in rows.of(Subject.CONTACT, Kind.CHANGED):
        contact = rows.own_contact(change)
        expect(contact, {**(change.old or {}), "is_gone": False}, contact.name)
        changed[contact.pk] = set_values(Contact, contact, change.new)
    changes = rows.of(Subject.CONTACT, Kind.NEW)
    new = [Contact(customer_id=_customer(rows, change, made), **(change.new or {})) for change in changes]
    _refuse_doubles(rows, new)
    update_kept(Contact, changed, by=by, at=at)
    for change, number in zip(changes, create_rows(Contact, new, by, at), strict=True):
        change.object_pk = number


def _refuse_doubles(rows: Rows, new: Sequence[Contact]) -> None:
    """Somebody may have added the same contact meanwhile; or two have become alike."""
    touched = {contact.customer_id for contact in [*new, *rows.contacts.values()]}
    present = {
        contact.pk: contact
        for contact in Contact.objects.filter(customer__reseller=rows.upload.reseller_id, is_gone=False)
        if contact.customer_id in touched
    }
    seen = set()
    for contact in [*(rows.contacts.get(pk, one) for pk, one in present.items()), *new]:
        key = (contact.customer_id, contact.name, contact.department, contact.email)
        if key in seen:
            raise NotAsItWas(_("Contact %(name)s is there already.") % {"name": contact.name})
        seen.add(key)


def _write_license_ids(rows: Rows, made: Mapping[str, int], by: User, at: datetime) -> dict[str, int]:
    """Those changed, and the new ones. Returns the numbers of these, by `code_key`."""
    changed: dict[int, dict[str, Any]] = {}
    for change in rows.of(Subject.LICENSE_ID, Kind.CHANGED):
        one = rows.own_license_id(change)
        expect(one, change.old, change.code)
        changed[one.pk] = dict(change.new or {})
    update_kept(LicenseID, changed, by=by, at=at)
    changes = rows.of(Subject.LICENSE_ID, Kind.NEW)
    for change in changes:
        if code_key(change.code) in rows.license_ids:
            raise NotAsItWas(_("License ID %(code)s was registered meanwhile.") % {"code": change.code})
    new = [
        LicenseID(code=change.code, customer_id=_customer(rows, change, made), note=(change.new or {})["note"])
        for change in changes
    ]
    numbers = create_rows(LicenseID, new, by, at)
    return {code_key(change.code): number for change, number in zip(changes, numbers, strict=True)}


def _write_holdings(rows: Rows, new_ids: Mapping[str, int], by: User, at: datetime, *, removes_gone: bool) -> None:
    gone = rows.of(Subject.HOLDING, Kind.GONE) if removes_gone else []
    changed = {
        rows.holding(change, change.old or {}).pk: holding_columns(change.new or {})
        for change in rows.of(Subject.HOLDING, Kind.CHANGED)
    }
    delete_kept(Holding, [rows.holding(change, change.old or {}).pk for change in gone], by=by, at=at)
    new = [rows.new_holding(change, change.new or {}, new_ids) for change in rows.of(Subject.HOLDING, Kind.NEW)]
    update_kept(Holding, changed, by=by, at=at)
    create_kept(Holding, HELD_COLUMNS, new, by=by, at=at)


def _customer(rows: Rows, change: Change, made: Mapping[str, int]) -> int:
    return rows.own_customer(change).pk if change.customer_id else made[name_form(change.customer_name)]


def create_rows(model: Any, new: Sequence[Any], by: User, at: datetime) -> list[int]:
    """Rows that are not saved yet, by their columns."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    values = [[field.pre_save(row, True) for field in fields] for row in new]
    return create_kept(model, [field.column for field in fields], values, by=by, at=at)


def set_values(model: Any, row: Any, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Set on the row, and returned with the search keys that follow from them, by column."""
    given = dict(values or {})
    return given | derived_columns(model, row, given)


def _keep_numbers(made: Sequence[Change]) -> None:
    """Of what has no name that is its own: by it, it is found again when the list is undone."""
    set_columns(HeldChange, ["object_pk"], [(change.pk, change.object_pk) for change in made])


def say_stale(error: NotAsItWas) -> str:
    return _("%(what)s Nothing was written. Have the list checked again.") % {"what": error}
