"""What is wanted, and not issued yet: pieces for the pages of customers and quotes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import template
from django.db.models import Q
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from licensing.models import Customer, User
from licensing.templatetags.portal import yen
from pricing.queries import coming_lists
from quotes.models import CODES_BETWEEN, Comparison, Quote

from ..calculation.calculate import Validity
from ..carrying_out.plan import Difference
from ..carrying_out.queries import differences_of
from ..comparisons.issuing import revisable_quote
from ..drafts.queries import find_drafts, visible_drafts
from ..drafts.words import draw_asked
from ..drift.queries import drifts_of
from ..form.views.opened import with_query
from ..models import QuietCustomer, QuoteDraft, QuoteDrift, QuoteRun, QuoteRunRow

register = template.Library()

LONG_TOTAL = 10_000_000_000
"""Yen; from here on a total is set narrower in its tile."""


@register.filter
def as_asked(stored: Any) -> SafeString:
    """What is wanted, as it is stored, in the form's own words."""
    return draw_asked(stored)


@register.filter
def swapped_errors(said: Iterable[tuple[str, Iterable[str]]]) -> SafeString:
    """What is wrong with each field, for its place below it. A form has dozens, so they are not a template's loop."""
    return format_html_join(
        "\n",
        '<div id="{}" data-hx-swap-oob="innerHTML">{}</div>',
        (
            (place, format_html_join("", '<p class="field-error">{}</p>', ((error,) for error in errors)))
            for place, errors in said
        ),
    )


@register.filter
def term_total(total: int | None) -> SafeString:
    """What a quote comes to with a term, in the term's tile; – where it cannot be priced."""
    if total is None:
        return SafeString("–")
    return format_html('<span class="long">{}</span>' if total >= LONG_TOTAL else "<span>{}</span>", yen(total))


@register.simple_tag
def count_drafts(user: User, text: str) -> int:
    """How many drafts the same search finds."""
    return find_drafts(user=user, text=text).count()


@register.simple_tag
def address_of_new(quote: Quote) -> str:
    """Where the form opens for what the quote's license IDs hold today."""
    parts = quote.parts.all() if "parts" in getattr(quote, "_prefetched_objects_cache", ()) else None
    if parts is None:
        parts = quote.parts.select_related("licenseid").order_by("position")
    codes = [part.licenseid.code for part in parts]  # of today: the quote says the code of its day
    first, *further = codes or quote.license_codes.split(CODES_BETWEEN)
    return with_query(reverse("renewals:new", args=[first]), {"with": further})


@register.simple_tag
def quote_to_revise(comparison: Comparison, on: date) -> Quote | None:
    """The open quote of a comparison's license IDs that an alternative may revise."""
    return revisable_quote(comparison, on=on)


@register.simple_tag
def old_holdings(quote: Quote) -> list[Difference]:
    """What of the quoted holdings is otherwise by now."""
    return differences_of(quote)


@register.simple_tag
def run_of(draft: QuoteDraft) -> QuoteRun | None:
    """The batch of quotes of which the draft is a row."""
    row = QuoteRunRow.objects.filter(key=draft.key).select_related("run").first()
    return row.run if row else None


@register.simple_tag
def draft_of_revision(user: User, quote: Quote) -> QuoteDraft | None:
    """The draft of the quote's next revision."""
    return visible_drafts(user).filter(basis=quote, is_revision=True).first()


@register.inclusion_tag("renewals/reminders/_quiet.html", takes_context=True)
def reminders_of(context: Context, customer: Customer) -> dict[str, Any]:
    """Whether the portal writes to a customer by itself, and the button that changes it."""
    rows = QuietCustomer.objects.select_related("by").filter(Q(customer=customer) | Q(customer__merged_into=customer))
    found = rows.first()
    return {"customer": customer, "found": found, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("renewals/price_changes/_coming.html")
def coming_prices(on: date) -> dict[str, Any]:
    """The next published price list, with the way to the customers who are worth telling. One query."""
    return {"price_lists": coming_lists(on=on)[:1]}


@register.simple_tag
def drift_of(quote: Quote, on: date) -> QuoteDrift | None:
    """What an open quote would cost today, where that is something else."""
    return drifts_of([quote], on=on).get(quote.pk)


@register.simple_tag
def drifts(quotes: Iterable[Quote], on: date) -> dict[int, QuoteDrift]:
    """The same for the quotes of a page, by their row numbers. One query."""
    return drifts_of(quotes, on=on)


@register.filter
def cut_words(validity: Validity) -> str:
    """What ends a quote earlier than it was to be valid by its own terms (R15)."""
    asked = {"day": date_format(validity.asked_until) if validity.asked_until else ""}
    if validity.reason == "expiry":
        return _("Not until %(day)s: the price does not hold after this support expiry.") % asked
    if validity.reason == "left-out":
        return _("Not until %(day)s: what is left out counts in a price rank until its support expires.") % asked
    if validity.reason == "price-list":
        return _("Not until %(day)s: new prices take effect the day after.") % asked
    return _("Not until %(day)s: your company’s quotes are valid no longer.") % asked


@register.filter
def of_row(found: Mapping[int, Any], number: int) -> Any:
    """What belongs to a row; None where there is nothing."""
    return found.get(number)
