"""What is wrong or strange in a price list before anyone is quoted with it: findings as values, with stable codes."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from itertools import groupby, pairwise

from .lint_wording import LINT_TITLES, LINT_WORDS
from .paradox import YEARS, Paradox, find_paradoxes
from .rank import LARGEST_PRODUCT, reached_rank
from .values import PriceRank, PriceTable, PriceTables, Product
from .wording import Language


class Severity(Enum):
    """What a finding asks of the person who publishes."""

    BLOCKS = "blocks"
    """The list cannot be published."""
    TICK = "tick"
    """It may be meant so: published only after its code was ticked as read."""
    INFORMATION = "information"
    """Good to know."""


SEVERITIES: Mapping[str, Severity] = {
    "no-tables": Severity.BLOCKS,
    "no-ranks": Severity.BLOCKS,
    "minimum-below-first-rank": Severity.BLOCKS,
    "renewal-price-missing": Severity.BLOCKS,
    "shared-rank-missing": Severity.BLOCKS,
    "held-product-missing": Severity.BLOCKS,
    "discount-not-allowed": Severity.BLOCKS,
    "price-rises": Severity.TICK,
    "price-changed": Severity.TICK,
    "ranks-equal": Severity.TICK,
    "discount-falls": Severity.TICK,
    "addition-price-lost": Severity.TICK,
    "addition-price-zero": Severity.TICK,
    "addition-price-partly": Severity.INFORMATION,
    "discount-ends": Severity.INFORMATION,
    "product-gone": Severity.INFORMATION,
    "paradox": Severity.INFORMATION,
}
"""Every code, in the order in which findings are told. Stable: a code may be added, never changed."""

_NO_END = 10**12
"""Stands for the end of a last band: nobody holds so many."""
_MOST_TOLD = 20
"""Missing ranks of one product."""
_MOST_NAMED = 3
"""Products in a sentence."""
_Carrier = tuple[int, int, str]
"""A band of a TRSL product: its last quantity below zero, its first, the product's code."""

_ORDER = {code: place for place, code in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the linter found, and where."""

    code: str
    product_code: str = ""
    """Empty: the list as a whole."""
    ranks: tuple[str, ...] = ()
    """The codes of the ranks concerned; empty: the whole table."""
    years: tuple[int, ...] = ()
    """The numbers of years concerned; empty: it does not depend on them."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What the words mention."""
    words: str = ""
    """Which words to use where a code has several; empty: those of the code."""

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.code]

    def what(self, language: Language) -> str:
        """What was found, in one or two sentences."""
        return LINT_WORDS[self.words or self.code][0][language].format(**self.facts)

    def what_to_do(self, language: Language) -> str:
        """What the reader can do about it."""
        return LINT_WORDS[self.words or self.code][1][language].format(**self.facts)


def title_of(code: str, language: Language) -> str:
    """A heading for all findings of a code."""
    return LINT_TITLES[code][language]


def lint(
    *,
    prices: PriceTables,
    compared: PriceTables | None,
    products: Mapping[str, Product],
    held: Collection[str],
    change_percent: Decimal,
) -> tuple[Finding, ...]:
    """All that is to be said of a price list, the gravest first, then by product.

    `compared`: the list that it takes the place of, None where there is none. `products`: by code, all that have a
    table or are held. `held`: the codes of products that somebody holds now. `change_percent`: a price that changes by
    more than this many percent is told.
    """
    findings = list(_lint_list(prices, compared, held))
    for code, table in prices.tables.items():
        product = products[code]
        before = compared.tables.get(code) if compared is not None else None
        findings += _lint_ranks(product, table)
        findings += _lint_discounts(product, table)
        if before is not None:
            findings += _lint_changes(product, table, before, change_percent)
        findings += _lint_additions(product, table, before)
        findings += _tell_paradoxes(product, table)
    findings += _lint_shared_ranks(prices, products)
    return tuple(sorted(findings, key=lambda finding: (_ORDER[finding.code], finding.product_code)))


def _lint_list(prices: PriceTables, compared: PriceTables | None, held: Collection[str]) -> Iterator[Finding]:
    """What is missing from the list as a whole."""
    if not prices.tables:
        yield Finding("no-tables")
    for code in set(held) - set(prices.tables):
        yield Finding("held-product-missing", code, facts={"code": code})
    gone = set(compared.tables) - set(prices.tables) - set(held) if compared is not None else ()
    for code in gone:
        yield Finding("product-gone", code, facts={"code": code})


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
        for kind, one, other in _prices_of(lower, higher):
            if other < one:
                continue
            facts = {"code": code, "lower": lower.rank, "higher": higher.rank, "one": one, "other": other}
            finding = "ranks-equal" if other == one else "price-rises"
            yield Finding(finding, code, (lower.rank, higher.rank), facts=facts, words=f"{finding}-{kind}")


def _prices_of(one: PriceRank, other: PriceRank) -> Iterator[tuple[str, int, int]]:
    """The prices that two ranks both have, with their kind. What is 0 is missing, and told so."""
    if one.renewal_price and other.renewal_price:
        yield "renewal", one.renewal_price, other.renewal_price
    if one.addition_price and other.addition_price:
        yield "addition", one.addition_price, other.addition_price


