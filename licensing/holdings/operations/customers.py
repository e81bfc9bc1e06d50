"""The customers that a list names beside those of its reseller: which is meant, what is new, what changes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from foundation.text.names import key_of, stem_of
from foundation.text.typed import squeeze

from ...models import Customer, LicenseID, Reseller
from ..reading import LABELS, OF_CONTACT, OF_CUSTOMER, HeldRow, Problem
from .changes import Change, Kind, Plan, Subject
from .contacts import ContactBook

OWN = tuple(name for name in OF_CUSTOMER if name not in ("department", "person"))
"""What a list says of a customer; department and person are those of a contact, but for a new customer."""
OF_EITHER = tuple(dict.fromkeys((*OF_CUSTOMER, *OF_CONTACT)))
KEPT = tuple(name for name in OWN if name != "name")
NEW = 0
"""The answer that a customer of the list is none of those that it looks like."""


@lru_cache(maxsize=4_096)
def name_form(name: str) -> str:
    """By which a customer's name is the same: 株式会社 and ㈱ are, before and behind the name are not."""
    told = squeeze(name).casefold()
    for short, long in (("(株)", "株式会社"), ("(有)", "有限会社"), ("(同)", "合同会社")):
        told = told.replace(short, long)
    return told


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in no more than spaces at ends and line breaks."""
    return one == other or " ".join(one.split()) == " ".join(other.split())


def place_of(postal_code: str, address: str) -> str:
    return f"{postal_code} {key_of(address)}"


def tell_customer(customer: Customer) -> str:
    """A customer as one of several that are alike."""
    return " · ".join(part for part in (customer.name, customer.department, customer.address) if part)


class CustomerBook:
    """What a list says of customers. A customer has a key: `pk 12` one of the portal, `name …` a new one."""

    def __init__(self, *, reseller: Reseller, answers: Mapping[str, Any], plan: Plan) -> None:
        self.answers, self.plan = answers, plan
        rows = list(Customer.objects.filter(reseller=reseller).order_by("pk"))
        customers = [row for row in rows if row.merged_into_id is None]
        self.by_pk = {customer.pk: customer for customer in customers}
        self.contacts = ContactBook(reseller=reseller, customers=self.by_pk, plan=plan)
        self.by_form: dict[str, list[Customer]] = defaultdict(list)
        self.by_stem: dict[str, list[Customer]] = defaultdict(list)
        self.by_place: dict[str, list[Customer]] = defaultdict(list)
        for customer in customers:
            self.by_form[name_form(customer.name)].append(customer)
            for stem in {stem_of(customer.name), key_of(customer.kana)} - {""}:
                self.by_stem[stem].append(customer)
            if customer.address:
                self.by_place[place_of(customer.postal_code, customer.address)].append(customer)
        self.former: dict[int, set[str]] = defaultdict(set)
        """By customer, the stems of those that were merged into it: a list that names them means it."""
        for row in rows:
            if row.merged_into_id is not None:
                self._keep_former(row, self.by_pk[row.present_id])
        self.said: dict[str, tuple[int, dict[str, str]]] = {}
        """What the list says of each customer, with the first row that does."""
        self.heard: dict[tuple[Any, ...], str] = {}
        """Whole rows' words of a customer, with the key: lists say the same of one in many rows."""

    def _keep_former(self, merged: Customer, customer: Customer) -> None:
        self.former[customer.pk].add(stem_of(merged.name))
        for key, named in ((name_form(merged.name), self.by_form), (stem_of(merged.name), self.by_stem)):
            if key and customer not in named[key]:
                named[key].append(customer)

    def find(self, row: HeldRow, known: LicenseID | None) -> str | None:
        """The key of the row's customer; None where that is asked or wrong. `known`: the row's license ID."""
        is_carried = "name" in row.carried
        words = (known.pk if known else 0, is_carried, *map(row.values.get, OF_EITHER))
        key = self.heard.get(words)
        if key is None:
            found = self._find_known(row, known, is_carried) if known else self._find_by_name(row)
            if found is None:
                return None
            key = self.heard[words] = found
            self.contacts.hear(key, row)
        return key

    def customer_of(self, key: str) -> Customer | None:
        """The portal's; None: a new one."""
        return self.by_pk[int(key[3:])] if key.startswith("pk ") else None

    def _find_known(self, row: HeldRow, known: LicenseID, is_carried: bool) -> str | None:
        customer, name = known.customer, str(row.values.get("name", ""))
        values = {each: row.values[each] for each in OWN if each in row.values}
        if name and name_form(name) != name_form(customer.name):
            called = {stem_of(customer.name), *self.former.get(customer.pk, ())}
            if not is_carried and stem_of(name) not in called:
                reason = _(
                    "In the portal this license ID belongs to %(name)s. Correct the list, or move the license ID."
                )
                self._refuse(row, "name", name, reason % {"name": customer.name})
                return None
            if is_carried:
                values = {}
        return self._say(f"pk {customer.pk}", row, values)

    def _find_by_name(self, row: HeldRow) -> str | None:
        values = {name: row.values[name] for name in OWN if name in row.values}
        name = str(values.get("name", ""))
        if not name:
            self._refuse(row, "name", "", _("The license ID is new. Its customer is needed."))
            return None
        key = f"name {name_form(name)}"
        if key in self.said:
            return self._say(key, row, values)
        same = self.by_form.get(name_form(name), [])
        if len(same) > 1:
            equal = [each for each in same if all(same_text(getattr(each, one), values[one]) for one in values)]
            if len(equal) > 1:
                equal = [each for each in equal if self.contacts.fits(each, row)] or equal
            same = equal[:1] or same
        if len(same) == 1:
            return self._say(f"pk {same[0].pk}", row, values)
        alike = list(dict.fromkeys([*same, *self._look_alikes(values)]))
        answer = int(self.answers.get(key, NEW))
        is_open = key not in self.answers or answer not in (NEW, *self.by_pk)  # or that one was merged meanwhile
        if alike and is_open:
            if all(question["key"] != key for question in self.plan.questions):
                self.plan.questions.append(
                    {
                        "key": key,
                        "kind": "customer",
                        "row": row.number,
                        "text": name,
                        "choices": [[each.pk, tell_customer(each)] for each in alike[:20]],
                    }
                )
            return None
        chosen = self.by_pk.get(answer)
        if chosen:
            return self._say(f"pk {chosen.pk}", row, values)
        return self._say(key, row, {each: row.values[each] for each in OF_CUSTOMER if each in row.values})

    def _look_alikes(self, values: Mapping[str, str]) -> Iterator[Customer]:
        """The reseller's customers with the same name otherwise written, the same kana, or at the same place."""
        for stem in (stem_of(values["name"]), key_of(values.get("kana", ""))):
            yield from self.by_stem.get(stem, ()) if stem else ()
        if values.get("address"):
            yield from self.by_place.get(place_of(values.get("postal_code", ""), values["address"]), ())

    def _say(self, key: str, row: HeldRow, values: dict[str, str]) -> str:
        """Note what the row says of its customer. The first row that says something counts."""
        number, said = self.said.setdefault(key, (row.number, {}))
        for name, value in values.items():
            if name in said and name != "name" and not same_text(said[name], value):
                reason = _("Row %(row)s says otherwise of the same customer: %(value)s. That one counts.")
                told = reason % {"row": number, "value": said[name]}
                self.plan.problems.append(
                    Problem(row.number, str(LABELS[name]), str(value)[:200], told, is_error=False)
                )
            said.setdefault(name, value)
        return key

    def compare(self) -> None:
        """Add to the plan what the list changes of customers and their contacts."""
        for key, (number, said) in self.said.items():
            customer = self.customer_of(key)
            if customer is None:
                self.plan.add(Change(Subject.CUSTOMER, Kind.NEW, number, customer_name=said["name"], new=said))
            else:
                self._compare_known(customer, number, said)
            self.contacts.compare(key, customer, said)
        self.contacts.tell_nameless()

    def _compare_known(self, customer: Customer, number: int, said: Mapping[str, str]) -> None:
        changed = {
            name: said[name] for name in KEPT if name in said and not same_text(getattr(customer, name), said[name])
        }
        if not changed:
            self.plan.count(Subject.CUSTOMER, "same")
            return
        old = {name: getattr(customer, name) for name in changed}
        self.plan.add(Change(Subject.CUSTOMER, Kind.CHANGED, number, customer.pk, customer.name, old=old, new=changed))

    def _refuse(self, row: HeldRow, name: str, value: str, reason: str) -> None:
        self.plan.refuse(Problem(row.number, str(LABELS[name]), str(value)[:200], reason))
