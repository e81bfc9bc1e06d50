"""What an impact prices: coming renewals as held, and open quotes as they were asked for. A few queries per chunk."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from licensing.models import Holding as HoldingRow
from licensing.models import LicenseID
from licensing.models import Product as ProductRow
from pricing.engine.values import ANYBODY, Addition, Holding, HoldingChoice, Product, RenewalRequest
from pricing.loader import product_value

from ...models import ImpactRow, ImpactRun, Quote, QuoteLine, State

YEARS = 1
"""For how long coming renewals are priced."""
Products = Mapping[int, Product]
"""Engine values by row number."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One renewal or quote, ready to be priced."""

    kind: ImpactRow.Kind
    request: RenewalRequest
    licenseid_pk: int
    quote_pk: int | None
    quote_number: str
    reseller_pk: int
    reseller_name: str
    customer_name: str
    day: date
    """The first support expiry that is renewed; of a quote its last day of validity."""


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
    soon = expiring(on=run.on, days=run.days).filter(licenseid=OuterRef("licenseid"))
    rows = (
        HoldingRow.objects.filter(licenseid__gte=first, licenseid__lte=last)
        .filter(Exists(soon))
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
        yield Subject(ImpactRow.Kind.RENEWAL, request, pk, None, "", reseller_pk, reseller, customer, min(days))


def quotes(*, run: ImpactRun, first: int, last: int, products: Products) -> Iterator[Subject]:
    """Open quotes whose row numbers lie between the two, each with the request that it answers. Three queries.

    What was renewed, discontinued and added stands in the quote; so does which holdings were left out, and they count
    with their present expiry. A holding that is gone since does not count.
    """
    rows = (
        open_quotes(on=run.on)
        .filter(pk__gte=first, pk__lte=last)
        .annotate(discontinued=F("document__discontinued"), reseller_name=F("reseller__name"))
        .order_by("pk")
        .values("pk", "number", "licenseid_id", "license_code", "reseller_id", "reseller_name", "customer_name",
                "valid_until", "years", "is_reduced", "entry", "discontinued")
    )  # fmt: skip
    found = list(rows)
    lines: dict[int, list[QuoteLine]] = defaultdict(list)
    for line in QuoteLine.objects.filter(quote__in=[row["pk"] for row in found]).order_by("quote", "position"):
        lines[line.quote_id].append(line)
    left_out = {row["pk"]: held_but_left_out(row["entry"]) for row in found}
    kept = HoldingRow.objects.filter(pk__in={pk for held in left_out.values() for pk in held})
    holdings = {row.pk: row for row in kept}
    by_code = {product.code: product for product in products.values()}
    for row in found:
        choices = [*renewed(lines[row["pk"]], products), *discontinued(row["discontinued"] or (), by_code)]
        for pk, quantity in left_out[row["pk"]].items():
            if (held := holdings.get(pk)) is not None:
                holding = Holding(f"left-{pk}", products[held.product_id], quantity, held.support_expires_on)
                choices.append(HoldingChoice(holding, None))
        additions = [
            Addition(f"added-{line.position}", products[line.product_id], line.quantity)
            for line in lines[row["pk"]]
            if line.kind == QuoteLine.Kind.ADDITION
        ]
        request = RenewalRequest(
            license_id=row["license_code"],
            on=run.priced_on,
            years=row["years"],
            is_reduced=row["is_reduced"],
            holdings=tuple(choices),
            additions=tuple(additions),
            customer_segment=ANYBODY,
        )
        yield Subject(ImpactRow.Kind.QUOTE, request, row["licenseid_id"], row["pk"], row["number"],
                      row["reseller_id"], row["reseller_name"], row["customer_name"], row["valid_until"])  # fmt: skip


def renewed(lines: Iterable[QuoteLine], products: Products) -> Iterator[HoldingChoice]:
    """The holdings that a quote renews."""
    for line in lines:
        if line.kind != QuoteLine.Kind.ADDITION and line.held_quantity and line.support_expires_on:
            product = products[line.product_id]
            holding = Holding(f"line-{line.position}", product, line.held_quantity, line.support_expires_on)
            yield HoldingChoice(holding, line.quantity)


def discontinued(rows: Iterable[Mapping[str, Any]], products: Mapping[str, Product]) -> Iterator[HoldingChoice]:
    """The holdings that a quote lets end."""
    for position, row in enumerate(rows):
        if product := products.get(row["product_code"]):
            expires_on = date.fromisoformat(row["support_expires_on"])
            yield HoldingChoice(Holding(f"ended-{position}", product, row["held_quantity"], expires_on), 0)


def held_but_left_out(entry: Mapping[str, list[str]]) -> dict[int, int]:
    """Held quantity by holding's row number, of those that the quote's form showed and nobody ticked."""
    held = re.findall(r"(\d+):(\d+)", " ".join(entry.get("held", ())))
    return {int(pk): int(quantity) for pk, quantity in held if not any(entry.get(f"renew-{pk}", ()))}
