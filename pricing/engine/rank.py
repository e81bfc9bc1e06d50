"""Which quantity counts, and which rank it reaches (R4-R7, R9)."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from .decision import decision
from .problems import Problem, places_of, without_prices
from .values import Addition, PriceRank, PriceTable, PriceTables, Product, RankBasis, RenewalRequest

LARGEST_PRODUCT = RankBasis.LARGEST_PRODUCT
"""Python takes its time to find an enum's member, so this one is kept at hand."""


@decision
class RankQuantity:
    """The quantity of one product that counts for its rank in one license ID (R4)."""

    product: Product
    total: int
    renewed: int
    """In this quote, over all renewed holdings."""
    left_out: int
    """Held, left out of this quote, support not expired."""
    added: int
    """The addition, where R7 sums it."""

    @property
    def quoted(self) -> int:
        """What this quote renews and adds: it counts toward the product's minimum (R8)."""
        return self.renewed + self.added


@decision
class SumDecision:
    """Whether additions are summed into the rank quantity, and why (R7)."""

    is_summed: bool
    earliest_expiry: date | None
    """The earliest support expiry among the renewed holdings; None: nothing is renewed."""


@decision
class RankDecision:
    """The rank of one product, and what decided it."""

    rank: PriceRank
    """The product's own prices at the rank."""
    rule: str
    """`R5` own quantity, `R6` largest product, `R7` an addition alone."""
    basis_product: Product
    basis_quantity: int
    reached_from: int
    """From which quantity the basis product's table gives the rank."""
    counted: RankQuantity | None
    """What the basis quantity is made of; None for an addition that is ranked alone."""


def decide_sum(*, on: date, expiries: Collection[date]) -> SumDecision:
    """Additions are summed until the earliest expiry among the renewed holdings, that day included (R7)."""
    earliest = min(expiries) if expiries else None
    return SumDecision(earliest is not None and on <= earliest, earliest)


def count_quantities(
    *, request: RenewalRequest, quantities: Sequence[int | None], summed: Sequence[Addition]
) -> dict[str, RankQuantity]:
    """The quantity that counts for each product's rank, by product code (R4).

    `quantities` stand beside `request.holdings`: renewed or discontinued (0), None for those left out.
    """
    counted: dict[str, RankQuantity] = {}
    for choice, quantity in zip(request.holdings, quantities, strict=True):
        holding = choice.holding
        if quantity is not None:
            _count(counted, holding.product, quantity, 0, 0)
        elif holding.support_expires_on >= request.on:
            _count(counted, holding.product, 0, holding.quantity, 0)
        else:
            _count(counted, holding.product, 0, 0, 0)
    for addition in summed:
        _count(counted, addition.product, 0, 0, addition.quantity)
    return counted


def _count(counted: dict[str, RankQuantity], product: Product, renewed: int, left_out: int, added: int) -> None:
    before = counted.get(product.code)
    if before is not None:
        renewed += before.renewed
        left_out += before.left_out
        added += before.added
        product = before.product
    counted[product.code] = RankQuantity(product, renewed + left_out + added, renewed, left_out, added)


def reached_rank(table: PriceTable, quantity: int) -> PriceRank | None:
    """The rank whose band the quantity falls into; None below the first (R9)."""
    index = bisect_right(table.thresholds, quantity)
    return table.ranks[index - 1] if index else None


def decide_ranks(
    *,
    request: RenewalRequest,
    products: Mapping[str, Product],
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
    problems: list[Problem],
) -> dict[str, RankDecision]:
    """The rank of each product that is renewed or added to the renewal, by its code (R5, R6, R9).

    A product that cannot have one is added to `problems` and left out.
    """
    decided: dict[str, RankDecision] = {}
    sharing: dict[str, list[Product]] = {}
    for product in products.values():
        programme = product.programme
        if programme.rank_basis is not LARGEST_PRODUCT:
            _decide_by_own_quantity(product, request, counted, price_tables, decided, problems)
        elif programme.code in sharing:
            sharing[programme.code].append(product)
        else:
            sharing[programme.code] = [product]
    for same in sharing.values():
        _decide_by_largest_product(same, request, counted, price_tables, decided, problems)
    return decided


def decide_ranks_of_additions(
    *,
    additions: Sequence[Addition],
    is_summed: bool,
    decided: Mapping[str, RankDecision],
    price_tables: PriceTables,
    problems: list[Problem],
) -> dict[str, RankDecision]:
    """The rank of each addition that can have one, by its key: its product's, or one of its own (R7, R9)."""
    ranks: dict[str, RankDecision] = {}
    for addition in additions:
        rank = decided.get(addition.product.code) if is_summed else _decide_alone(addition, price_tables, problems)
        if rank is None:
            continue
        ranks[addition.key] = rank
        if rank.rank.addition_price is None:
            facts = {"product": addition.product, "rank": rank.rank.rank}
            problems.append(Problem("no-addition-price", (f"addition:{addition.key}",), facts))
    return ranks


