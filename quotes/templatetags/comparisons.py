"""Comparisons in lists, and what came of them."""

from datetime import date

from django import template

from foundation.text.language import reader_language
from licensing.models import Customer, User

from ..comparisons.queries import CHOICES_SHOWN, comparisons_in_box, comparisons_of, last_choices
from ..models import COMPARISON_STATES, Alternative, Comparison, Quote, QuoteOrigin
from ..paper.comparison_wording import name_alternative
from ..record.comparisons import origin_of, state_of

register = template.Library()

SHOWN_AT_ONCE = 5
"""Of a list that leads on to the whole."""


@register.inclusion_tag("quotes/comparisons/_state.html")
def comparison_badge(comparison: Comparison, on: date) -> dict[str, object]:
    """How it stands as a word. Its status is loaded."""
    state = state_of(comparison, on=on)
    return {"state": state, "word": COMPARISON_STATES[state]}


@register.simple_tag
def comparison_state(comparison: Comparison, on: date) -> str:
    """How it stands: a key of COMPARISON_STATES. Its status is loaded."""
    return state_of(comparison, on=on)


@register.filter
def plan_name(alternative: Alternative) -> str:
    """案A, with its label, in the reader's language."""
    language = reader_language()
    name = name_alternative(alternative.position - 1, language)
    between = "（{}）" if language == "ja" else " ({})"
    return name + (between.format(alternative.label) if alternative.label else "")


@register.inclusion_tag("quotes/comparisons/_of_customer.html")
def customer_comparisons(user: User, customer: Customer, on: date) -> dict[str, object]:
    """A customer's last comparisons. One query."""
    return {"comparisons": list(comparisons_of(user, customer)), "on": on, "user": user, "customer": customer}


@register.simple_tag
def quote_origin(quote: Quote) -> QuoteOrigin | None:
    """From which alternative a quote was made. One query."""
    return origin_of(quote)


@register.inclusion_tag("quotes/comparisons/_choices.html")
def waiting_choices(user: User) -> dict[str, object]:
    """What customers have chosen and nobody has quoted yet, for the reseller's people. One query."""
    found = last_choices(user) if user.is_reseller_staff else []
    return {"comparisons": found[:CHOICES_SHOWN], "is_more": len(found) > CHOICES_SHOWN}


@register.inclusion_tag("quotes/comparisons/_found.html")
def found_comparisons(user: User, text: str, on: date) -> dict[str, object]:
    """The comparisons that the header's search box finds by their number. No query without one in the text."""
    found = list(comparisons_in_box(user, text)[:SHOWN_AT_ONCE]) if text else []
    return {"comparisons": found, "on": on, "user": user}
