"""The page 粗利, and its file: for whoever sees margins."""

import re
from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licensing.models import User
from licensing.views import for_margins

from ..record.downloads import file_answer
from ..record.margins import Stage
from .picture import HEIGHT, WIDTH, bars_of, zero_of
from .queries import MONTHS, by_customer, count_between, month_after, months_until, quotes_between
from .uncovered import MOST_NAMED, uncovered_between
from .writing import write_margins

MOST_SHOWN = 100
"""Quotes of a month on the page."""
MOST_IN_FILE = 5_000
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEARS = range(2000, 2100)


@require_safe
@for_margins
def margins(request: HttpRequest) -> HttpResponse:
    """Twelve months at three stages, as a picture and a table; the quotes and customers of one month."""
    user = cast(User, request.user)
    today = timezone.localdate().replace(day=1)
    last = read_month(request.GET.get("until", "")) or today
    months = months_until(user, last)
    chosen = read_month(request.GET.get("month", "")) or last
    rows = quotes_between(user, chosen, month_after(chosen), most=MOST_SHOWN)
    uncovered = uncovered_between(user, chosen, month_after(chosen))
    count = len(rows) if len(rows) < MOST_SHOWN else count_between(user, chosen, month_after(chosen))
    context = {
        "bars": bars_of(months),
        "zero": zero_of(months),
        "width": WIDTH,
        "height": HEIGHT,
        "stages": [(stage.value, stage.label) for stage in Stage],
        "months": list(reversed(months)),
        "last": last,
        "before": month_after(last, -MONTHS),
        "after": month_after(last, MONTHS) if last < today else None,
        "chosen": chosen,
        "rows": rows,
        "customers": by_customer(rows) if count <= MOST_SHOWN else [],
        "count": count,
        "most": MOST_SHOWN,
        "uncovered": uncovered[:MOST_NAMED],
        "are_more_uncovered": len(uncovered) > MOST_NAMED,
    }
    return render(request, "quotes/margins/margins.html", context)


@require_safe
@for_margins
def margins_file(request: HttpRequest) -> HttpResponse:
    """The same twelve months as a workbook: by quote, by customer, by month."""
    user = cast(User, request.user)
    last = read_month(request.GET.get("until", "")) or timezone.localdate().replace(day=1)
    months = months_until(user, last)
    rows = quotes_between(user, months[0].first, month_after(last), most=MOST_IN_FILE + 1)
    if len(rows) > MOST_IN_FILE:
        text = _("A file holds at most %(most)s quotes. Choose a last month with fewer before it.")
        messages.error(request, text % {"most": f"{MOST_IN_FILE:,}"})
        return redirect(f"{reverse('quotes:margins')}?until={last:%Y-%m}")
    name = f"{_('Margins')}_{months[0].first:%Y%m}-{last:%Y%m}.xlsx"
    ascii_name = f"margins_{months[0].first:%Y%m}-{last:%Y%m}.xlsx"
    return file_answer(write_margins(rows, months), (name, ascii_name), content_type=CONTENT_TYPE)


def read_month(text: str) -> date | None:
    """The first day of a month that an address names: `2027-04`; None where it names none."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text, re.ASCII)
    if not found or int(found[1]) not in YEARS or not 1 <= int(found[2]) <= 12:
        return None
    return date(int(found[1]), int(found[2]), 1)
