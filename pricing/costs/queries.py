"""Which cost rates are in force on a day, and which a reseller has."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from licensing.models import Reseller

from ..models import CostRate
from .margins import Rate


def rates_on(*, reseller: Reseller | int, codes: Collection[str], on: date) -> dict[str, Rate]:
    """Of the products with these codes, each with what the reseller pays for it on that day. One query.

    A product's own rate beats its programme's, whichever is newer; of each the latest in force counts. A product
    without one is not there.
    """
    if not codes:
        return {}
    rows = (
        CostRate.objects.filter(Q(product__code__in=codes) | Q(programme__products__code__in=codes))
        .filter(reseller=reseller, effective_on__lte=on)
        .order_by()
        .values_list("product__code", "programme__products__code", "percent", "effective_on")
    )
    found: dict[str, tuple[bool, date, Rate]] = {}
    for own, of_programme, percent, effective_on in rows:
        code = own or of_programme
        if code not in codes:
            continue
        rank = (own is not None, effective_on)
        if code not in found or rank > found[code][:2]:
            found[code] = (*rank, Rate(percent, "product" if own else "programme", effective_on))
    return {code: rate for code, (_is_own, _day, rate) in found.items()}


def keeps_rates(reseller: Reseller | int) -> bool:
    """Whether a reseller has entered any: else margins are nothing that it works with."""
    return CostRate.objects.filter(reseller=reseller).exists()


def rates_of(reseller: Reseller) -> QuerySet[Any]:
    """All of a reseller's, with what they are of: of programmes first, then by product; the newest first."""
    return (
        CostRate.objects.filter(reseller=reseller)
        .select_related("programme", "product")
        .order_by("product__code", "programme__code", "-effective_on")
    )
