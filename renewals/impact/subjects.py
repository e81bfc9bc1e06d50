"""What an impact prices: coming renewals as held, and open quotes as they were asked for. A few queries per chunk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from licensing.models import Holding as HoldingRow
from licensing.models import LicenseID
from licensing.models import Product as ProductRow
from licensing.queries import former_codes
from pricing.engine.values import ANYBODY, FreeLine, Holding, HoldingChoice, Product, RenewalRequest
from pricing.loader import product_value
from quotes.models import Quote, QuotePart, State

from ..asked import free_lines_of, from_json, to_requests
from ..models import ImpactRow, ImpactRun

YEARS = 1
"""For how long coming renewals are priced."""
Products = Mapping[int, Product]
"""Engine values by row number."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One renewal or quote, ready to be priced."""

    kind: ImpactRow.Kind
    requests: tuple[RenewalRequest, ...]
    """One per license ID."""
    licenseid_pk: int
    """Of the first one."""
    quote_pk: int | None
    quote_number: str
    reseller_pk: int
    reseller_name: str
    customer_name: str
    day: date
    """The first support expiry that is renewed; of a quote its last day of validity."""
    reduction: int = 0
    """The 値引き on a whole quote (R20)."""
    free_lines: tuple[FreeLine, ...] = ()
    """What a quote charges beside the licenses (R23): under both lists the same, and taxed."""


def load_products() -> dict[int, Product]:
    """Every product as the engine sees it. One query."""
    return {row.pk: product_value(row) for row in ProductRow.objects.select_related("programme")}


def expiring(*, on: date, days: int) -> QuerySet[HoldingRow]:
    """The holdings whose support ends on the day or at most so many days later."""
    return HoldingRow.objects.filter(support_expires_on__gte=on, support_expires_on__lte=on + timedelta(days=days))


def open_quotes(*, on: date) -> QuerySet[Quote]:
    """The quotes that may still be ordered on the day: issued, without an outcome, not revised, and valid (R15)."""
    return Quote.objects.filter(status__state=State.ISSUED, valid_until__gte=on)


def expiring_license_id_numbers(*, on: date, days: int) -> QuerySet[Any, int]:
    """The row numbers of the license IDs that hold something of `expiring`."""
    rows = expiring(on=on, days=days).order_by("licenseid_id")
    return rows.values_list("licenseid_id", flat=True).distinct()


def renewals(*, run: ImpactRun, first: int, last: int, products: Products) -> Iterator[Subject]:
    """License IDs whose row numbers lie between the two: what expires soon is renewed as held, the rest is left out.

    What is left out still counts for the rank as R4 says. Two queries.
    """
    held = HoldingRow.objects.filter(licenseid__gte=first, licenseid__lte=last)
    return renewals_of(run=run, held=held, products=products)


def renewals_of(*, run: ImpactRun, held: QuerySet[HoldingRow], products: Products) -> Iterator[Subject]:
    """The same of the license IDs of these holdings: `held` are all of theirs, as they are now."""
    soon = expiring(on=run.on, days=run.days).filter(licenseid=OuterRef("licenseid"))
    rows = (
        held.filter(Exists(soon))
        .order_by("licenseid", "support_expires_on", "product__code", "pk")
        .values_list("licenseid_id", "pk", "product_id", "quantity", "support_expires_on")
    )
    by_license_id = {pk: list(group) for pk, group in groupby(rows, key=lambda row: row[0])}
    facts = LicenseID.objects.filter(pk__in=by_license_id).order_by("pk")
    until = run.on + timedelta(days=run.days)
    for pk, code, customer, reseller_pk, reseller in facts.values_list(
        "pk", "code", "customer__name", "customer__reseller_id", "customer__reseller__name"
    ):
        choices, days = [], []
        for _, holding_pk, product_pk, quantity, expires_on in by_license_id[pk]:
            holding = Holding(str(holding_pk), products[product_pk], quantity, expires_on)
            is_renewed = run.on <= expires_on <= until
            choices.append(HoldingChoice(holding, quantity if is_renewed else None))
            if is_renewed:
                days.append(expires_on)
        request = RenewalRequest(code, run.priced_on, YEARS, False, tuple(choices), customer_segment=ANYBODY)
        yield Subject(ImpactRow.Kind.RENEWAL, (request,), pk, None, "", reseller_pk, reseller, customer, min(days))


def quotes(*, run: ImpactRun, first: int, last: int, products: Products) -> Iterator[Subject]:
    """Open quotes whose row numbers lie between the two, each with what it was asked for. One query."""
    first_part = QuotePart.objects.filter(quote=OuterRef("pk")).order_by("position")
    rows = (
        open_quotes(on=run.on)
        .filter(pk__gte=first, pk__lte=last)
        .annotate(reseller_name=F("reseller__name"), licenseid_id=Subquery(first_part.values("licenseid")[:1]))
        .order_by("pk")
        .values("pk", "number", "licenseid_id", "reseller_id", "reseller_name", "customer_name", "valid_until", "asked")
    )
    by_code = {product.code: product for product in products.values()}
    by_code |= {old: by_code[code] for old, code in former_codes().items() if code in by_code}
    for row in rows:
        asked = from_json(row["asked"])
        requests = to_requests(asked, on=run.priced_on, products=by_code, customer_segment=ANYBODY)
        yield Subject(ImpactRow.Kind.QUOTE, requests, row["licenseid_id"], row["pk"], row["number"],
                      row["reseller_id"], row["reseller_name"], row["customer_name"], row["valid_until"],
                      asked.reduction, free_lines_of(asked))  # fmt: skip
