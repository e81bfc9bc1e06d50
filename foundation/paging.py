"""Pages of long lists."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class KeysFirst(Paginator[Any]):
    """Looks up which rows stand on a page, and reads these alone: whatever is skipped costs an entry of an index.

    What a list shows beside a row may then cost something: it is asked of the rows of one page.
    """

    def __init__(self, found: QuerySet[Any], per_page: int, *, shown: QuerySet[Any]) -> None:
        """`found`: the rows in their order. `shown`: the same kind of rows with all that is shown, from anywhere."""
        super().__init__(found, per_page)
        self._found, self._shown = found, shown

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self._found.values_list("pk", flat=True)[first : first + self.per_page])
        rows = self._shown.in_bulk(keys)
        return Page([rows[key] for key in keys if key in rows], number, self)
