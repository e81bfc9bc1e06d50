"""What a list changes: its rows beside the customers, license IDs and holdings of the one reseller whose list it is.

Customers of other resellers are never looked at. Of license IDs, which are unique in the portal, only that one is
somebody else's is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from foundation.text.names import key_of, stem_of
from foundation.text.typed import squeeze

from ...models import Customer, HeldChange, Holding, LicenseID, Reseller
from ..reading import LABELS, OF_CUSTOMER, HeldRow, Problem, code_key

AT_ONCE = 500
KEPT = tuple(name for name in OF_CUSTOMER if name != "name")
NEW = 0
"""The answer that a customer of the list is none of those that it looks like."""
Kind, Subject = HeldChange.Kind, HeldChange.Subject


@dataclass(slots=True)
class Plan:
    """What the list changes, and what has to be said or asked before."""

    changes: list[HeldChange] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    questions: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wrong: set[int] = field(default_factory=set)
    """Numbers of rows that cannot be written."""


def name_form(name: str) -> str:
    """By which a customer's name is the same: 株式会社 and ㈱ are, before and behind the name are not."""
    told = squeeze(name).casefold()
    for short, long in (("(株)", "株式会社"), ("(有)", "有限会社"), ("(同)", "合同会社")):
        told = told.replace(short, long)
    return told


def customer_values(customer: Customer) -> dict[str, str]:
    return {name: getattr(customer, name) for name in OF_CUSTOMER}


