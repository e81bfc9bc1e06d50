"""What differs between two price tables of a product, and both as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from ...engine.values import PRICES, RANK_COLUMNS, TABLE_COLUMNS, PriceRank, PriceTable, columns_of
from .columns import LABELS
from .ended import Ended, end_as_json


@dataclass(frozen=True, slots=True)
class Change:
    """A column before and after; None: there is none."""

    old: int | Decimal | str | None
    new: int | Decimal | str | None

    @property
    def differs(self) -> bool:
        return self.old != self.new

    @property
    def percent(self) -> Decimal | None:
        """By how much it changes, one decimal; None where there is nothing to compare."""
        return percent_of(self.old, self.new)


@dataclass(frozen=True, slots=True)
class RankChange:
    """One rank before and after."""

    rank: str
    kind: str
    """`added`, `removed`, `changed` or `same`."""
    columns: Mapping[str, Change]
    """By name, as of `RANK_COLUMNS`."""


@dataclass(frozen=True, slots=True)
class TableChange:
    """One product's table before and after."""

    kind: str
    """As of `RankChange`."""
    columns: Mapping[str, Change]
    """By name, as of `TABLE_COLUMNS`."""
    ranks: tuple[RankChange, ...]
    discounts: tuple[tuple[int, Change], ...]
    """By number of years."""

    @property
    def labelled(self) -> list[tuple[Promise, Change]]:
        """What changes once for the product, each with what stands above its column."""
        return [(LABELS[name], change) for name, change in self.columns.items()]

    @property
    def rank_labels(self) -> list[Promise]:
        """What stands above the columns of the ranks."""
        return [LABELS[name] for name in RANK_COLUMNS]


def compare_tables(old: PriceTable | None, new: PriceTable | None) -> TableChange:
    """What changes from the one to the other; None: the list has no table of the product."""
    before = old.rank_by_code if old else {}
    after = new.rank_by_code if new else {}
    codes = [*after, *(code for code in before if code not in after)]
    ranks = tuple(_compare_rank(code, before.get(code), after.get(code)) for code in codes)
    old_discounts: Mapping[int, Decimal] = old.multi_year_discounts if old else {}
    new_discounts: Mapping[int, Decimal] = new.multi_year_discounts if new else {}
    years = sorted({*old_discounts, *new_discounts})
    discounts = tuple((number, Change(old_discounts.get(number), new_discounts.get(number))) for number in years)
    columns = _changes(old, new, TABLE_COLUMNS)
    differs = any(rank.kind != "same" for rank in ranks) or any(change.differs for _, change in discounts)
    return TableChange(_kind(old, new, columns, differs=differs), columns, ranks, discounts)


def kind_of(old: PriceTable | Ended | None, new: PriceTable | Ended | None) -> str:
    """As of `TableChange`, or `ended`: the product is not sold any more, and the other list does not say so."""
    if isinstance(new, Ended):
        return ("same" if old == new else "changed") if isinstance(old, Ended) else "ended"
    if isinstance(old, Ended):
        return "removed" if new is None else "added"
    if old is None or new is None:
        return "added" if old is None else "removed"
    return "same" if old == new else "changed"


def _compare_rank(code: str, old: PriceRank | None, new: PriceRank | None) -> RankChange:
    columns = _changes(old, new, RANK_COLUMNS)
    return RankChange(code, _kind(old, new, columns), columns)


def _changes(old: object, new: object, names: Iterable[str]) -> dict[str, Change]:
    return {name: Change(getattr(old, name, None), getattr(new, name, None)) for name in names}


def _kind(old: object, new: object, columns: Mapping[str, Change], *, differs: bool = False) -> str:
    """As of `RankChange`. `differs`: something else does than the columns."""
    if old is None or new is None:
        return "added" if old is None else "removed"
    return "changed" if differs or any(change.differs for change in columns.values()) else "same"


def largest_percent(old: PriceTable | None, new: PriceTable | None) -> Decimal:
    """The change of a price, at the same rank, that is furthest from 0; 0 where no price changes."""
    if old is None or new is None or old == new:
        return Decimal(0)
    kept = ((old.rank_by_code[rank.rank], rank) for rank in new.ranks if rank.rank in old.rank_by_code)
    found = (percent_of(getattr(was, name), getattr(now, name)) for was, now in kept for name in PRICES)
    return max((percent for percent in found if percent is not None), key=abs, default=Decimal(0))


def percent_of(old: int | Decimal | str | None, new: int | Decimal | str | None) -> Decimal | None:
    """By how much it changes, one decimal; None where there is nothing to compare."""
    if old == new or not old or new is None or isinstance(old, str):
        return None
    return ((Decimal(new) / Decimal(old) - 1) * 100).quantize(Decimal("0.1"))


def short_discounts(change: TableChange) -> tuple[tuple[int, Change], ...]:
    """The discounts by number of years as a person reads them: 3.00 as 3."""
    return tuple((years, Change(_short(found.old), _short(found.new))) for years, found in change.discounts)


def _short(number: Any) -> Decimal | None:
    return None if number is None else Decimal(f"{number.normalize():f}")


def table_as_json(table: PriceTable | Ended | None) -> dict[str, Any] | None:
    """Plain JSON, from which `table_from_json` or `end_from_json` makes the same."""
    if table is None:
        return None
    if isinstance(table, Ended):
        return end_as_json(table)
    return {
        **{kept: getattr(table, name) for name, kept in TABLE_COLUMNS.items()},
        "ranks": [[rank.rank, *columns_of(rank, RANK_COLUMNS).values()] for rank in table.ranks],
        "discounts": {str(years): str(percent) for years, percent in sorted(table.multi_year_discounts.items())},
    }


def table_from_json(code: str, content: dict[str, Any] | None) -> PriceTable | None:
    """None: there is no table, perhaps because the product is ended."""
    if content is None or "ended_on" in content:
        return None
    return PriceTable(
        product_code=code,
        ranks=tuple(PriceRank(rank, **dict(zip(RANK_COLUMNS, kept, strict=True))) for rank, *kept in content["ranks"]),
        multi_year_discounts={int(years): Decimal(percent) for years, percent in content["discounts"].items()},
        **{name: content[kept] for name, kept in TABLE_COLUMNS.items()},
    )