def _decide_by_own_quantity(
    product: Product,
    request: RenewalRequest,
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
    decided: dict[str, RankDecision],
    problems: list[Problem],
) -> None:
    """The rank that the product's own quantity reaches in its own table (R5)."""
    table = price_tables.tables.get(product.code)
    if table is None:
        return  # refused already
    own = counted[product.code]
    quantity = own.total
    reached = reached_rank(table, quantity)
    if reached is None:
        problems.append(_below_first_rank(product, quantity, table, places_of(request, product.code)))
    else:
        decided[product.code] = RankDecision(reached, "R5", product, quantity, reached.from_quantity, own)


def _decide_by_largest_product(
    sharing: Sequence[Product],
    request: RenewalRequest,
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
    decided: dict[str, RankDecision],
    problems: list[Problem],
) -> None:
    """One rank for all of a programme: the one that its largest product reaches in its own table (R6).

    `sharing`: what is quoted of the programme. What is left out counts with it; other programmes never do.
    """
    programme = sharing[0].programme
    code = programme.code
    top = _largest([quantity for quantity in counted.values() if quantity.product.programme.code == code])
    tables = price_tables.tables
    without_table = [quantity.product for quantity in top if quantity.product.code not in tables]
    if without_table:
        quoted = {product.code for product in sharing}
        for product in without_table:
            if product.code not in quoted:  # what is quoted was refused already
                problems.append(without_prices(product, request, price_tables))
        return

    reached = [(quantity, reached_rank(tables[quantity.product.code], quantity.total)) for quantity in top]
    if len(reached) > 1:
        # A tie: the band that starts at the higher quantity, then the lower product code.
        reached.sort(key=lambda pair: (-(pair[1].from_quantity if pair[1] else 0), pair[0].product.code))
    basis, rank = reached[0]
    if rank is None:
        table = tables[basis.product.code]
        problems.append(_below_first_rank(basis.product, basis.total, table, places_of(request, basis.product.code)))
        return
    if len(reached) > 1 and len({tied.rank if tied else None for _, tied in reached}) > 1:
        facts = {
            "tied": tuple(sorted((quantity.product for quantity, _ in reached), key=lambda product: product.code)),
            "quantity": basis.total,
            "rank": rank.rank,
            "basis": basis.product,
            "programme": programme,
        }
        problems.append(Problem("rank-basis-tie", ("quote",), facts))
    for product in sharing:
        own_table = tables.get(product.code)
        if own_table is None:
            continue  # refused already
        own = own_table.rank_by_code.get(rank.rank)
        if own is None:
            facts = {
                "product": product,
                "programme": programme,
                "rank": rank.rank,
                "basis": basis.product,
                "quantity": basis.total,
            }
            problems.append(Problem("rank-missing", places_of(request, product.code), facts))
        else:
            reason = (basis.product, basis.total, rank.from_quantity, basis)
            decided[product.code] = RankDecision(own, "R6", *reason)


def _decide_alone(addition: Addition, price_tables: PriceTables, problems: list[Problem]) -> RankDecision | None:
    """The rank of an addition that is not summed: by its own quantity in its own table (R7)."""
    table = price_tables.tables.get(addition.product.code)
    if table is None:
        return None  # refused already
    reached = reached_rank(table, addition.quantity)
    if reached is None:
        problems.append(_below_first_rank(addition.product, addition.quantity, table, (f"addition:{addition.key}",)))
        return None
    return RankDecision(reached, "R7", addition.product, addition.quantity, reached.from_quantity, None)


def _largest(quantities: Sequence[RankQuantity]) -> list[RankQuantity]:
    """Those with the largest total: one, or several in a tie."""
    largest = max([quantity.total for quantity in quantities])
    return [quantity for quantity in quantities if quantity.total == largest]


def _below_first_rank(product: Product, quantity: int, table: PriceTable, places: tuple[str, ...]) -> Problem:
    if not table.ranks:
        return Problem("below-first-rank", places, {"product": product}, words="no-ranks")
    first = table.ranks[0]
    facts = {"product": product, "quantity": quantity, "rank": first.rank, "first": first.from_quantity}
    return Problem("below-first-rank", places, facts)


def in_code_order(rank: str) -> list[tuple[int, int, str]]:
    """Sorts rank codes as people do: A, B, C; 9 before 10; A and Ａ alike."""
    parts = re.findall(r"\d+|\D+", unicodedata.normalize("NFKC", rank).casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