def _lint_discounts(product: Product, table: PriceTable) -> Iterator[Finding]:
    """Multi-year discounts that are not allowed, fall with the years, or end before the longest term (R10)."""
    code = product.code
    discounts = sorted(table.multi_year_discounts.items())
    if not discounts:
        return
    if not product.is_multi_year_discountable:
        yield Finding("discount-not-allowed", code, years=tuple(years for years, _ in discounts), facts={"code": code})
        return
    for (fewer, one), (more, other) in pairwise(discounts):
        if other < one:
            facts = {"code": code, "fewer": fewer, "more": more, "one": _plain(one), "other": _plain(other)}
            yield Finding("discount-falls", code, years=(fewer, more), facts=facts)
    first = discounts[0][0]
    without = tuple(years for years in YEARS if years > first and years not in table.multi_year_discounts)
    if without:
        facts = {"code": code, "fewer": first, "without": say_years(without)}
        yield Finding("discount-ends", code, years=without, facts=facts)


def _lint_changes(product: Product, table: PriceTable, before: PriceTable, percent: Decimal) -> Iterator[Finding]:
    """Prices that differ much from the compared list's: at the same rank, and at the same quantity."""
    changes = []
    for rank, old in _compared_ranks(table, before):
        for kind, was, now in _prices_of(old, rank):
            change = Decimal(100 * (now - was)) / was
            if abs(change) > percent:
                changes.append((change, kind, rank, was, now))
    if not changes:
        return
    change, kind, rank, was, now = max(changes, key=lambda row: abs(row[0]))
    rounded = change.quantize(Decimal("0.1"), ROUND_HALF_UP)
    facts = {"code": product.code, "count": len(changes), "limit": _plain(percent), "rank": rank.rank}
    facts |= {"was": was, "now": now, "change": f"{rounded:+,}"}
    ranks = tuple(dict.fromkeys(row[2].rank for row in changes))
    yield Finding("price-changed", product.code, ranks, facts=facts, words=f"price-changed-{kind}")


def _compared_ranks(table: PriceTable, before: PriceTable) -> Iterator[tuple[PriceRank, PriceRank]]:
    """Each rank with the one it takes the place of: that of its code; and where a quantity changed its rank, both."""
    pairs = [(rank, before.rank_by_code[rank.rank]) for rank in table.ranks if rank.rank in before.rank_by_code]
    for quantity in sorted({*table.thresholds, *before.thresholds}):
        rank, old = reached_rank(table, quantity), reached_rank(before, quantity)
        if rank is not None and old is not None and rank.rank != old.rank:
            pairs.append((rank, old))
    yield from dict.fromkeys(pairs)


def _lint_additions(product: Product, table: PriceTable, before: PriceTable | None) -> Iterator[Finding]:
    """Ranks without an addition price, where there was one or where other ranks have one (R11)."""
    code = product.code
    without = [rank.rank for rank in table.ranks if rank.addition_price is None]
    known = {rank.rank for rank in before.ranks if rank.addition_price is not None} if before is not None else set()
    lost = tuple(rank for rank in without if rank in known)
    others = tuple(rank for rank in without if rank not in known)
    if lost:
        yield Finding("addition-price-lost", code, lost, facts={"code": code, "ranks": ", ".join(lost)})
    if others and len(without) < len(table.ranks):
        yield Finding("addition-price-partly", code, others, facts={"code": code, "ranks": ", ".join(others)})


def _lint_shared_ranks(prices: PriceTables, products: Mapping[str, Product]) -> Iterator[Finding]:
    """TRSL products without a rank that another TRSL product can carry to them: they would be refused (R6)."""
    sharing = [table for code, table in prices.tables.items() if products[code].rank_basis is LARGEST_PRODUCT]
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
            facts = {"code": table.product_code, "ranks": _few(sorted(missing), 5), "carriers": _few(carrying)}
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
        if -last < minimum or len(found) > _MOST_NAMED:
            break
        if -last > minimum or (-from_quantity, code) < tie:
            found.append(code)
    return found


def _tell_paradoxes(product: Product, table: PriceTable) -> Iterator[Finding]:
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
        yield Finding("paradox", product.code, (paradox.rank.rank, paradox.kept_rank.rank), numbers, facts, words)


def _where(paradox: Paradox) -> tuple[int, int, int]:
    return paradox.first, paradox.last, paradox.kept_quantity


def say_years(years: Collection[int]) -> str:
    """Numbers of years for a sentence: `1–6`, `2, 4–6`."""
    runs: list[list[int]] = []
    for number in sorted(years):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _few(codes: list[str], most: int = _MOST_NAMED) -> str:
    return ", ".join([*codes[:most], *(["…"] if len(codes) > most else [])])


def _plain(number: Decimal) -> str:
    """Without idle digits: `8`, `2.5`."""
    return f"{number.normalize():f}"