def holding_values(holding: Holding) -> dict[str, Any]:
    return {"quantity": holding.quantity, "expires_on": f"{holding.support_expires_on:%Y-%m-%d}"}


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in no more than spaces at ends and line breaks."""
    return " ".join(one.split()) == " ".join(other.split())


class Comparison:
    """One list beside what the portal has of its reseller."""

    def __init__(
        self, *, reseller: Reseller, rows: Iterable[HeldRow], answers: Mapping[str, Any], is_whole: bool = False
    ) -> None:
        self.reseller, self.answers, self.is_whole = reseller, answers, is_whole
        self.rows = [row for row in rows if not row.is_wrong]
        self.plan = Plan()
        self.customers = list(Customer.objects.filter(reseller=reseller).order_by("pk"))
        self.by_pk = {customer.pk: customer for customer in self.customers}
        self.by_form: dict[str, list[Customer]] = defaultdict(list)
        self.by_stem: dict[str, list[Customer]] = defaultdict(list)
        self.by_place: dict[str, list[Customer]] = defaultdict(list)
        for customer in self.customers:
            self.by_form[name_form(customer.name)].append(customer)
            for stem in {stem_of(customer.name), key_of(customer.kana)} - {""}:
                self.by_stem[stem].append(customer)
            if customer.address:
                self.by_place[place_of(customer.postal_code, customer.address)].append(customer)
        codes = {code_key(row.values["license_id"]) for row in self.rows if "license_id" in row.values}
        self.license_ids = {code_key(one.code): one for one in load_license_ids(codes)}
        own = [one.pk for one in self.license_ids.values() if one.customer.reseller_id == reseller.pk]
        self.held: dict[int, list[Holding]] = defaultdict(list)
        for numbers in in_pieces(own):
            for holding in Holding.objects.filter(licenseid__in=numbers).select_related("product"):
                self.held[holding.licenseid_id].append(holding)
        self.said: dict[str, tuple[int, dict[str, str]]] = {}
        """What the list says of each customer, with the first row that does."""

    def run(self) -> Plan:
        by_code: dict[str, list[HeldRow]] = defaultdict(list)
        alone: list[HeldRow] = []
        for row in self.rows:
            code = row.values.get("license_id")
            (by_code[code_key(code)] if code else alone).append(row)
        for key, rows in by_code.items():
            self.compare_license_id(key, rows)
        for row in alone:
            self.find_customer(row, None)
        self.compare_customers()
        if self.is_whole:
            self.propose_gone_ids(set(by_code))
        if self.plan.questions or self.plan.wrong:  # what is left out of the list is not gone
            self.plan.changes = [change for change in self.plan.changes if change.kind != Kind.GONE]
            self.plan.counts.pop(f"{Subject.HOLDING} {Kind.GONE}", None)
        order = {Subject.CUSTOMER: 0, Subject.LICENSE_ID: 1, Subject.HOLDING: 2}
        self.plan.changes.sort(key=lambda change: (change.customer_name, change.code, order[Subject(change.subject)]))
        self.plan.counts = dict(self.plan.counts)
        return self.plan

    # --- Customers -----------------------------------------------------------------------------------------------

    def find_customer(self, row: HeldRow, known: LicenseID | None) -> str | None:
        """The key of the row's customer in `said`; None where that is asked or wrong."""
        values = {name: row.values[name] for name in OF_CUSTOMER if name in row.values}
        name = str(values.get("name", ""))
        if known is not None:
            customer = known.customer
            if name and "name" not in row.carried and stem_of(name) != stem_of(customer.name):
                reason = _(
                    "In the portal this license ID belongs to %(name)s. Correct the list, or move the license ID."
                )
                self.refuse(row, "name", name, reason % {"name": customer.name})
                return None
            if name and name_form(name) != name_form(customer.name) and "name" in row.carried:
                values = {}
            return self.say(f"pk {customer.pk}", row, values)
        if not name:
            self.refuse(row, "name", "", _("The license ID is new. Its customer is needed."))
            return None
        key = f"name {name_form(name)}"
        if key in self.said:
            return self.say(key, row, values)
        same = self.by_form.get(name_form(name), [])
        if len(same) > 1:
            equal = [each for each in same if all(same_text(getattr(each, one), values[one]) for one in values)]
            same = equal[:1] or same
        if len(same) == 1:
            return self.say(f"pk {same[0].pk}", row, values)
        alike = list(dict.fromkeys([*same, *self.look_alikes(values)]))
        if alike and key not in self.answers:
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
        chosen = self.by_pk.get(int(self.answers.get(key, NEW)))
        return self.say(f"pk {chosen.pk}" if chosen else key, row, values)

    def look_alikes(self, values: Mapping[str, str]) -> Iterator[Customer]:
        """The reseller's customers with the same name otherwise written, the same kana, or at the same place."""
        for stem in (stem_of(values["name"]), key_of(values.get("kana", ""))):
            yield from self.by_stem.get(stem, ()) if stem else ()
        if values.get("address"):
            yield from self.by_place.get(place_of(values.get("postal_code", ""), values["address"]), ())

    def say(self, key: str, row: HeldRow, values: dict[str, str]) -> str:
        """Note what the row says of its customer. The first row that says something counts."""
        number, said = self.said.setdefault(key, (row.number, {}))
        for name, value in values.items():
            if name in said and not same_text(said[name], value) and name != "name":
                reason = _("Row %(row)s says otherwise of the same customer: %(value)s. That one counts.")
                told = reason % {"row": number, "value": said[name]}
                self.plan.problems.append(
                    Problem(row.number, str(LABELS[name]), str(value)[:200], told, is_error=False)
                )
            said.setdefault(name, value)
        return key

    def compare_customers(self) -> None:
        for key, (number, said) in self.said.items():
            if not key.startswith("pk "):
                self.add(Subject.CUSTOMER, Kind.NEW, number, customer_name=said["name"], new=said)
                continue
            customer = self.by_pk[int(key[3:])]
            changed = {
                name: said[name] for name in KEPT if name in said and not same_text(getattr(customer, name), said[name])
            }
            if changed:
                old = {name: getattr(customer, name) for name in changed}
                self.add(Subject.CUSTOMER, Kind.CHANGED, number, customer=customer, old=old, new=changed)
            else:
                self.plan.counts["customer same"] += 1

    # --- License IDs and holdings --------------------------------------------------------------------------------

    def compare_license_id(self, key: str, rows: list[HeldRow]) -> None:
        known = self.license_ids.get(key)
        if known is not None and known.customer.reseller_id != self.reseller.pk:
            for row in rows:
                reason = _("This license ID is registered with somebody else. Ask the portal admin.")
                self.refuse(row, "license_id", row.values["license_id"], reason)
            return
        found = [(row, self.find_customer(row, known)) for row in rows]
        customers = {each for _row, each in found if each is not None}
        if not customers:
            return
        rows = [row for row, each in found if each is not None]
        said = self.said[min(customers)][1]
        customer = (
            known.customer
            if known
            else self.by_pk.get(int(min(customers)[3:]))
            if min(customers)[:3] == "pk "
            else None
        )
        about: dict[str, Any] = {"customer": customer, "customer_name": customer.name if customer else said["name"]}
        code = known.code if known else rows[0].values["license_id"]
        note = next((row.values["note"] for row in rows if row.values.get("note")), None)
        if known is None:
            self.add(Subject.LICENSE_ID, Kind.NEW, rows[0].number, code=code, new={"note": note or ""}, **about)
        elif note is not None and not same_text(note, known.note):
            change = {"old": {"note": known.note}, "new": {"note": note}, "object_pk": known.pk}
            self.add(Subject.LICENSE_ID, Kind.CHANGED, rows[0].number, code=code, **change, **about)
        else:
            self.plan.counts["license_id same"] += 1
        self.compare_holdings(code, [row for row in rows if row.product is not None], known, about)

    def compare_holdings(
        self, code: str, rows: list[HeldRow], known: LicenseID | None, about: Mapping[str, Any]
    ) -> None:
        held = self.held.get(known.pk, []) if known else []
        left = {(each.product_id, each.support_expires_on): each for each in held}
        open_rows: list[HeldRow] = []
        for row in rows:
            holding = left.pop((_pk(row), row.values["expires_on"]), None)
            if holding is None:
                open_rows.append(row)
            elif holding.quantity == row.values["quantity"]:
                self.plan.counts["holding same"] += 1
            else:
                self.change_holding(code, row, holding, about)
        of_product: dict[int, list[HeldRow]] = defaultdict(list)
        for row in open_rows:
            of_product[_pk(row)].append(row)
        for product, new_rows in of_product.items():
            gone = [each for each in left.values() if each.product_id == product]
            if len(new_rows) == len(gone) == 1:  # renewed: the same holding, with another day
                del left[product, gone[0].support_expires_on]
                self.change_holding(code, new_rows[0], gone[0], about)
                continue
            for row in new_rows:
                new = {"quantity": row.values["quantity"], "expires_on": f"{row.values['expires_on']:%Y-%m-%d}"}
                self.add(Subject.HOLDING, Kind.NEW, row.number, code=code, product_id=product, new=new, **about)
        if self.is_whole:
            self.propose_gone(code, left.values(), about)

    def change_holding(self, code: str, row: HeldRow, holding: Holding, about: Mapping[str, Any]) -> None:
        new = {"quantity": row.values["quantity"], "expires_on": f"{row.values['expires_on']:%Y-%m-%d}"}
        change = {"old": holding_values(holding), "new": new, "object_pk": holding.pk}
        self.add(Subject.HOLDING, Kind.CHANGED, row.number, code=code, product_id=holding.product_id, **change, **about)

    def propose_gone(self, code: str, left: Iterable[Holding], about: Mapping[str, Any]) -> None:
        for holding in left:
            change = {"old": holding_values(holding), "object_pk": holding.pk}
            self.add(Subject.HOLDING, Kind.GONE, 0, code=code, product_id=holding.product_id, **change, **about)

    def propose_gone_ids(self, mentioned: set[str]) -> None:
        """The holdings of the reseller's license IDs that a complete list does not name."""
        rows = Holding.objects.filter(licenseid__customer__reseller=self.reseller)
        for holding in rows.select_related("licenseid__customer").order_by("pk"):
            one = holding.licenseid
            if code_key(one.code) not in mentioned:
                self.propose_gone(one.code, [holding], {"customer": one.customer, "customer_name": one.customer.name})

    # --- Common --------------------------------------------------------------------------------------------------

    def add(self, subject: str, kind: str, row: int, **values: Any) -> None:
        if "customer_name" not in values:
            values["customer_name"] = values["customer"].name
        self.plan.counts[f"{subject} {kind}"] += 1
        self.plan.changes.append(HeldChange(subject=subject, kind=kind, row=row, **values))

    def refuse(self, row: HeldRow, column: str, value: str, reason: str) -> None:
        self.plan.wrong.add(row.number)
        self.plan.problems.append(Problem(row.number, str(LABELS[column]), value[:200], reason))


def _pk(row: HeldRow) -> int:
    return row.product.pk if row.product else 0


def place_of(postal_code: str, address: str) -> str:
    return f"{postal_code} {key_of(address)}"


def tell_customer(customer: Customer) -> str:
    """A customer as one of several that are alike."""
    return " · ".join(part for part in (customer.name, customer.department, customer.address) if part)


def load_license_ids(codes: Iterable[str]) -> Iterator[LicenseID]:
    """Those with these codes, whoever's they are: codes are unique in the portal, in any case and width."""
    wanted = set(codes)
    for some in in_pieces(sorted(wanted)):
        keys = [key_of(code) for code in some]
        for one in LicenseID.objects.filter(search_key__in=keys).select_related("customer"):
            if code_key(one.code) in wanted:
                yield one


def in_pieces(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def as_day(text: str) -> date:
    return date.fromisoformat(text)
