"""What a list changes: its rows beside the customers, license IDs and holdings of the one reseller whose list it is.

Customers of other resellers are never looked at. Of license IDs, which are unique in the portal, only that one is
somebody else's is told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from foundation.integrity.bulk import in_pieces
from foundation.text.names import key_of

from ...models import Holding, LicenseID, Reseller
from ..reading import LABELS, HeldRow, Problem, code_key
from .changes import Change, Kind, Plan, Subject
from .customers import CustomerBook, same_text


class Held(NamedTuple):
    """A holding as it stands in the database: very many are looked at."""

    pk: int
    licenseid_id: int
    product_id: int
    quantity: int
    expires_on: date

    @property
    def values(self) -> dict[str, Any]:
        return {"quantity": self.quantity, "expires_on": self.expires_on.isoformat()}


class Comparison:
    """One list beside what the portal has of its reseller."""

    def __init__(
        self, *, reseller: Reseller, rows: Iterable[HeldRow], answers: Mapping[str, Any], is_whole: bool = False
    ) -> None:
        self.reseller, self.is_whole = reseller, is_whole
        self.plan = Plan()
        self.customers = CustomerBook(reseller=reseller, answers=answers, plan=self.plan)
        self.by_code: dict[str, list[HeldRow]] = defaultdict(list)
        self.alone: list[HeldRow] = []
        self.ended: dict[str, list[HeldRow]] = defaultdict(list)
        last, key = "", ""
        for row in rows:
            if row.is_wrong:
                continue
            code = row.values.get("license_id")
            if row.is_ended:
                if code:
                    self.ended[code_key(code)].append(row)
                continue
            if not code:
                self.alone.append(row)
                continue
            if code != last:
                last, key = code, code_key(code)
            self.by_code[key].append(row)
        self.license_ids = {code_key(one.code): one for one in load_license_ids({*self.by_code, *self.ended})}
        own = [one.pk for one in self.license_ids.values() if one.customer.reseller_id == reseller.pk]
        self.held: dict[int, list[Held]] = defaultdict(list)
        for each in load_held(own):
            self.held[each.licenseid_id].append(each)

    def run(self, *, is_clear: bool = True) -> Plan:
        """`is_clear`: nothing is asked about the rows themselves."""
        for key, rows in self.by_code.items():
            self.compare_license_id(key, rows)
        for key in self.ended.keys() - self.by_code.keys():
            self.compare_ended(key)
        for row in self.alone:
            self.customers.find(row, None)
        self.customers.compare()
        if self.is_whole:
            self.propose_gone_ids(self.by_code.keys() | self.ended.keys())
        if self.plan.questions or self.plan.wrong or not is_clear:  # what is left out of the list is not gone
            self.plan.leave_out_gone()
        self.plan.changes.sort(key=lambda change: change.order)
        return self.plan

    def compare_license_id(self, key: str, rows: list[HeldRow]) -> None:
        known = self.license_ids.get(key)
        if known is not None and known.customer.reseller_id != self.reseller.pk:
            for row in rows:
                reason = _("This license ID is registered with somebody else. Ask the portal admin.")
                code = str(row.values["license_id"])
                self.plan.refuse(Problem(row.number, str(LABELS["license_id"]), code, reason))
            return
        found = [(row, self.customers.find(row, known)) for row in rows]
        keys = {each for _row, each in found if each is not None}
        if not keys:
            return
        rows = [row for row, each in found if each is not None]
        first = min(keys)
        customer = self.customers.customer_of(first)
        name = customer.name if customer else self.customers.said[first][1]["name"]
        code = known.code if known else rows[0].values["license_id"]
        about = (customer.pk if customer else None, name, code)
        note = next((row.values["note"] for row in rows if row.values.get("note")), None)
        if known is None:
            self.plan.add(Change(Subject.LICENSE_ID, Kind.NEW, rows[0].number, *about, new={"note": note or ""}))
        elif note is not None and not same_text(note, known.note):
            change = Change(Subject.LICENSE_ID, Kind.CHANGED, rows[0].number, *about, object_pk=known.pk)
            change.old, change.new = {"note": known.note}, {"note": note}
            self.plan.add(change)
        else:
            self.plan.count(Subject.LICENSE_ID, "same")
        self.compare_holdings(about, [row for row in rows if row.product is not None], known, self.ended.get(key, ()))

    def compare_ended(self, key: str) -> None:
        """A license ID of which the list has nothing but rows that are not held any more: it is never made by them."""
        known = self.license_ids.get(key)
        if known is not None and known.customer.reseller_id == self.reseller.pk:
            about = (known.customer_id, known.customer.name, known.code)
            self.compare_holdings(about, [], known, self.ended[key])

    def compare_holdings(
        self,
        about: tuple[int | None, str, str],
        rows: list[HeldRow],
        known: LicenseID | None,
        ended: Iterable[HeldRow],
    ) -> None:
        held = self.held.get(known.pk, []) if known else []
        if not held and not self.is_whole:
            for row in rows:
                self.add_holding(about, row, None)
            return
        left = {(each.product_id, each.expires_on): each for each in held}
        open_rows: dict[int, list[HeldRow]] = defaultdict(list)
        for row in rows:
            holding = left.pop((_pk(row), row.values["expires_on"]), None)
            if holding is None:
                open_rows[_pk(row)].append(row)
            elif holding.quantity == row.values["quantity"]:
                self.plan.count(Subject.HOLDING, "same")
            else:
                self.add_holding(about, row, holding)
        for product, new_rows in open_rows.items():
            gone = [each for each in left.values() if each.product_id == product]
            if len(new_rows) == len(gone) == 1:  # renewed: the same holding, with another day
                del left[product, gone[0].expires_on]
                self.add_holding(about, new_rows[0], gone[0])
                continue
            for row in new_rows:
                self.add_holding(about, row, None)
        for row in ended:
            for holding in ended_holdings(row, left.values()):
                del left[holding.product_id, holding.expires_on]
                self.propose_gone(about, [holding], row.number)
        if self.is_whole:
            self.propose_gone(about, left.values())

    def add_holding(self, about: tuple[int | None, str, str], row: HeldRow, holding: Held | None) -> None:
        """A new one, or one that is changed."""
        new = {"quantity": row.values["quantity"], "expires_on": row.values["expires_on"].isoformat()}
        change = Change(Subject.HOLDING, Kind.NEW, row.number, *about, _pk(row), None, new)
        if holding is not None:
            change.kind, change.old, change.object_pk = Kind.CHANGED, holding.values, holding.pk
        self.plan.add(change)

    def propose_gone(self, about: tuple[int | None, str, str], left: Iterable[Held], row: int = 0) -> None:
        """`row`: of the list, where that says it; 0 where the list says nothing of it."""
        for each in left:
            change = Change(Subject.HOLDING, Kind.GONE, row, *about, each.product_id, each.values, object_pk=each.pk)
            self.plan.add(change)

    def propose_gone_ids(self, mentioned: Collection[str]) -> None:
        """The holdings of the reseller's license IDs that a complete list does not name."""
        ids = LicenseID.objects.filter(customer__reseller=self.reseller).order_by("pk")
        others = {
            pk: (customer, name, code)
            for pk, customer, name, code in ids.values_list("pk", "customer_id", "customer__name", "code")
            if code_key(code) not in mentioned
        }
        for each in load_held(list(others)):
            self.propose_gone(others[each.licenseid_id], [each])


