"""Price a quote with the prices in force, and say until when a quote of it would be valid. Writes nothing."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db.models import BigIntegerField, CharField, DateField, QuerySet

from foundation.kept_query import KeptQuery, Later
from licensing.models import Customer, Product
from pricing.engine.pricing import RenewalPricing
from pricing.engine.quote import QuotePricing, price_quote
from pricing.engine.renewal import price_renewal
from pricing.engine.values import LEAST_YEARS, MOST_YEARS, FreeLine, QuotedElsewhere, RenewalRequest
from pricing.engine.values import Product as EngineProduct
from pricing.loader import Prices, load_prices, load_products, segment_value
from quotes.models import State
from quotes.record.holdings import quoted_holdings

from ..asked import Asked, AskedTerms, free_lines_of, product_codes, to_requests
from ..models import QuoteDraft
from .own_costs import with_own_costs

MOST_DAYS = 365
"""Of a quote's validity, as of the reseller's setting."""
Elsewhere = Mapping[int, tuple[QuotedElsewhere, ...]]
"""By the number of a holding: other quotes that settle what becomes of it (R22)."""


@dataclass(frozen=True, slots=True)
class Validity:
    """The last day of a quote's validity, until its end in Japan, and what set it (R15)."""

    until: date
    reason: str
    """`days` after issue, `expiry` of support, `left-out`: of what is not quoted but counts in a rank, `price-list`:
    the last day before new prices, or `own`: what the quote itself is to say."""
    asked_until: date | None = None
    """The last day that the quote itself is to say; None: none."""

    @property
    def is_cut(self) -> bool:
        """Whether it ends earlier than the quote itself is to say."""
        return self.asked_until is not None and self.until < self.asked_until


@dataclass(frozen=True)
class Calculation:
    """A priced quote with all that the form shows beside it."""

    pricing: QuotePricing
    prices: Prices
    validity: Validity
    reduction: int = 0
    """The 値引き on the whole that is asked for (R20)."""
    free_lines: tuple[FreeLine, ...] = ()
    """What the reseller charges beside the licenses (R23)."""

    def total_by_years(self) -> dict[int, int | None]:
        """The quote's total with tax for each term of all license IDs, all else unchanged; None where it is refused."""
        totals: dict[int, int | None] = {}
        for years in range(LEAST_YEARS, MOST_YEARS + 1):
            requests = [replace(one, years=years) for one in self._requests]
            pricing = self.pricing if requests == self._requests else self._price(requests)
            totals[years] = None if pricing.is_refused else pricing.total
        return totals

    def subtotal_by_years(self, part: RenewalPricing) -> dict[int, int | None]:
        """One license ID's subtotal, tax excluded, for each term; all else unchanged, None where it is refused."""
        totals: dict[int, int | None] = {}
        for years in range(LEAST_YEARS, MOST_YEARS + 1):
            is_asked = years == part.request.years
            request = replace(part.request, years=years)
            pricing = part if is_asked else price_renewal(request, self.prices.tables, is_compared=False)
            totals[years] = None if pricing.is_refused else pricing.subtotal
        return totals

    def _price(self, requests: list[RenewalRequest]) -> QuotePricing:
        return price_quote(
            requests,
            self.prices.tables,
            reduction=self.reduction,
            free_lines=self.free_lines,
            valid_until=self.validity.asked_until,
        )

    @cached_property
    def rank_when_kept(self) -> dict[str, str]:
        """By holding: the rank it would have if everything were renewed as held, without additions."""
        return {
            line.key: line.rank.rank.rank
            for request in self._requests
            for line in price_renewal(_kept(request), self.prices.tables).lines
        }

    @cached_property
    def _requests(self) -> list[RenewalRequest]:
        return [part.request for part in self.pricing.parts]


def _kept(request: RenewalRequest) -> RenewalRequest:
    return replace(
        request,
        years=LEAST_YEARS,
        is_reduced=False,
        additions=(),
        holdings=tuple(
            replace(
                choice,
                renewal_quantity=None if choice.renewal_quantity is None else choice.holding.quantity,
                offered=None,
            )
            for choice in request.holdings
        ),
    )


def calculate(
    *, asked: Asked, customer: Customer, on: date, key: uuid.UUID | None = None, products: Iterable[Product] = ()
) -> Calculation:
    """Price what a customer wants with the prices in force on the day (R13, R18). Its reseller is loaded.

    `key` is that of its draft, if there is one: where it is a revision, nothing is warned of the quote that it revises
    (R22). `products` are those that are loaded already. Raises KeyError for a product that there is not.
    """
    return calculate_with(
        asked=with_own_costs(asked, key=key, reseller=customer.reseller_id),
        customer=customer,
        on=on,
        prices=load_prices(on=on),
        products=load_products(codes=product_codes(asked), loaded=products),
        elsewhere=quoted_elsewhere(asked=asked, customer=customer, on=on, key=key),
    )


