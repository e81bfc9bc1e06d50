"""Issued quotes: the list, one quote as it was issued, and its PDF."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_safe

from foundation.paging import KeysFirst
from foundation.text.language import reader_language
from licensing.models import User
from licensing.views import for_staff

from ...customers.views.page import visitor_of
from ...customers.visits import hand_out_pdf
from ...letters.queries import mails_of
from ...links.operations import can_share
from ...models import EXPIRED, SHOWN_STATES, SUPERSEDE, Quote, State, can_become
from ...outcome.views import siblings_of, ways_from
from ...paper.characters import characters_without_glyph
from ...paper.document import by_license_id
from ...record.acknowledgements import acknowledgement_rows
from ...record.downloads import download_name_for_staff, pdf_answer
from ...record.order_files import file_rows
from ...record.queries import PARTS, revisions_of, visible_quotes, with_answer_message
from ..listing import STATUSES, count_by_status, find_quotes, with_places

PER_PAGE = 20
MOST_MAILS = 20
"""E-mails shown on a quote's page."""
TABS = {
    "current": gettext_lazy("Latest revisions"),
    "answered": gettext_lazy("Answered"),
    State.ISSUED.value: pgettext_lazy("tab of quotes", "Valid"),
    EXPIRED: pgettext_lazy("tab of quotes", "Expired"),
    State.ORDERED.value: pgettext_lazy("tab of quotes", "Ordered"),
    "closed": pgettext_lazy("tab of quotes", "Closed"),
}
"""By what the list is filtered, in the order on the page. Other states are found by the search of the records."""


@require_safe
@for_staff
def index(request: HttpRequest) -> HttpResponse:
    """Issued quotes, searched and filtered."""
    user = cast(User, request.user)
    on = timezone.localdate()
    text = request.GET.get("q", "").strip()
    chosen = request.GET.get("status", "")
    if chosen not in STATUSES:
        chosen = ""
    status = chosen or ("all" if text else "current")  # whoever looks for a number finds superseded revisions too
    tabs = tabs_for(user=user, text=text, status=status, on=on)
    found = find_quotes(user=user, text=text, status=status, on=on)
    count = next(tab.count for tab in tabs if tab.status == status)  # asked for already
    paginator = KeysFirst(found, PER_PAGE, shown=with_places(visible_quotes(user)), count=count)
    context = {
        "page": paginator.get_page(request.GET.get("page")),
        "text": text,
        "status": status,
        "chosen": chosen,
        "tabs": tabs,
        "on": on,
    }
    return list_page(request, "quotes/archive/list.html", "quotes/archive/_results.html", context)


