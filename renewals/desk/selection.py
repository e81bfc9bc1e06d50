"""Which renewals somebody has ticked: rows of the list, or all that a filter finds."""

from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict

from licensing.models import User

from ..models import DeskRow
from .filters import read_filter, read_query
from .queries import found_rows, visible_rows

MOST_TICKED = 1_000
"""Rows that are named one by one."""


def selected_rows(user: User, data: QueryDict, *, on: date) -> QuerySet[DeskRow]:
    """The rows of the field `row`; where `all` is sent, those that its filter (a query string) finds.

    Nothing that the user does not see is among them. In the order of expiry.
    """
    if "all" in data:
        rows = found_rows(user, read_query(data.get("all", "")), on=on)
    else:
        sent = [text for text in data.getlist("row")[:MOST_TICKED] if text.isascii() and text.isdigit()]
        rows = visible_rows(user).filter(pk__in=[int(text) for text in sent if len(text) < 19])
    return rows.order_by("expires_on", "id")


def license_ids_of_filter(user: User, query: QueryDict, on: date) -> list[int]:
    """All that a filter finds, given as its query string: for the rooms below, which know no list."""
    rows = found_rows(user, read_filter(query), on=on).order_by("expires_on", "id")
    return list(dict.fromkeys(rows.values_list("licenseid", flat=True)))
