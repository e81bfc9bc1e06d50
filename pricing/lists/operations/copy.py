"""Make a new draft from any price list."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from licensing.models import User

from ...events import record_event
from ...loader import TableRows, load_tables
from ...models import EndOfSale, PriceList, PriceListEvent


@transaction.atomic
def copy_price_list(*, price_list: PriceList, effective_on: date, by: User, now: datetime, name: str = "") -> PriceList:
    """A draft with everything that the list holds, based on it. Without a name it gets one that is free."""
    draft = PriceList.objects.create(
        name=name or free_name(_("%(name)s (copy)") % {"name": price_list.name}),
        effective_on=effective_on,
        is_sample=price_list.is_sample,
        based_on=price_list,
    )
    products = {table.product.code: table.product for table in price_list.tables.select_related("product")}
    rows = TableRows()
    for code, table in load_tables(price_list=price_list).items():
        rows.add(table, price_list=draft, product=products[code])
    rows.save()
    EndOfSale.objects.bulk_create(
        EndOfSale(price_list=draft, product_id=end.product_id, since_on=end.since_on, successor_id=end.successor_id)
        for end in price_list.ended.order_by("pk")
    )
    record_event(
        price_list=draft,
        kind=PriceListEvent.Kind.COPIED,
        by=by,
        now=now,
        detail={"from": price_list.name, "from_pk": price_list.pk},
    )
    return draft


def free_name(wanted: str) -> str:
    """The name, or the name with the first number that makes it new; at most 100 characters."""
    taken = set(PriceList.objects.values_list("name", flat=True))
    name, number = wanted[:100], 2
    while name in taken:
        end = f" {number}"
        name = f"{wanted[: 100 - len(end)]}{end}"
        number += 1
    return name
