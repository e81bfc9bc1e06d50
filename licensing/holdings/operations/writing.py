"""Writing what was confirmed, as a whole; and taking it back, as a whole, while nothing else has touched it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from ...models import Customer, HeldChange, HeldImport, Holding, LicenseID, Reseller, User
from ...operations.turns import wait_for_turn
from ..reading import OF_CUSTOMER, code_key
from .comparing import as_day, holding_values, in_pieces, load_license_ids, name_form

Kind, Subject = HeldChange.Kind, HeldChange.Subject


class NotAsItWas(Exception):
    """The portal has changed since the list was compared, or written. The text says what, to a person."""


class Rows:
    """What the changes of a list are about, locked until the transaction ends: reseller, customers, license IDs."""

    def __init__(self, upload: HeldImport, changes: Iterable[HeldChange]) -> None:
        self.upload, self.changes = upload, list(changes)
        Reseller.objects.select_for_update(no_key=True).get(pk=upload.reseller_id)
        customers = {change.customer_id for change in self.changes if change.customer_id}
        # Those that the list made, too: customers are locked before license IDs, though these go before them.
        customers |= {one.object_pk for one in self.changes if one.subject == Subject.CUSTOMER and one.object_pk}
        self.customers: dict[int, Customer] = {}
        for numbers in in_pieces(sorted(customers)):
            rows = Customer.objects.select_for_update(no_key=True).filter(reseller=upload.reseller_id, pk__in=numbers)
            self.customers |= {row.pk: row for row in rows.order_by("pk")}
        found = list(load_license_ids({code_key(change.code) for change in self.changes if change.code}))
        wait_for_turn(found)
        self.license_ids = {code_key(one.code): one for one in found}
        self.held: dict[int, Holding] = {}
        for numbers in in_pieces([one.pk for one in found if one.customer.reseller_id == upload.reseller_id]):
            self.held |= {holding.pk: holding for holding in Holding.objects.filter(licenseid__in=numbers)}

    def of(self, subject: str, *kinds: str) -> list[HeldChange]:
        return [change for change in self.changes if change.subject == subject and change.kind in kinds]

    def own_license_id(self, change: HeldChange) -> LicenseID:
        one = self.license_ids.get(code_key(change.code))
        if one is None or one.customer.reseller_id != self.upload.reseller_id:
            raise NotAsItWas(_("License ID %(code)s is not there any more.") % {"code": change.code})
        return one

    def own_customer(self, change: HeldChange) -> Customer:
        customer = self.customers.get(change.customer_id or 0)
        if customer is None:
            raise NotAsItWas(_("Customer %(name)s is not there any more.") % {"name": change.customer_name})
        return customer

    def holding(self, change: HeldChange, expected: Mapping[str, Any]) -> Holding:
        holding = self.held.get(change.object_pk or 0)
        if holding is None or holding_values(holding) != expected:
            raise NotAsItWas(_("A holding of license ID %(code)s was changed.") % {"code": change.code})
        return holding


def write_changes(*, upload: HeldImport, changes: Iterable[HeldChange], removes_gone: bool, by: User) -> None:
    """Write them all. Within a transaction. Raises NotAsItWas where the portal is not as it was compared with."""
    rows = Rows(upload, changes)
    made = _write_customers(rows, by)
    for change in rows.of(Subject.LICENSE_ID, Kind.CHANGED):
        one = rows.own_license_id(change)
        _expect(one, change.old, change.code)
        _set(one, change.new, by)
    new_ids = []
    for change in rows.of(Subject.LICENSE_ID, Kind.NEW):
        if code_key(change.code) in rows.license_ids:
            raise NotAsItWas(_("License ID %(code)s was registered meanwhile.") % {"code": change.code})
        customer = rows.own_customer(change) if change.customer_id else made[name_form(change.customer_name)]
        new_ids.append(_by(LicenseID(code=change.code, customer=customer, note=(change.new or {})["note"]), by))
    for change, one in zip(rows.of(Subject.LICENSE_ID, Kind.NEW), LicenseID.objects.bulk_create(new_ids), strict=True):
        change.object_pk = one.pk
        rows.license_ids[code_key(one.code)] = one
    _write_holdings(rows, by, removes_gone=removes_gone)
    HeldChange.objects.bulk_update(rows.changes, ["object_pk"], batch_size=500)


def _write_customers(rows: Rows, by: User) -> dict[str, Customer]:
    """Those changed, and the new ones by the form of their names."""
    for change in rows.of(Subject.CUSTOMER, Kind.CHANGED):
        customer = rows.own_customer(change)
        _expect(customer, change.old, customer.name)
        _set(customer, change.new, by)
        change.object_pk = customer.pk
    changes = rows.of(Subject.CUSTOMER, Kind.NEW)
    if not changes:
        return {}
    asked = {key.removeprefix("name ") for key in rows.upload.answers}
    there = {
        name_form(name)
        for name in Customer.objects.filter(reseller=rows.upload.reseller_id).values_list("name", flat=True)
    }
    for change in changes:
        if name_form(change.customer_name) in there - asked:
            raise NotAsItWas(_("Customer %(name)s was added meanwhile.") % {"name": change.customer_name})
    made = Customer.objects.bulk_create(
        [_by(Customer(reseller_id=rows.upload.reseller_id, **(change.new or {})), by) for change in changes]
    )
    for change, customer in zip(changes, made, strict=True):
        change.object_pk = customer.pk
    return {name_form(customer.name): customer for customer in made}


def _write_holdings(rows: Rows, by: User, *, removes_gone: bool) -> None:
    for change in rows.of(Subject.HOLDING, Kind.CHANGED):
        holding = rows.holding(change, change.old or {})
        _set(holding, _columns(change.new or {}), by)
    for change in rows.of(Subject.HOLDING, Kind.GONE) if removes_gone else ():
        _by(rows.holding(change, change.old or {}), by).delete()
    changes = rows.of(Subject.HOLDING, Kind.NEW)
    there = {(each.licenseid_id, each.product_id, each.support_expires_on) for each in rows.held.values()}
    new = []
    for change in changes:
        columns = _columns(change.new or {})
        one, product = rows.own_license_id(change), _product(change)
        if (one.pk, product, columns["support_expires_on"]) in there:
            raise NotAsItWas(_("A holding of license ID %(code)s was changed.") % {"code": change.code})
        new.append(_by(Holding(licenseid=one, product_id=product, **columns), by))
    for change, holding in zip(changes, Holding.objects.bulk_create(new), strict=True):
        change.object_pk = holding.pk


def take_back(*, upload: HeldImport, changes: Iterable[HeldChange], by: User) -> None:
    """Make everything as it was before. Within a transaction. Raises NotAsItWas where something has touched it."""
    rows = Rows(upload, changes)
    for change in rows.of(Subject.HOLDING, Kind.NEW):
        _by(rows.holding(change, change.new or {}), by).delete()
    for change in rows.of(Subject.HOLDING, Kind.CHANGED):
        _set(rows.holding(change, change.new or {}), _columns(change.old or {}), by)
    for change in rows.of(Subject.HOLDING, Kind.GONE) if upload.removes_gone else ():
        columns = _columns(change.old or {})
        one, product = rows.own_license_id(change), _product(change)
        day = columns["support_expires_on"]
        if Holding.objects.filter(licenseid=one, product_id=product, support_expires_on=day).exists():
            raise NotAsItWas(_("A holding of license ID %(code)s was changed.") % {"code": change.code})
        _by(Holding(licenseid=one, product_id=product, **columns), by).save()
    for change in rows.of(Subject.LICENSE_ID, Kind.NEW, Kind.CHANGED):
        one = rows.own_license_id(change)
        _expect(one, change.new, change.code)
        if change.kind == Kind.CHANGED:
            _set(one, change.old, by)
        else:
            _remove(one, change.code, by)
    for change in rows.of(Subject.CUSTOMER, Kind.CHANGED):
        own = rows.own_customer(change)
        _expect(own, change.new, own.name)
        _set(own, change.old, by)
    for change in rows.of(Subject.CUSTOMER, Kind.NEW):
        made = Customer.objects.select_for_update(no_key=True).filter(reseller=upload.reseller_id)
        customer: Customer | None = made.filter(pk=change.object_pk or 0).first()
        if customer is None:
            raise NotAsItWas(_("Customer %(name)s is not there any more.") % {"name": change.customer_name})
        _expect(
            customer,
            {name: (change.new or {}).get(name, customer_default(name)) for name in OF_CUSTOMER},
            customer.name,
        )
        _remove(customer, customer.name, by)


def _product(change: HeldChange) -> int:
    if change.product_id is None:
        raise NotAsItWas(_("A product of license ID %(code)s is not there any more.") % {"code": change.code})
    return change.product_id


def customer_default(name: str) -> Any:
    column: Any = Customer._meta.get_field(name)
    return column.get_default()


def _remove(row: Any, told: str, by: User) -> None:
    """Delete a row that was made, if nothing else has come to hang on it."""
    for relation in row._meta.related_objects:
        hanging: Any = relation.related_model
        if relation.related_name == "+" and hanging is HeldChange:
            continue
        if hanging._base_manager.filter(**{relation.field.name: row.pk}).exists():
            raise NotAsItWas(_("%(name)s is used by now: it has quotes, people or other things.") % {"name": told})
    try:
        _by(row, by).delete()
    except ProtectedError as error:
        raise NotAsItWas(
            _("%(name)s is used by now: it has quotes, people or other things.") % {"name": told}
        ) from error


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"quantity": values["quantity"], "support_expires_on": as_day(values["expires_on"])}


def _expect(row: Model, values: Mapping[str, Any] | None, told: str) -> None:
    if any(getattr(row, name) != value for name, value in (values or {}).items()):
        raise NotAsItWas(_("%(name)s was changed meanwhile.") % {"name": told})


def _set(row: Any, values: Mapping[str, Any] | None, by: User) -> None:
    for name, value in (values or {}).items():
        setattr(row, name, value)
    _by(row, by).save()


def _by(row: Any, by: User) -> Any:
    row._history_user = by
    return row


def say_stale(error: NotAsItWas) -> str:
    return _("%(what)s Nothing was written. Have the list checked again.") % {"what": error}