def calculate_with(
    *,
    asked: Asked,
    customer: Customer,
    on: date,
    prices: Prices,
    products: Mapping[str, EngineProduct],
    elsewhere: Elsewhere,
) -> Calculation:
    """The same with all that it needs at hand, for whoever prices many: no query. Raises KeyError likewise."""
    requests = to_requests(
        asked,
        on=on,
        products=products,
        customer_segment=segment_value(customer.segment),
        elsewhere=elsewhere,
    )
    free_lines, until = free_lines_of(asked), own_last_day(asked.terms, on=on)
    pricing = price_quote(requests, prices.tables, reduction=asked.reduction, free_lines=free_lines, valid_until=until)
    validity = quote_validity(pricing=pricing, prices=prices, days=customer.reseller.validity_days, asked=until)
    return Calculation(pricing, prices, validity, asked.reduction, free_lines)


def quoted_elsewhere(*, asked: Asked, customer: Customer, on: date, key: uuid.UUID | None) -> Elsewhere:
    """By holding: its other quotes, open or ordered (R22). However many license IDs there are, one query; where there
    are such quotes, a second one for the quote that is revised.
    """
    codes = [part.license_id for part in asked.parts]
    rows = _quoted_elsewhere(codes, customer.reseller_id, on)
    revised = _revised(key) if rows else None
    return _by_holding(row for row in rows if row[1] != revised)


def all_quoted_elsewhere(*, codes: Collection[str], reseller: int, on: date) -> Elsewhere:
    """The same for the license IDs of many quotes of a reseller that revise nothing. One query."""
    return _by_holding(_quoted_elsewhere(codes, reseller, on))


def _quoted_elsewhere(codes: Collection[str], reseller: int, on: date) -> list[list[Any]]:
    """In the order of issue; they are few, and put in order here: it is dearer to have the database do it."""
    rows: Iterable[Any]
    if len(codes) == 1:
        [code] = codes
        rows = _QUOTED_OF_ONE.rows(code=code, reseller=reseller, on=on)
    else:
        rows = _columns_of(quoted_holdings(codes=codes, reseller=reseller, on=on))
    return [values for _pk, *values in sorted(rows, key=itemgetter(2, 0))]


def _columns_of(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.values_list(
        "pk", "holding", "quote", "quote__key", "quote__number", "quote__status__state", "term_from", "term_until"
    )


def _quoted_of_one() -> QuerySet[Any, Any]:
    code, reseller, on = Later("code", CharField()), Later("reseller", BigIntegerField()), Later("on", DateField())
    return _columns_of(quoted_holdings(codes=[code], reseller=reseller, on=on))


_QUOTED_OF_ONE = KeptQuery(_quoted_of_one)


def _by_holding(rows: Iterable[list[Any]]) -> Elsewhere:
    found: dict[int, tuple[QuotedElsewhere, ...]] = {}
    for holding, _quote, quote_key, number, state, term_from, term_until in rows:
        one = QuotedElsewhere(number, state == State.ORDERED, term_from, term_until, str(quote_key))
        found[holding] = (*found.get(holding, ()), one)
    return found


def _revised(key: uuid.UUID | None) -> int | None:
    """The row of the quote that the draft of this key revises."""
    drafts = QuoteDraft.objects.filter(key=key, is_revision=True).order_by() if key else QuoteDraft.objects.none()
    return drafts.values_list("basis", flat=True).first()


def own_last_day(terms: AskedTerms, *, on: date) -> date | None:
    """Until when a quote of the day is to be valid by its own terms; None: they say nothing. It may be past.

    More days than anybody means are as good as the most that a reseller's setting may have.
    """
    if terms.valid_days is None:
        return terms.valid_until
    return on + timedelta(days=max(-MOST_DAYS, min(terms.valid_days, MOST_DAYS)))


def quote_validity(*, pricing: QuotePricing, prices: Prices, days: int, asked: date | None = None) -> Validity:
    """The earliest of issue day + days, the expiries on which the prices rest, the day before new prices (R15).

    `asked` is the last day by the quote's own terms: it may end the validity earlier, and never later.
    Expiries not passed, in any of its license IDs: of what is renewed, and of what is left out but counts in a rank.
    """
    on = pricing.on
    ends = [Validity(on + timedelta(days=days), "days")]
    ends += [
        Validity(choice.holding.support_expires_on, "expiry")
        for part in pricing.parts
        for choice in part.request.holdings
        if choice.renewal_quantity and choice.holding.support_expires_on >= on
    ]
    ends += [
        Validity(holding.support_expires_on, "left-out") for part in pricing.parts for holding in part.counted_left_out
    ]
    if prices.next_price_list:
        ends.append(Validity(prices.next_price_list.effective_on - timedelta(days=1), "price-list"))
    if asked is not None:
        ends = [replace(end, asked_until=asked) for end in (Validity(asked, "own"), *ends)]
    return min(ends, key=lambda end: end.until)
