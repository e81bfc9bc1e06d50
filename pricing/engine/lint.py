"""What is wrong or strange in a price list before anyone is quoted with it: findings as values, with stable codes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from .finding import MOST_NAMED, SEVERITIES, Finding, Severity, few, say_years
from .lint_changes import lint_changes, lint_undone, lint_whole, prices_of
from .paradox import YEARS, Paradox, find_paradoxes
from .rules.r05_own_quantity import reached_rank
from .values import PriceTable, PriceTables, Product, Programme, RankBasis
from .wording import Text, plain

__all__ = ["SEVERITIES", "Finding", "Neighbours", "Severity", "lint", "lint_tables", "say_years"]

_NO_END = 10**12
"""Stands for the end of a last band: nobody holds so many."""
_MOST_TOLD = 20
"""Missing ranks of one product."""
_Carrier = tuple[int, int, str]
"""A band of a product that shares its rank: its last quantity below zero, its first, the product's code."""

_ORDER = {code: place for place, code in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The published lists on either side of the first day of the list that is checked."""

    on: date
    """That first day."""
    before: PriceTables | None = None
    """What is in force on the day before."""
    before_on: date | None = None
    is_newer: bool = False
    """Whether it took effect after the list that the checked one is based on, which therefore does not know of it."""
    following: PriceTables | None = None
    """What is published already for a later day."""
    following_on: date | None = None
    product_changes: Mapping[str, Text] = field(default_factory=dict)
    """By product code: what of its registration is not as it was when the compared list was made."""


def lint(
    *,
    prices: PriceTables,
    compared: PriceTables | None,
    products: Mapping[str, Product],
    held: Collection[str],
    change_percent: Decimal,
    around: Neighbours | None = None,
) -> tuple[Finding, ...]:
    """All that is to be said of a price list, the gravest first, what is new before what the compared list has too.

    `prices`: with the tax rates of its first day. `around`: None where nobody knows. The others: as of `lint_tables`.
    """
    findings = list(
        lint_tables(prices=prices, compared=compared, products=products, held=held, change_percent=change_percent)
    )
    findings += _tell_paradoxes(prices, products)
    if compared is not None:
        findings += lint_whole(prices, compared)
        known = {finding.place for finding in _lint_itself(compared, products)}
        known |= {finding.place for finding in _tell_paradoxes(compared, products)}
        findings = [replace(finding, is_new=False) if finding.place in known else finding for finding in findings]
    if around is not None:
        findings += _lint_tax(prices, products, around.on)
        findings += _lint_around(prices, compared, around)
    return tuple(sorted(findings, key=lambda one: (_ORDER[one.code], not one.is_new, one.product_code)))


def lint_tables(
    *,
    prices: PriceTables,
    compared: PriceTables | None,
    products: Mapping[str, Product],
    held: Collection[str],
    change_percent: Decimal,
) -> Iterator[Finding]:
    """All that blocks or is to be ticked whatever day the list is for, and not whether it is new.

    In no order, and with some of what is only good to know.

    `compared`: the list that it is based on, else the one that it takes the place of, None where there is none.
    `products`: by code, all that have a table or are held. `held`: the codes of products that somebody holds now.
    `change_percent`: a price that changes by more than this many percent is to be ticked.
    """
    yield from _lint_list(prices, compared, held)
    yield from _lint_itself(prices, products)
    if compared is not None:
        for code, table in prices.tables.items():
            if (before := compared.tables.get(code)) is not None:
                yield from lint_changes(table, before, change_percent)
    yield from _lint_additions(prices, compared)


def _lint_itself(prices: PriceTables, products: Mapping[str, Product]) -> Iterator[Finding]:
    """What is found in a list without looking at another; products that nobody asks about are passed over."""
    tables = {code: table for code, table in prices.tables.items() if code in products}
    for code, table in tables.items():
        yield from _lint_ranks(products[code], table)
        yield from _lint_discounts(products[code], table)
    yield from _lint_shared_ranks(PriceTables(prices.price_list, tables, {}), products)


def _lint_list(prices: PriceTables, compared: PriceTables | None, held: Collection[str]) -> Iterator[Finding]:
    """What is missing from the list as a whole, and which products are new in it."""
    if not prices.tables:
        yield Finding("no-tables")
    for code in set(held) - set(prices.tables) - set(prices.ended):
        yield Finding("held-product-missing", code, facts={"code": code})
    for code, end in prices.ended.items():
        if code in prices.tables:
            yield Finding("ended-has-prices", code, facts={"code": code, "since": end.since_on})
        if end.successor is not None and end.successor.code not in prices.tables:
            facts = {"code": code, "successor": end.successor.code}
            yield Finding("successor-without-prices", code, facts=facts)
    if compared is None:
        return
    for code in (set(compared.tables) - set(compared.ended)) & set(prices.ended):
        words = "product-ended-held" if code in held else "product-ended"
        yield Finding("product-ended", code, facts={"code": code, "since": prices.ended[code].since_on}, words=words)
    for code in set(compared.tables) - set(prices.tables) - set(prices.ended) - set(held):
        yield Finding("product-gone", code, facts={"code": code})
    for code in set(prices.tables) - set(compared.tables):
        yield Finding("product-added", code, facts={"code": code})


def _lint_tax(prices: PriceTables, products: Mapping[str, Product], on: date) -> Iterator[Finding]:
    """Tax categories of the list's products that have no rate on its first day: nothing could be quoted (R14)."""
    without: dict[str, list[str]] = {}
    for code in sorted(prices.tables):
        category = products[code].tax_category
        if category not in prices.tax_rates:
            without.setdefault(category, []).append(code)
    for category, codes in without.items():
        facts = {"category": category, "day": on, "count": len(codes), "products": few(codes)}
        yield Finding("tax-rate-missing", facts=facts)


def _lint_around(prices: PriceTables, compared: PriceTables | None, around: Neighbours) -> Iterator[Finding]:
    """What the following list takes back of this one, and this one of the list in between; and changed products."""
    if around.following is not None:
        facts = {"list": around.following.price_list, "day": around.following_on}
        later = around.following
        yield from lint_undone(kind="following", base=around.before, changed=prices, later=later, facts=facts)
    if around.before is not None and around.is_newer:
        facts = {"list": around.before.price_list, "day": around.before_on}
        changed = around.before
        yield from lint_undone(kind="between", base=compared, changed=changed, later=prices, facts=facts)
    for code, what in around.product_changes.items():
        name = compared.price_list if compared is not None else ""
        yield Finding("product-changed", code, facts={"code": code, "list": name, "what": what})


def _lint_ranks(product: Product, table: PriceTable) -> Iterator[Finding]:
    """Each rank, and each with the next."""
    code = product.code
    if not table.ranks:
        yield Finding("no-ranks", code, facts={"code": code})
        return
    first = table.ranks[0]
    if table.minimum_quantity < first.from_quantity:
        facts = {
            "code": code,
            "minimum": table.minimum_quantity,
            "rank": first.rank,
            "first": first.from_quantity,
            "last": first.from_quantity - 1,
        }
        yield Finding("minimum-below-first-rank", code, (first.rank,), facts=facts)
    for rank in table.ranks:
        if rank.renewal_price == 0:
            yield Finding("renewal-price-missing", code, (rank.rank,), facts={"code": code, "rank": rank.rank})
        if rank.addition_price == 0:
            yield Finding("addition-price-zero", code, (rank.rank,), facts={"code": code, "rank": rank.rank})
    for lower, higher in pairwise(table.ranks):
        for kind, one, other in prices_of(lower, higher):
            if other < one:
                continue
            facts = {"code": code, "lower": lower.rank, "higher": higher.rank, "one": one, "other": other}
            finding = "ranks-equal" if other == one else "price-rises"
            yield Finding(finding, code, (lower.rank, higher.rank), facts=facts, words=f"{finding}-{kind}")


def _lint_discounts(product: Product, table: PriceTable) -> Iterator[Finding]:
    """Multi-year discounts that are not allowed, fall with the years, or end before the longest term (R10)."""
    code = product.code
    discounts = sorted(table.multi_year_discounts.items())
    if not discounts:
        return
    if not product.is_multi_year_discountable:
        yield Finding("discount-not-allowed", code, years=tuple(years for years, _ in discounts), facts={"code": code})
        return
    if tiny := [(years, percent) for years, percent in discounts if percent < 1]:
        numbers = tuple(years for years, _ in tiny)
        yield Finding("discount-tiny", code, years=numbers, facts={"code": code, "discounts": tuple(tiny)})
    for (fewer, one), (more, other) in pairwise(discounts):
        if other < one:
            facts = {"code": code, "fewer": fewer, "more": more, "one": plain(one), "other": plain(other)}
            yield Finding("discount-falls", code, years=(fewer, more), facts=facts)
    first = discounts[0][0]
    without = tuple(years for years in YEARS if years > first and years not in table.multi_year_discounts)
    if without:
        facts = {"code": code, "fewer": first, "without": say_years(without)}
        yield Finding("discount-ends", code, years=without, facts=facts)


def _lint_additions(prices: PriceTables, compared: PriceTables | None) -> Iterator[Finding]:
    """Ranks without an addition price, where there was one or where other ranks have one (R11)."""
    for code, table in prices.tables.items():
        before = compared.tables.get(code) if compared is not None else None
        without = [rank.rank for rank in table.ranks if rank.addition_price is None]
        old = {rank.rank: rank.addition_price is not None for rank in before.ranks} if before is not None else {}
        lost = tuple(rank for rank in without if old.get(rank))
        others = tuple(rank for rank in without if not old.get(rank))
        if lost:
            yield Finding("addition-price-lost", code, lost, facts={"code": code, "ranks": ", ".join(lost)})
        if others and len(without) < len(table.ranks):
            is_new = any(rank not in old for rank in others)
            facts = {"code": code, "ranks": ", ".join(others)}
            yield Finding("addition-price-partly", code, others, facts=facts, is_new=is_new)


def _lint_shared_ranks(prices: PriceTables, products: Mapping[str, Product]) -> Iterator[Finding]:
    """Products without a rank that another of their programme can carry to them: they would be refused (R6)."""
    sharing: dict[str, list[PriceTable]] = {}
    for code, table in prices.tables.items():
        programme = products[code].programme
        if programme.rank_basis is RankBasis.LARGEST_PRODUCT:
            sharing.setdefault(programme.code, []).append(table)
    for tables in sharing.values():
        yield from _lint_one_programme(tables, products[tables[0].product_code].programme)


def _lint_one_programme(sharing: Sequence[PriceTable], programme: Programme) -> Iterator[Finding]:
    """The same for the products of one programme."""
    carriers_of: dict[str, list[_Carrier]] = {}
    for table in sharing:
        ends = [threshold - 1 for threshold in table.thresholds[1:]]
        for band, last in zip(table.ranks, [*ends, _NO_END], strict=False):
            carriers_of.setdefault(band.rank, []).append((-last, band.from_quantity, table.product_code))
    for carriers in carriers_of.values():
        carriers.sort()  # the furthest band first
    for table in sharing:
        if not table.ranks:
            continue  # told already
        missing: dict[str, list[str]] = {}
        for rank, carriers in carriers_of.items():
            if rank not in table.rank_by_code and (carrying := _carrying(carriers, table)):
                missing[rank] = carrying
                if len(missing) == _MOST_TOLD:
                    break
        if missing:
            carrying = sorted({code for codes in missing.values() for code in codes})
            facts = {
                "code": table.product_code,
                "ranks": few(sorted(missing), 5),
                "carriers": few(carrying),
                "programme": programme,
            }
            yield Finding("shared-rank-missing", table.product_code, tuple(sorted(missing)), facts=facts)


def _carrying(carriers: list[_Carrier], table: PriceTable) -> list[str]:
    """The first of the products that can be the largest in their band, with as much of this one as its minimum asks.

    At the same quantity the tie decides (R6, R8).
    """
    minimum = table.minimum_quantity
    own = reached_rank(table, minimum)
    tie = (-(own.from_quantity if own else 0), table.product_code)
    found: list[str] = []
    for last, from_quantity, code in carriers:
        if -last < minimum or len(found) > MOST_NAMED:
            break
        if -last > minimum or (-from_quantity, code) < tie:
            found.append(code)
    return found


def _tell_paradoxes(prices: PriceTables, products: Mapping[str, Product]) -> Iterator[Finding]:
    """Where fewer licenses cost more; products that nobody asks about are passed over."""
    for code, table in prices.tables.items():
        if code in products:
            yield from _paradoxes_of(products[code], table)


def _paradoxes_of(product: Product, table: PriceTable) -> Iterator[Finding]:
    """Where fewer licenses cost more, for all numbers of years in which it is the same quantities."""
    differs = product.is_multi_year_discountable and table.multi_year_discounts
    rows: list[tuple[int, Paradox]] = []
    for years in YEARS if differs else YEARS[:1]:
        rows += [(years, paradox) for paradox in find_paradoxes(product, table, years)]
    rows.sort(key=lambda row: _where(row[1]))
    for _place, group in groupby(rows, key=lambda row: _where(row[1])):
        same = list(group)
        years, paradox = same[0]
        numbers = tuple(number for number, _ in same) if differs else YEARS
        facts = {
            "code": product.code,
            "rank": paradox.rank.rank,
            "first": paradox.first,
            "last": paradox.last,
            "years": years,
            "all_years": say_years(numbers),
            "amount": paradox.first_amount,
            "kept_rank": paradox.kept_rank.rank,
            "kept_quantity": paradox.kept_quantity,
            "kept_amount": paradox.kept_amount,
        }
        words = "paradox-one" if paradox.first == paradox.last else ""
        ranks = (paradox.rank.rank, paradox.kept_rank.rank)
        yield Finding("paradox", product.code, ranks, years=numbers, facts=facts, words=words)


def _where(paradox: Paradox) -> tuple[int, int, int]:
    return paradox.first, paradox.last, paradox.kept_quantity
