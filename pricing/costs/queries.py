"""Which cost rates are in force on a day, and which a reseller has."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, DateField, Q, QuerySet

from foundation.among import among_texts_later
from foundation.kept_query import KeptQuery, Later
from licensing.models import Reseller

from ..models import CostRate
from .margins import Rate


def rates_on(*, reseller: Reseller | int, codes: Collection[str], on: date) -> dict[str, Rate]:
    """Of the products with these codes, each with what the reseller pays for it on that day. One query.

    A product's own rate beats its programme's, whichever is newer; of each the latest in force counts. A product
    without one is not there.
    """
    return rates_of_days(reseller=reseller, codes=codes, days=[on])[on]


def rates_of_days(
    *, reseller: Reseller | int, codes: Collection[str], days: Collection[date]
) -> dict[date, dict[str, Rate]]:
    """The same for many days. One query, none where nothing is asked for."""
    by_day: dict[date, dict[str, Rate]] = {day: {} for day in days}
    if not codes or not by_day:
        return by_day
    number = reseller.pk if isinstance(reseller, Reseller) else reseller
    rows = _RATES.rows(codes=codes, reseller=number, until=max(by_day))
    of_code: dict[str, list[tuple[bool, date, Rate]]] = defaultdict(list)
    for own, of_programme, percent, effective_on in rows:
        code = own or of_programme
        if code in codes:
            rate = Rate(percent, "product" if own else "programme", effective_on)
            of_code[code].append((own is not None, effective_on, rate))
    for code, found in of_code.items():
        found.sort(key=lambda one: one[:2])
        for day, known in by_day.items():
            begun = [rate for _is_own, since, rate in found if since <= day]
            if begun:
                known[code] = begun[-1]
    return by_day


def _rates() -> QuerySet[Any, Any]:
    of_product, of_programme = (
        Q(**{f"{name}__in": among_texts_later("codes")}) for name in ("product__code", "programme__products__code")
    )
    until = Later("until", DateField())
    return (
        CostRate.objects.filter(of_product | of_programme)
        .filter(reseller=Later("reseller", BigIntegerField()), effective_on__lte=until)
        .order_by()
        .values_list("product__code", "programme__products__code", "percent", "effective_on")
    )


_RATES = KeptQuery(_rates)


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
