"""The list as a file."""

from collections.abc import Iterator
from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.spreadsheets.sheets import SheetOfRows, write_workbook
from foundation.spreadsheets.writing import DAY, NUMBER, TEXT
from licensing.models import Product, User
from licensing.views import for_staff

from ...models import DeskRow, Stage, Step
from ..filters import read_filter
from ..queries import found_rows, people_in_rows, sorted_rows
from ..shown import held_in_words

MOST_ROWS = 50_000
"""Rows of one file: what is beyond, a narrower filter brings."""
PIECE = 1_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@for_staff
def export(request: HttpRequest) -> HttpResponse:
    """What the filter finds, in the order of the list, as XLSX."""
    user, on = cast(User, request.user), timezone.localdate()
    wanted = read_filter(request.GET)
    rows = sorted_rows(found_rows(user, wanted, on=on), wanted.sort)
    if rows[MOST_ROWS : MOST_ROWS + 1].exists():
        messages.error(
            request, _("A file holds at most %(most)s rows. Narrow the filter.") % {"most": f"{MOST_ROWS:,}"}
        )
        return redirect(f"{reverse('start')}?{wanted.to_query()}")
    columns = (
        (_("Support expiry"), DAY, 12),
        (_("Customer"), TEXT, 34),
        (_("License ID"), TEXT, 18),
        (_("Holdings"), TEXT, 50),
        (_("Amount (estimate)"), NUMBER, 14),
        (_("Stage"), TEXT, 12),
        (_("Owner"), TEXT, 16),
        (_("Next step"), TEXT, 18),
        (_("By when"), DAY, 12),
        (_("Last movement"), DAY, 12),
        (_("Quote"), TEXT, 18),
        (_("Follow-up day"), DAY, 12),
        (_("Internal note"), TEXT, 40),
        (_("Reason why it is not renewed"), TEXT, 40),
    )
    content = write_workbook([SheetOfRows(_("Renewals"), columns, _lines(rows))])
    headers = {"Content-Disposition": f'attachment; filename="renewals-{on:%Y%m%d}.xlsx"'}
    return HttpResponse(content, content_type=WORKBOOK, headers=headers)


def _lines(rows: QuerySet[DeskRow]) -> Iterator[list[object]]:
    stages, steps = dict(Stage.choices), dict(Step.choices)
    for piece in _pieces(rows):
        owners = people_in_rows(piece)
        numbers = {int(one.partition(":")[0]) for row in piece for one in row.held.split()}
        products = Product.objects.in_bulk(numbers)
        for row in piece:
            owner = owners.get(row.owner_id or 0)
            yield [
                row.expires_on,
                row.customer_name,
                row.code,
                held_in_words(row, products),
                row.amount,
                str(stages[row.stage]),
                owner.name if owner else "",
                str(steps[row.step]),
                row.step_on,
                timezone.localdate(row.moved_at) if row.moved_at else None,
                row.quote_number,
                row.follow_up_on,
                row.note,
                row.declined_reason,
            ]


def _pieces(rows: QuerySet[DeskRow]) -> Iterator[list[DeskRow]]:
    """So many at a time that memory stays flat; read through one cursor."""
    piece: list[DeskRow] = []
    for row in rows.defer("search_key", "search_pairs").iterator(chunk_size=PIECE):
        piece.append(row)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
