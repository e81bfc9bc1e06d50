"""What the changes of a list are about, under lock: whoever writes a list or takes it back looks there first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from foundation.integrity.bulk import in_pieces

from ...models import Contact, Customer, HeldImport, LicenseID, Product, Reseller
from ...operations.turns import wait_for_turn
from ..reading import code_key
from .changes import Change, Kind, Subject
from .comparing import Held, as_day, at_once, load_held, load_license_ids
from .customers import name_form

Tell = Callable[[int], None]


class NotAsItWas(Exception):
    """The portal has changed since the list was compared, or written. The text says what, to a person."""


class Rows:
    """Reseller, customers with contacts, and license IDs, locked until the transaction ends; and what is held."""

    def __init__(self, upload: HeldImport, changes: Iterable[Change]) -> None:
        self.upload, self.changes = upload, list(changes)
        Reseller.objects.select_for_update(no_key=True).get(pk=upload.reseller_id)
        customers = {change.customer_id for change in self.changes if change.customer_id}
        # Those that the list made, too: customers are locked before license IDs, though these go before them.
        customers |= {one.object_pk for one in self.changes if one.subject == Subject.CUSTOMER and one.object_pk}
        own = Customer.objects.filter(reseller=upload.reseller_id, merged_into=None)
        self.customers: dict[int, Customer] = _lock(own, customers)
        contacts = {one.object_pk for one in self.changes if one.subject == Subject.CONTACT and one.object_pk}
        self.contacts: dict[int, Contact] = _lock(
            Contact.objects.filter(customer__reseller=upload.reseller_id), contacts
        )
        found = list(load_license_ids({code_key(change.code) for change in self.changes if change.code}))
        wait_for_turn(found)
        self.license_ids = {code_key(one.code): one for one in found}
        self.made = {name_form(one.customer_name): one.object_pk for one in self.of(Subject.CUSTOMER, Kind.NEW)}
        self._refuse_moved()
        own_ids = [one.pk for one in found if one.customer.reseller_id == upload.reseller_id]
        self.held: dict[int, Held] = {each.pk: each for each in load_held(own_ids)}
        self.by_place = {(each.licenseid_id, each.product_id, each.expires_on): each for each in self.held.values()}
        self.products = set(Product.objects.values_list("pk", flat=True))

    def _refuse_moved(self) -> None:
        """Of a license ID that has come to another customer since nothing is written or taken back."""
        owners = {code_key(change.code): self._owner(change) for change in self.changes if change.code}
        for key, one in self.license_ids.items():
            if one.customer.reseller_id == self.upload.reseller_id and owners[key] not in (None, one.customer_id):
                told = _("License ID %(code)s belongs to another customer by now.")
                raise NotAsItWas(told % {"code": one.code})

    def _owner(self, change: Change) -> int | None:
        """The customer (pk) with whom it was compared, or whom the list has made; None: not made yet."""
        return change.customer_id or self.made.get(name_form(change.customer_name))

    def of(self, subject: str, *kinds: str) -> list[Change]:
        return [change for change in self.changes if change.subject == subject and change.kind in kinds]

    def own_license_id(self, change: Change) -> LicenseID:
        one = self.license_ids.get(code_key(change.code))
        if one is None or one.customer.reseller_id != self.upload.reseller_id:
            raise NotAsItWas(_("License ID %(code)s is not there any more.") % {"code": change.code})
        return one

    def own_customer(self, change: Change) -> Customer:
        customer = self.customers.get(change.customer_id or change.object_pk or 0)
        if customer is None:
            raise NotAsItWas(_("Customer %(name)s is not there any more.") % {"name": change.customer_name})
        return customer

    def own_contact(self, change: Change) -> Contact:
        contact = self.contacts.get(change.object_pk or 0)
        if contact is None or contact.customer_id != self._owner(change):
            raise NotAsItWas(
                _("A contact of customer %(name)s is not there any more.") % {"name": change.customer_name}
            )
        return contact

    def holding(self, change: Change, expected: Mapping[str, Any]) -> Held:
        """The one that was changed or is gone; without its number, the one that was made."""
        if change.object_pk:
            found = self.held.get(change.object_pk)
        else:
            place = (self.own_license_id(change).pk, self.product(change), as_day(expected["expires_on"]))
            found = self.by_place.get(place)
        if found is None or found.values != expected:
            raise NotAsItWas(_("A holding of license ID %(code)s was changed.") % {"code": change.code})
        return found

    def new_holding(self, change: Change, values: Mapping[str, Any], made: Mapping[str, int]) -> tuple[Any, ...]:
        """What is to be written of it. `made`: numbers of the license IDs that were written just now."""
        key = code_key(change.code)
        one = made.get(key) or self.own_license_id(change).pk
        product, day = self.product(change), as_day(values["expires_on"])
        if (one, product, day) in self.by_place:
            raise NotAsItWas(_("A holding of license ID %(code)s was changed.") % {"code": change.code})
        return one, product, values["quantity"], day

    def product(self, change: Change) -> int:
        if change.product_id not in self.products:
            raise NotAsItWas(_("A product of license ID %(code)s is not there any more.") % {"code": change.code})
        return change.product_id


def expect(row: Model, values: Mapping[str, Any] | None, told: str) -> None:
    """Raises NotAsItWas where the row has other values."""
    if any(getattr(row, name) != value for name, value in (values or {}).items()):
        raise NotAsItWas(_("%(name)s was changed meanwhile.") % {"name": told})


def holding_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"quantity": values["quantity"], "support_expires_on": as_day(values["expires_on"])}


def _lock(rows: Any, numbers: Iterable[int | None]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    wanted: Sequence[int] = sorted(number for number in numbers if number)
    for some in in_pieces(wanted, at_once()):
        locked = rows.select_for_update(no_key=True, of=("self",)).filter(pk__in=some)
        found |= {row.pk: row for row in locked.order_by("pk")}
    return found