def list_page(request: HttpRequest, whole: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """A page with a list; while somebody types what they look for, only the list."""
    response = render(request, part if request.htmx else whole, context)  # type: ignore[attr-defined]
    patch_vary_headers(response, ["HX-Request"])
    return response


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists of quotes: how they stand, its name, how many there are, and its address."""

    status: str
    label: str | Promise
    count: int
    address: str


def tabs_for(*, user: User, text: str, status: str, on: date) -> list[Tab]:
    """The lists of what was searched for, and the one that is open where it is none of the usual ones, by an address or
    a search. `status` is empty where another list is open.
    """
    names: dict[str, str | Promise] = {**TABS}
    if status == "all":
        names = {"all": gettext_lazy("All revisions"), **names}
    elif status and status not in names:
        names[status] = capfirst(str(SHOWN_STATES[status]))
    counts = count_by_status(user=user, text=text, statuses=names, on=on)
    searched = {"q": text} if text else {}
    return [
        Tab(name, label, counts[name], f"{reverse('quotes:list')}?{urlencode({'status': name, **searched})}")
        for name, label in names.items()
    ]


@require_safe
@for_staff
def detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One quote as it was issued, with its calculation and history."""
    user = cast(User, request.user)
    quote = get_object_or_404(
        with_answer_message(visible_quotes(user))
        .defer(None)
        .defer("asked")
        .select_related("customer", "pdf", "status__changed_by")
        .prefetch_related(PARTS)
        .defer("pdf__content"),
        key=key,
    )
    revisions = list(revisions_of(user, quote))
    customers = {part.licenseid.customer for part in quote.parts.all()}
    is_ours = {one.reseller_id for one in (quote.customer, *customers)} == {user.reseller_id}  # not only once ours
    is_still_theirs = {one.pk for one in customers} == {quote.customer.present_id}
    may_revise = is_ours and can_become(SUPERSEDE, quote.status.state) and is_still_theirs
    language = reader_language()
    is_several = len(quote.document["parts"]) > 1
    of_lines = [_steps(part, language) for part in quote.trace if part["key"] is not None]
    of_wholes = {part["license_id"]: _steps(part, language) for part in quote.trace if part["key"] is None}
    groups = [
        {**group, "lines": [(number, line, of_lines[number - 1]) for number, line in group["lines"]],
         "steps": of_wholes.get(group["part"]["license_id"], []) if is_several else []}
        for group in by_license_id(quote.document)
    ]  # fmt: skip
    state_is_ordered = quote.status.state == State.ORDERED
    context = {
        "quote": quote,
        "document": quote.document,
        "groups": groups,
        "is_several": is_several,
        "total_steps": of_wholes.get(None if is_several else quote.license_code, []),
        "warnings": [{**warning, "text": warning[language]} for warning in quote.acknowledged],
        "unprintable": characters_without_glyph(quote.document),
        "on": timezone.localdate(),
        "revisions": revisions,
        "current": revisions[-1],
        "siblings": user.is_reseller_staff and state_is_ordered and len(siblings_of(quote, on=timezone.localdate())),
        "is_ours": is_ours,
        "ways": _ways(quote, is_ours=is_ours, is_still_theirs=is_still_theirs) if user.is_reseller_staff else {},
        "may_revise": may_revise,
        "may_copy": is_ours,
        "copy_key": uuid.uuid4(),
        "order_files": file_rows(quote),
        **_acknowledged(quote, is_makers=user.is_reseller_staff),
        "events": quote.events.select_related("link", "by").order_by("-position"),
        "open_links": [link for link in quote.share_links.all() if link.is_open(timezone.localdate())],
        "mails": mails_of(quote).select_related("created_by").prefetch_related("notices")[:MOST_MAILS],
        "may_send": is_ours and can_share(quote.status.state),
    }
    return render(request, "quotes/archive/detail.html", context)


def _acknowledged(quote: Quote, *, is_makers: bool) -> dict[str, Any]:
    """The acknowledgements of its order, whether one can be made, and what of its order the paper could not print."""
    rows = acknowledgement_rows(quote)
    may_make = is_makers and quote.status.state == State.ORDERED and not any(counts for _one, counts in rows)
    unprintable = characters_without_glyph({"number": quote.status.order_number}) if may_make else []
    return {"acknowledgements": rows, "may_acknowledge": may_make, "unprintable_order": unprintable}


def _ways(quote: Quote, *, is_ours: bool, is_still_theirs: bool) -> dict[str, bool]:
    """Which ways are open; where customer or license ID have come to another reseller, the quote stays closed, and
    where a license ID has come to another customer, it is not ordered.
    """
    ways = ways_from(quote.status.state)
    return ways | {"reopen": ways["reopen"] and is_ours, "record_order": ways["record_order"] and is_still_theirs}


def _steps(part: Mapping[str, Any], language: str) -> list[tuple[str, str, str]]:
    """Rule, words and result of each step of a part of the stored trace."""
    return [(step["rule"], step[language], _result(step, language)) for step in part["steps"]]


def _result(step: Mapping[str, Any], language: str) -> str:
    """What came out of a step; quotes issued before the languages differed have one result for both."""
    result: str = step.get("results", {}).get(language, step["result"])
    return result


@require_GET
@for_staff
def pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The PDF, byte for byte as it was issued."""
    user = cast(User, request.user)
    quote = get_object_or_404(visible_quotes(user).defer(None).defer("trace", "asked").select_related("pdf"), key=key)
    content = hand_out_pdf(quote=quote, visitor=visitor_of(request, user=user), now=timezone.now())
    return pdf_answer(content, download_name_for_staff(document=quote.document))
