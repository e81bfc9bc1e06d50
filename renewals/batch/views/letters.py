"""The letters of a run: to whom they go and how they read, then they are sent."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.held import sent
from licensing.models import Reseller, User
from licensing.queries import visible_customers
from licensing.views import for_makers
from quotes.letters.operations import letter_values
from quotes.letters.several import QUOTES, several_values
from quotes.letters.templates import QUOTE, templates_of
from quotes.letters.texts import Filling, fill_letter
from quotes.letters.words import fill_in, finish
from quotes.links.operations import can_share
from quotes.models import Quote
from quotes.record.queries import visible_quotes

from ...confirmations.recipients import Addressed, recipients_of
from ...confirmations.views.letters import start_letters
from ...models import QuoteRun
from ..forms import PREFIXES, BatchLettersForm, Group, language_of_one
from ..operations import RunRefused, share_address, start_sending
from ..queries import unsent_rows, visible_runs
from ..tasks import send_run

MOST_CUSTOMERS = 200
"""Whose letters are looked at and sent with one press: a page of them."""
FOLDED_ABOVE = 5
"""Customers with a known address that are shown one below the other; more are folded: the letter stands in sight."""
UNSEEN_TOKEN = "*" * 12


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def letters(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One letter to each customer with all that was issued for them; missing addresses are typed on the spot."""
    user = cast(User, request.user)
    run = get_object_or_404(visible_runs(user), key=key)
    groups, page = _groups(run, user, request.GET.get("page"))
    if not groups:
        messages.info(request, _("Everything that was issued in this batch is on its way."))
        return redirect("renewals:batch", key=key)
    typed, is_sent = sent(request), request.method == "POST"
    templates = templates_of(reseller=cast(Reseller, user.reseller))
    form = BatchLettersForm(typed, groups=groups, templates=templates)
    is_pressed = is_sent and form.is_valid() and request.POST.get("act") == "send"
    if is_pressed and (answer := _send(request, run, form, user)):
        return answer
    rows: list[dict[str, Any]] = [{"group": group, "fields": form.fields_of(group)} for group in groups]
    known, unaddressed = ([row for row in rows if bool(row["group"].known) is there] for there in (True, False))
    is_folded = len(known) > FOLDED_ABOVE
    context = {
        "run": run,
        "form": form,
        "rows": [*unaddressed, *([] if is_folded else known)],
        "folded": known if is_folded else [],
        "is_fold_open": any(field.errors for row in known for field in row["fields"].values()),
        "missing": len(unaddressed),
        "page": page,
        "parts": form.parts(),
        "count": 0 if unaddressed else len(groups),
        "preview": _preview(form, user) if is_sent and not form.errors else None,
    }
    return render(request, "renewals/batch/letters.html", context, status=422 if form.errors else 200)


def _groups(run: QuoteRun, user: User, number: str | None) -> tuple[list[Group], Page]:
    """A page of the customers with what was issued for them and not sent yet."""
    rows = unsent_rows(run).order_by("position")
    keys: dict[int, list[uuid.UUID]] = {}
    for customer, row_key in rows.values_list("present", "key"):
        keys.setdefault(customer, []).append(row_key)
    page = Paginator(list(keys), MOST_CUSTOMERS).get_page(number)
    listed = list(page.object_list)
    customers = {one.pk: one for one in visible_customers(user).filter(pk__in=listed).select_related("reseller")}
    wanted = [row_key for pk in customers for row_key in keys[pk]]
    rows_of_quotes = visible_quotes(user).filter(key__in=wanted).annotate(spoken=KT("document__language"))
    quotes = {one.key: one for one in rows_of_quotes if can_share(one.status.state)}
    known = recipients_of(customers.values(), user=user)
    found = []
    for pk in listed:
        own: Sequence[Quote] = [quotes[one] for one in keys[pk] if one in quotes]
        if pk in customers and own:
            found.append(Group(customers[pk], own, known[pk]))
    return found, page


def _preview(form: BatchLettersForm, user: User) -> dict[str, Any] | None:
    """The first letter as it will read; None where nobody is written to."""
    if not (addressed := form.addressed()):
        return None
    group, first = addressed[0]
    if len(group.quotes) == 1:
        return _preview_of_one(form, group.quotes[0], first, user)
    letter = form.letters()[first.language]
    values = several_values(
        quotes=group.quotes,
        links={one.pk: share_address(UNSEEN_TOKEN) for one in group.quotes},
        to_name=first.to_name,
        sender=user,
        reseller=cast(Reseller, user.reseller),
        language=first.language,
    )
    return {
        "to": first.to,
        "to_name": first.to_name,
        "subject": fill_in(letter.subject, {**values, QUOTES: ""}),
        "body": fill_in(letter.body, values),
    }


def _preview_of_one(form: BatchLettersForm, quote: Quote, to: Addressed, user: User) -> dict[str, Any]:
    """As it is sent from the quote's own page."""
    text = form.letters(PREFIXES[QUOTE])[language_of_one(quote)]
    whole = Quote.objects.select_related("reseller").get(pk=quote.pk)
    filling = Filling(to.to_name, with_link=True, with_pdf=False)
    letter = fill_letter(quote=whole, sender=user, filling=filling, template=text)
    values = letter_values(quote=whole, to_name=to.to_name, sender=user, link=share_address(UNSEEN_TOKEN))
    return {
        "to": to.to,
        "to_name": to.to_name,
        "subject": letter.subject,
        "body": finish(letter.body, values),
    }


def _send(request: HttpRequest, run: QuoteRun, form: BatchLettersForm, user: User) -> HttpResponse | None:
    """None where the page says what is missing."""
    start = partial(start_sending, run=run, letters=form.letters_of_kinds(), task=send_run, by=user, now=timezone.now())
    is_over = start_letters(
        request, form, start=lambda addressed: start(addressed=addressed), refused=(RunRefused, messages.ERROR)
    )
    return redirect("renewals:batch", key=run.key) if is_over else None
