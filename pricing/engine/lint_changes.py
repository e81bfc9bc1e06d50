"""What the linter tells of one product beside another list: prices, ranks, the minimum and discounts that differ."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Any

from .finding import Finding
from .rules.r05_own_quantity import reached_rank
from .values import RANK_COLUMNS, TABLE_COLUMNS, PriceRank, PriceTable, PriceTables
from .wording import plain

Key = tuple[str, object]
"""One value of a price table: its column's short name or `discount`, and of which rank or number of years."""
ValueChange = tuple[Key, Any, Any]
"""A value with what it was and what it is; None: there is none."""


# --- A table as single values -----------------------------------------------------------------------------------------


def values_of(table: PriceTable | None) -> dict[Key, Any]:
    """Every value of a table by its name; None has none. What is not there has no key."""
    if table is None:
        return {}
    found: dict[Key, Any] = {(kept, ""): getattr(table, name) for name, kept in TABLE_COLUMNS.items()}
    for rank in table.ranks:
        found |= {(kept, rank.rank): getattr(rank, name) for name, kept in RANK_COLUMNS.items()}
    found |= {("discount", years): percent for years, percent in sorted(table.multi_year_discounts.items())}
    return {key: value for key, value in found.items() if value not in (None, "")}


def changes_of(before: PriceTable | None, table: PriceTable | None) -> list[ValueChange]:
    """Every value that differs between two tables; None: there is none."""
    old, new = values_of(before), values_of(table)
    return [(key, old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]


# --- Beside the list that it is based on ------------------------------------------------------------------------------


def lint_changes(table: PriceTable, before: PriceTable, percent: Decimal) -> Iterator[Finding]:
    """All that differs from the compared list's table, but for prices that change by no more than the percentage."""
    if table == before:
        return
    code, old, new = table.product_code, before.rank_by_code, table.rank_by_code
    gone = [rank for rank in old if rank not in new]
    added = [rank for rank in new if rank not in old]
    kept = [rank for rank in new if rank in old]
    changes: tuple[ValueChange, ...]
    if gone:
        yield Finding("rank-gone", code, tuple(gone), facts={"code": code, "ranks": ", ".join(gone)})
    if added:
        changes = tuple((("from", rank), None, new[rank].from_quantity) for rank in added)
        yield Finding(
            "rank-added", code, tuple(added), facts={"code": code, "ranks": ", ".join(added), "changes": changes}
        )
    if moved := [rank for rank in kept if old[rank].from_quantity != new[rank].from_quantity]:
        changes = tuple((("from", rank), old[rank].from_quantity, new[rank].from_quantity) for rank in moved)
        yield Finding("rank-moved", code, tuple(moved), facts={"code": code, "changes": changes})
    if before.minimum_quantity != table.minimum_quantity:
        facts = {"code": code, "was": before.minimum_quantity, "now": table.minimum_quantity}
        yield Finding("minimum-changed", code, facts=facts)
    yield from _lint_large_changes(table, before, percent)
    yield from _lint_discount_changes(table, before)
    prices = {rank: (old[rank].addition_price, new[rank].addition_price) for rank in kept}
    new_prices = {rank: (was, now) for rank, (was, now) in prices.items() if now is not None and not was}
    if any(now for _was, now in new_prices.values()):
        changes = tuple((("addition", rank), was, now) for rank, (was, now) in new_prices.items())
        yield Finding("addition-price-added", code, tuple(new_prices), facts={"code": code, "changes": changes})


def _lint_discount_changes(table: PriceTable, before: PriceTable) -> Iterator[Finding]:
    """Multi-year discounts that are gone, differ, or are new (R10)."""
    old, new = before.multi_year_discounts, table.multi_year_discounts
    kinds = {
        "discount-lost": [years for years in sorted(old) if years not in new],
        "discount-changed": [years for years in sorted(old) if years in new and old[years] != new[years]],
        "discount-added": [years for years in sorted(new) if years not in old],
    }
    for finding, numbers in kinds.items():
        if numbers:
            changes = tuple((("discount", years), old.get(years), new.get(years)) for years in numbers)
            facts = {"code": table.product_code, "changes": changes}
            yield Finding(finding, table.product_code, years=tuple(numbers), facts=facts)


def _lint_large_changes(table: PriceTable, before: PriceTable, percent: Decimal) -> Iterator[Finding]:
    """Prices that differ much from the compared list's: at the same rank, and at the same quantity."""
    changes = []
    for rank, old in _compared_ranks(table, before):
        for kind, was, now in prices_of(old, rank):
            change = change_of(was, now)
            if abs(change) > percent:
                changes.append((change, kind, rank, was, now))
    if not changes:
        return
    change, kind, rank, was, now = max(changes, key=lambda row: abs(row[0]))
    facts = {"code": table.product_code, "count": len(changes), "limit": plain(percent), "rank": rank.rank}
    facts |= {"was": was, "now": now, "change": _say_percent(change)}
    ranks = tuple(dict.fromkeys(row[2].rank for row in changes))
    yield Finding("price-changed", table.product_code, ranks, facts=facts, words=f"price-changed-{kind}")


def _compared_ranks(table: PriceTable, before: PriceTable) -> Iterator[tuple[PriceRank, PriceRank]]:
    """Each rank with the one it takes the place of: that of its code; and where a quantity changed its rank, both."""
    pairs = [(rank, before.rank_by_code[rank.rank]) for rank in table.ranks if rank.rank in before.rank_by_code]
    for quantity in sorted({*table.thresholds, *before.thresholds}):
        rank, old = reached_rank(table, quantity), reached_rank(before, quantity)
        if rank is not None and old is not None and rank.rank != old.rank:
            pairs.append((rank, old))
    yield from dict.fromkeys(pairs)


def prices_of(one: PriceRank, other: PriceRank) -> Iterator[tuple[str, int, int]]:
    """The prices that two ranks both have, with their kind. What is 0 is missing, and told so."""
    if one.renewal_price and other.renewal_price:
        yield "renewal", one.renewal_price, other.renewal_price
    if one.addition_price and other.addition_price:
        yield "addition", one.addition_price, other.addition_price


def change_of(was: int, now: int) -> Decimal:
    """In percent of what it was, which is not 0."""
    return Decimal(100 * (now - was)) / was


def _say_percent(change: Decimal) -> str:
    return f"{change.quantize(Decimal('0.1'), ROUND_HALF_UP):+,}"


def lint_whole(prices: PriceTables, compared: PriceTables) -> Iterator[Finding]:
    """In one sentence for the whole list: how many prices differ, and by how much."""
    products: set[str] = set()
    changes: list[Decimal] = []
    for code, table in prices.tables.items():
        before = compared.tables.get(code)
        pairs = () if before is None else ((before.rank_by_code.get(rank.rank), rank) for rank in table.ranks)
        found = chain.from_iterable(prices_of(old, rank) for old, rank in pairs if old is not None)
        differing = [change_of(was, now) for _kind, was, now in found if was != now]
        if differing:
            products.add(code)
            changes += differing
    if changes:
        facts: dict[str, object] = {"count": len(changes), "products": len(products)}
        facts |= {"least": _say_percent(min(changes)), "most": _say_percent(max(changes))}
        yield Finding("prices-differ", facts=facts)


# --- What another list takes back -------------------------------------------------------------------------------------


def lint_undone(
    *,
    kind: str,
    base: PriceTables | None,
    changed: PriceTables,
    later: PriceTables,
    facts: Mapping[str, object],
) -> Iterator[Finding]:
    """What `changed` changes of `base`, and `later`, made without knowing of it, takes back.

    `kind`: `following`, `later` is the published list that takes effect next; `between`: `later` is the list that is
    checked, and `changed` took effect after the list that it is based on. `base` None: there was nothing before.
    """
    was = base.tables if base is not None else {}
    of_ranks = set(RANK_COLUMNS.values())
    for code in sorted({*was, *changed.tables}):
        before, table, after = was.get(code), changed.tables.get(code), later.tables.get(code)
        own = {"code": code, **facts}
        if code in later.ended:
            continue  # that list takes it out of sale by name
        if table is None and after is not None:
            yield Finding(f"{kind}-goes-back", code, facts=own, words=f"{kind}-product-back")
        elif before is None and after is None:
            yield Finding(f"{kind}-product-gone", code, facts=own)
        elif table is not None and after is not None and (undone := list(_undone(before, table, after))):
            ranks = tuple(dict.fromkeys(str(of) for (name, of), _was, _now in undone if name in of_ranks))
            own |= {"count": len(undone), "changes": tuple(undone)}
            yield Finding(f"{kind}-goes-back", code, ranks, facts=own)


def _undone(before: PriceTable | None, table: PriceTable, after: PriceTable) -> Iterator[ValueChange]:
    """Each value that `table` changes of `before` and that is taken back after it, wholly or in part, or is gone."""
    olds, values, laters = values_of(before), values_of(table), values_of(after)
    for key in dict.fromkeys([*values, *olds]):
        old, value, later = olds.get(key), values.get(key), laters.get(key)
        if value in (old, later):
            continue
        if old is not None and value is not None and later is not None:
            if isinstance(value, str) or (later > value) == (value > old):
                continue  # it goes on the same way
        elif value is not None and later is not None:
            continue  # new in both, each with a value of its own
        yield key, value, later
