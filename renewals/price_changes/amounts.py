"""What gets dearer or cannot be renewed any more, worked out anew for whoever is written to: of what is held and
ordered at that moment.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from licensing.models import Holding
from pricing.engine.values import Product
from pricing.models import PriceList

from ..desk.rows import rows_of
from ..impact.compare import compare_subject
from ..impact.run import prices_around
from ..impact.subjects import expiring, load_products, renewals_of
from ..models import ImpactRow, ImpactRun
from .queries import WORTH, reasons_of


@dataclass(frozen=True, slots=True)
class Dearer:
    """One license ID. Yen, tax excluded, for one year as held."""

    code: str
    expires_on: date
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Refused:
    """One license ID that is renewed as held by today's list, and refused by the next one."""

    code: str
    expires_on: date
    old: int
    """Yen, tax excluded, for one year as held."""
    reasons: list[Mapping[str, Any]]
    """As `ImpactRow.problems` has them."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a list changes for a customer, the next expiry first."""

    dearer: list[Dearer] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [*(one.code for one in self.refused), *(one.code for one in self.dearer)]

    @property
    def rise(self) -> int:
        """Yen, tax excluded, in a year."""
        return sum(one.new - one.old for one in self.dearer)


def changes_of(customers: Collection[int], *, run: ImpactRun, price_list: PriceList, on: date) -> dict[int, Changed]:
    """By customer what the list makes dearer, and what it refuses. None of who has neither."""
    old, new = prices_around(price_list)
    products: dict[int, Product] = load_products()
    soon = expiring(on=run.on, days=run.days).filter(licenseid__customer__in=customers)
    owners = dict(soon.order_by().values_list("licenseid", "licenseid__customer").distinct())
    worth = {(row.licenseid_id, row.expires_on) for row in rows_of(owners.keys(), on=on) if row.stage in WORTH}
    held = Holding.objects.filter(licenseid__in=owners)
    found: dict[int, Changed] = defaultdict(Changed)
    for subject in renewals_of(run=run, held=held, products=products):
        if (subject.licenseid_pk, subject.day) not in worth:
            continue
        row = compare_subject(run_pk=run.pk, subject=subject, old=old, new=new)
        code, day, amount = row.license_codes, row.day, row.old_amount or 0
        if row.outcome == ImpactRow.Outcome.NEWLY_REFUSED:
            found[owners[subject.licenseid_pk]].refused.append(Refused(code, day, amount, reasons_of(row)))
        elif row.difference is not None and row.difference > 0:
            found[owners[subject.licenseid_pk]].dearer.append(Dearer(code, day, amount, row.new_amount or 0))
    for one in found.values():
        one.dearer.sort(key=lambda row: (row.expires_on, row.code))
        one.refused.sort(key=lambda row: (row.expires_on, row.code))
    return dict(found)
