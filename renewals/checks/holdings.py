"""What of holdings would make a renewal wrong. Each function gives rows, set by set: no query per row."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from licensing.models import Holding, Product, Programme
from licensing.models.licenses import EVERYBODY
from pricing.models import EndOfSale, PriceList, PriceRank, PriceTable

from .scope import HOLDING_KEYS, PATHS, Scope

LONG_DAYS = 180
"""After its expiry a holding is expired for long, where its programme names no last day for late renewals (R13)."""
GRACE_DAYS = 30
"""For which nobody is reminded of what can no longer be renewed: the order may be on its way."""


def _holdings(scope: Scope) -> QuerySet[Holding]:
    rows = Holding.objects.filter(scope.within(PATHS["holding"], HOLDING_KEYS))
    return rows.select_related("licenseid__customer__reseller", "product").order_by("licenseid__code", "pk")


def _priced(price_list: PriceList | None) -> QuerySet[Any, Any]:
    return PriceTable.objects.filter(price_list=price_list).values("product")


def _ended(price_list: PriceList | None) -> QuerySet[EndOfSale]:
    return EndOfSale.objects.filter(price_list=price_list)


def expired_for_long(on: date) -> Q:
    """Holdings of which nobody expects a renewal any more: past the programme's last day, or LONG_DAYS."""
    found = Q(product__programme__late_renewal_days=None, support_expires_on__lt=on - timedelta(days=LONG_DAYS))
    days = Programme.objects.exclude(late_renewal_days=None).order_by().values_list("late_renewal_days", flat=True)
    for late in days.distinct():
        last = on - timedelta(days=max(late or 0, GRACE_DAYS))
        found |= Q(product__programme__late_renewal_days=late, support_expires_on__lt=last)
    return found


def without_price(scope: Scope) -> QuerySet[Any]:
    """Of products that the list in force neither prices nor says to be ended; without what nobody renews any more."""
    rows = _holdings(scope).exclude(expired_for_long(scope.on))
    return rows.exclude(product__in=_priced(scope.in_force)).exclude(
        product__in=_ended(scope.in_force).values("product")
    )


def without_price_next(scope: Scope) -> QuerySet[Any]:
    """Of products that are priced today and not in the next published list, and that run until its first day or longer.

    Those that it says to be ended are among them, where it names no successor.
    """
    if scope.following is None:
        return _holdings(scope).none()
    rows = _holdings(scope).filter(product__in=_priced(scope.in_force))
    rows = rows.filter(support_expires_on__gte=scope.following.effective_on)
    succeeded = _ended(scope.following).exclude(successor=None).values("product")
    return rows.exclude(product__in=_priced(scope.following)).exclude(product__in=succeeded)


def ended_without_successor(scope: Scope) -> QuerySet[Any]:
    """Of products that are not sold any more, with nothing that takes their place, or only what has no price itself."""
    has_successor = Q(successor__in=_priced(scope.in_force))
    ended = _ended(scope.in_force).exclude(has_successor).values("product")
    return _holdings(scope).exclude(expired_for_long(scope.on)).filter(product__in=ended)


def expired_long(scope: Scope) -> QuerySet[Any]:
    return _holdings(scope).filter(expired_for_long(scope.on))


def overlapping(scope: Scope) -> QuerySet[Any]:
    """Perhaps the old and the new row of one thing: of the same product a later one is held, in the same quantity or
    while this one has expired. `later_on`: that one's expiry.
    """
    later = Holding.objects.filter(
        licenseid=OuterRef("licenseid"),
        product=OuterRef("product"),
        support_expires_on__gt=OuterRef("support_expires_on"),
    )
    alike = later.filter(quantity=OuterRef("quantity"))
    rows = _holdings(scope).filter(Exists(alike) | (Q(support_expires_on__lt=scope.on) & Exists(later)))
    return rows.annotate(later_on=Subquery(later.order_by("support_expires_on").values("support_expires_on")[:1]))


def below_minimum(scope: Scope) -> QuerySet[Any]:
    """A product's whole quantity in a license ID, where it is less than can be renewed (R8) or the first rank (R9).

    Rows are dictionaries with `least`. What a programme ranks by its largest product needs no first rank of its own.
    """
    held = Holding.objects.filter(scope.within(PATHS["holding"], HOLDING_KEYS)).exclude(expired_for_long(scope.on))
    products: dict[int, list[int]] = defaultdict(list)
    for product, least in least_renewable(scope.in_force).items():
        products[least].append(product)
    if not products:
        return held.none().values("pk")
    least_of = Case(
        *(When(product__in=numbers, then=Value(least)) for least, numbers in products.items()),
        output_field=IntegerField(),
    )
    bounded = held.filter(product__in=[number for numbers in products.values() for number in numbers])
    sums = bounded.order_by().values("licenseid", "product").annotate(quantity=Sum("quantity"), least=least_of)
    return sums.filter(quantity__lt=F("least")).values(
        "licenseid", "product", "quantity", "least", "licenseid__code", "licenseid__customer__name",
        "licenseid__customer__reseller__name", "product__code", "product__name", "product__name_en",
    ).order_by("licenseid__code", "product__code")  # fmt: skip


def least_renewable(price_list: PriceList | None) -> dict[int, int]:
    """By product, the least quantity that can be renewed, where that is more than 1. One query."""
    ranks = PriceRank.objects.filter(price_table=OuterRef("pk")).order_by("from_quantity").values("from_quantity")
    tables = PriceTable.objects.filter(price_list=price_list).annotate(first=Subquery(ranks[:1]))
    rows = tables.order_by().values_list("product", "minimum_quantity", "first", "product__programme__rank_basis")
    own = Programme.RankBasis.OWN_QUANTITY
    found = {product: max(least, first or 1 if basis == own else 1) for product, least, first, basis in rows}
    return {product: least for product, least in found.items() if least > 1}


def of_another_segment(scope: Scope) -> QuerySet[Any]:
    """Of products that are made for a segment, held by a customer of another or of none (R19)."""
    made_for = Product.objects.exclude(segment__in=["", EVERYBODY]).values("pk")
    rows = _holdings(scope).exclude(expired_for_long(scope.on)).filter(product__in=made_for)
    return rows.exclude(licenseid__customer__segment=F("product__segment"))
