"""The contacts that a list names beside those of its customers: the same by e-mail, else by name, within a customer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from foundation.spreadsheets.places import name_rows
from foundation.text.names import key_of

from ...models import Contact, Customer, Reseller
from ...models.contacts import PURPOSES
from ..reading import CONTACT_COLUMNS, LABELS, OF_CONTACT, HeldRow, Problem, label_of_contact
from .changes import Change, Kind, Plan, Subject

COLUMNS = ("name", "department", "email", "phone", "language", *PURPOSES)
"""Of a contact, that lists change."""


@dataclass(slots=True)
class Said:
    """What a list says of one contact, with the first row that does."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)

    def is_meant(self, values: Mapping[str, Any]) -> bool:
        if "email" in values and "email" in self.values:
            return bool(values["email"] == self.values["email"])
        return "name" in values and same_name(values["name"], self.values.get("name", ""))


def same_name(one: str, other: str) -> bool:
    return one == other or (key_of(one) == key_of(other) != "")


def contact_values(row: HeldRow) -> dict[str, Any]:
    """The row's contact by columns of `Contact`; a blank cell says nothing."""
    found = {CONTACT_COLUMNS.get(name, name): row.values[name] for name in OF_CONTACT if row.values.get(name)}
    if (purposes := found.pop("purpose", None)) is not None:
        found |= {name: name in purposes for name in PURPOSES}
    return found


class ContactBook:
    """What a list says of contacts, by the key of their customer (`CustomerBook`)."""

    def __init__(self, *, reseller: Reseller, customers: Mapping[int, Customer], plan: Plan) -> None:
        self.customers, self.plan = customers, plan
        self.known: dict[int, list[Contact]] = defaultdict(list)
        for contact in Contact.objects.filter(customer__reseller=reseller).order_by("is_gone", "pk"):
            self.known[contact.customer_id].append(contact)
        self.said: dict[str, list[Said]] = defaultdict(list)
        self.heard: set[tuple[Any, ...]] = set()
        self.nameless: dict[str, int] = {}
        """Telephone numbers without anybody's name, with the first row that has each."""

    def hear(self, key: str, row: HeldRow) -> None:
        """Note what the row says of a contact of its customer; lists say the same in many rows."""
        values = row.values
        if "person" not in values and "email" not in values:
            if "phone" in values:
                self.nameless.setdefault(values["phone"], row.number)
            return
        words = (key, *map(values.get, OF_CONTACT))
        if words in self.heard:
            return
        self.heard.add(words)
        found = contact_values(row)
        customer = self.customers.get(int(key[3:])) if key.startswith("pk ") else None
        if customer is not None and _is_printed(customer, found):
            self.plan.count(Subject.CONTACT, "same")
            return
        said = next((each for each in self.said[key] if each.is_meant(found)), None)
        if said is None:
            said = Said(row.number)
            self.said[key].append(said)
        for name, value in found.items():
            before = said.values.setdefault(name, value)
            if before != value and not (name == "name" and same_name(before, value)):
                self._tell(row.number, name, value, said.row, before)

    def _tell(self, number: int, name: str, value: Any, row: int, before: Any) -> None:
        if name in PURPOSES:
            return
        reason = _("Row %(row)s says otherwise of the same contact: %(value)s. That one counts.")
        label = str(label_of_contact(name))
        told = reason % {"row": row, "value": before}
        self.plan.problems.append(Problem(number, label, str(value)[:200], told, is_error=False))

    def tell_nameless(self) -> None:
        """Say which telephone numbers are not kept: a customer has none of its own."""
        if self.nameless:
            told = _("Telephone numbers without the name of a contact are not kept.")
            rows = _("Rows %(rows)s") % {"rows": name_rows(list(self.nameless.values()))}
            self.plan.problems.append(Problem(0, "", rows, told, is_error=False))

    def fits(self, customer: Customer, row: HeldRow) -> bool:
        """Whether the row's contact is one of this customer's, or is printed on its quotes anyway."""
        values = contact_values(row)
        name, department = values.get("name", ""), values.get("department", "")
        if (name, department) == (customer.person, customer.department):
            return True
        return any(_is_same(each, values) for each in self.known[customer.pk])

    def compare(self, key: str, customer: Customer | None, of_customer: Mapping[str, Any]) -> None:
        """Add to the plan what the list changes of the contacts of one customer."""
        said = self.said.get(key)
        if not said:
            return
        left = list(self.known[customer.pk]) if customer else []
        open_ones: list[tuple[Said, Contact | None]] = []
        for each in said:
            found = _take(left, lambda one, each=each: bool(one.email) and one.email == each.values.get("email"))
            open_ones.append((each, found))
        for each, found in open_ones:
            if found is None and "name" in each.values:
                found = _take(left, lambda one, each=each: _is_equal(one, each.values))
                found = found or _take(left, lambda one, each=each: same_name(one.name, each.values["name"]))
            if found is None:
                self._add(customer, each, of_customer)
            elif found.is_gone:
                told = _(
                    "%(name)s was removed from the contacts. Bring them back on the customer's page if that is wrong."
                )
                self._note(each.row, found.name, told % {"name": found.name})
            else:
                self._compare(customer, each, found)

    def _add(self, customer: Customer | None, said: Said, of_customer: Mapping[str, Any]) -> None:
        values = said.values
        if "name" not in values:
            self._note(said.row, values["email"], _("A contact needs a name. This address was left out."))
            return
        language = of_customer.get("language") or (customer.language if customer else "ja")
        new = {"department": "", "email": "", "phone": "", "language": language}
        new |= {name: name == "for_quotes" for name in PURPOSES} | values
        name = customer.name if customer else of_customer["name"]
        pk = customer.pk if customer else None
        self.plan.add(Change(Subject.CONTACT, Kind.NEW, said.row, pk, name, new={name: new[name] for name in COLUMNS}))

    def _compare(self, customer: Customer | None, said: Said, contact: Contact) -> None:
        new = {
            name: value
            for name, value in said.values.items()
            if getattr(contact, name) != value and not (name == "name" and same_name(value, contact.name))
        }
        if not new or customer is None:
            self.plan.count(Subject.CONTACT, "same")
            return
        old = {name: getattr(contact, name) for name in new}
        change = Change(Subject.CONTACT, Kind.CHANGED, said.row, customer.pk, customer.name, old=old, new=new)
        change.object_pk = contact.pk
        self.plan.add(change)

    def _note(self, row: int, value: str, reason: str) -> None:
        self.plan.problems.append(Problem(row, str(LABELS["person"]), value[:200], reason, is_error=False))


def _take(left: list[Contact], fits: Any) -> Contact | None:
    found = next((one for one in left if fits(one)), None)
    if found is not None:
        left.remove(found)
    return found


def _is_equal(contact: Contact, values: Mapping[str, Any]) -> bool:
    return same_name(contact.name, values["name"]) and contact.department == values.get("department", "")


def _is_same(contact: Contact, values: Mapping[str, Any]) -> bool:
    if contact.email and contact.email == values.get("email"):
        return True
    return "name" in values and _is_equal(contact, values)


def _is_printed(customer: Customer, values: Mapping[str, Any]) -> bool:
    """Whether this is no more than the person whom the customer's quotes name anyway."""
    if (
        not customer.person
        or set(values) - {"name", "department"}
        or not same_name(values.get("name", ""), customer.person)
    ):
        return False
    return str(values.get("department", customer.department)) == customer.department
