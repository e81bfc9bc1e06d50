"""What gets dearer, worked out anew for whoever is written to: of what is held and ordered at that moment."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from licensing.models import Holding
from pricing.engine.values import Product
from pricing.models import PriceList

from ..desk.rows import rows_of
from ..impact.compare import compare_subject
from ..impact.run import prices_around
from ..impact.subjects import expiring, load_products, renewals_of
from ..models import ImpactRun
from .queries import WORTH


@dataclass(frozen=True, slots=True)
class Dearer:
    """One license ID. Yen, tax excluded, for one year as held."""

    code: str
    expires_on: date
    old: int
    new: int


def dearer_of(
    customers: Collection[int], *, run: ImpactRun, price_list: PriceList, on: date
) -> dict[int, list[Dearer]]:
    """By customer, the next expiry first: their license IDs that the list makes dearer. None of who has none."""
    old, new = prices_around(price_list)
    products: dict[int, Product] = load_products()
    soon = expiring(on=run.on, days=run.days).filter(licenseid__customer__in=customers)
    owners = dict(soon.order_by().values_list("licenseid", "licenseid__customer").distinct())
    worth = {(row.licenseid_id, row.expires_on) for row in rows_of(owners.keys(), on=on) if row.stage in WORTH}
    held = Holding.objects.filter(licenseid__in=owners)
    found: dict[int, list[Dearer]] = defaultdict(list)
    for subject in renewals_of(run=run, held=held, products=products):
        if (subject.licenseid_pk, subject.day) not in worth:
            continue
        row = compare_subject(run_pk=run.pk, subject=subject, old=old, new=new)
        if row.difference is not None and row.difference > 0:
            found[owners[subject.licenseid_pk]].append(
                Dearer(row.license_codes, row.day, row.old_amount or 0, row.new_amount or 0)
            )
    return {customer: sorted(rows, key=lambda one: (one.expires_on, one.code)) for customer, rows in found.items()}