def _pk(row: HeldRow) -> int:
    return row.product.pk if row.product else 0


def ended_holdings(row: HeldRow, left: Iterable[Held]) -> list[Held]:
    """What a row that is not held any more may mean of what is left of its license ID.

    The holding of its product and day; else the only one of its product, unless that was renewed since (a later day). A
    row without a product means all.
    """
    if row.product is None:
        names_product = "product_code" in row.values or "product_name" in row.values
        return [] if names_product else list(left)
    found = [each for each in left if each.product_id == row.product.pk]
    day = row.values.get("expires_on")
    exact = [each for each in found if each.expires_on == day]
    if exact or len(found) != 1:
        return exact
    return found if day is None or found[0].expires_on < day else []


def load_license_ids(codes: Collection[str]) -> Iterator[LicenseID]:
    """Those with these codes, whoever's they are: codes are unique in the portal, in any case and width."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_key[key_of(code)].append(code)
    for keys in in_pieces(sorted(by_key), at_once()):
        for one in LicenseID.objects.filter(search_key__in=keys).select_related("customer"):
            if code_key(one.code) in by_key[one.search_key]:
                yield one


def load_held(licenseids: Sequence[int]) -> Iterator[Held]:
    """What these license IDs (pk) hold, in the order in which it was entered."""
    columns = ("pk", "licenseid_id", "product_id", "quantity", "support_expires_on")
    for numbers in in_pieces(licenseids, at_once()):
        for row in Holding.objects.filter(licenseid__in=numbers).order_by("pk").values_list(*columns):
            yield Held(*row)


def at_once() -> int:
    """How many values one condition takes."""
    return min(connection.features.max_query_params or 5_000, 5_000)


def as_day(text: str) -> date:
    return date.fromisoformat(text)
