"""Pages of long lists."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window

FARTHEST = 100_000
"""The last page that is looked up before it is known how many there are."""


class KeysFirst(Paginator[Any]):
    """Looks up which rows stand on a page, and reads these alone: whatever is skipped costs an entry of an index.

    What a list shows beside a row may then cost something: it is asked of the rows of one page. How many rows there are
    is counted in the same pass, where it is not known.
    """

    def __init__(self, found: QuerySet[Any], per_page: int, *, shown: QuerySet[Any], count: int | None = None) -> None:
        """`found`: the rows in an order that leaves no two of them equal. `shown`: the same kind of rows with all
        that is shown, from anywhere. `count`: how many are found, where that is known.
        """
        super().__init__(found, per_page)
        self._found, self._shown = found, shown
        self._looked_up: dict[int, list[Any]] = {}
        if count is not None:
            self.count = count

    def get_page(self, number: float | str | None) -> Page[Any]:
        if "count" not in self.__dict__:
            self._look_and_count(number)
        return super().get_page(number)

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        keys = self._looked_up.get(number) or self._keys(number)
        rows = self._shown.in_bulk(keys)
        return Page([rows[key] for key in keys if key in rows], number, self)

    def _look_and_count(self, number: float | str | None) -> None:
        """Where a page beyond the last one is asked for, nothing is found, and it is counted as usual."""
        try:
            wanted = int(number or 1)
        except ValueError:
            wanted = 1
        if not 1 <= wanted <= FARTHEST:
            return
        first = (wanted - 1) * self.per_page
        counted = self._found.annotate(found_in_all=Window(Count("pk")))
        rows = list(counted.values_list("pk", "found_in_all")[first : first + self.per_page])
        if rows or wanted == 1:
            self.count = rows[0][1] if rows else 0
            self._looked_up[wanted] = [key for key, _count in rows]

    def _keys(self, number: int) -> list[Any]:
        """From the end that is nearer."""
        first, keys = (number - 1) * self.per_page, self._found.values_list("pk", flat=True)
        if first <= self.count // 2:
            return list(keys[first : first + self.per_page])
        last = min(first + self.per_page, self.count)
        return list(keys.reverse()[self.count - last : self.count - first])[::-1]
