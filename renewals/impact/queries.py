"""The rows of an impact of a price list."""

from django.db.models import F, Q, QuerySet

from foundation.text.search import search_words

from ..models import ImpactRow, ImpactRun

IMPACT_CHOICES = ("all", "changed", "refused", "ranks")
IMPACT_ORDERS = {
    "license": "license_codes",
    "customer": "customer_name",
    "reseller": "reseller_name",
    "day": "day",
    "old": "old_amount",
    "new": "new_amount",
    "difference": "difference",
    "percent": "percent",
}
"""By what the rows of an impact are sorted: name in addresses, and column."""


def impact_rows(
    *,
    run: ImpactRun,
    kind: str,
    only: str = "all",
    reseller: int | None = None,
    product: str = "",
    text: str = "",
    order: str = "-difference",
) -> QuerySet[ImpactRow]:
    """Rows of an impact, those without a value of the order last.

    `only` is one of IMPACT_CHOICES: what costs something else, what is refused by either list, what changes a rank.
    `order` is one of IMPACT_ORDERS, with a minus for the greatest first.
    """
    rows = ImpactRow.objects.filter(run=run, kind=kind)
    outcome = ImpactRow.Outcome
    if only == "changed":
        rows = rows.exclude(outcome__in=[outcome.SAME, outcome.REFUSED])
    elif only == "refused":
        rows = rows.filter(outcome__in=[outcome.NEWLY_REFUSED, outcome.REFUSED, outcome.NO_LONGER_REFUSED])
    elif only == "ranks":
        rows = rows.filter(has_rank_change=True)
    if reseller is not None:
        rows = rows.filter(reseller=reseller)
    if product:
        rows = rows.filter(products__contains=f" {product} ")
    for word in search_words(text):
        rows = rows.filter(
            Q(licenseid__search_key__contains=word)
            | Q(licenseid__customer__search_key__contains=word)
            | Q(quote__search_key__contains=word)
        )
    column = F(IMPACT_ORDERS[order.removeprefix("-")])
    first = column.desc(nulls_last=True) if order.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(first, "license_codes", "pk")
