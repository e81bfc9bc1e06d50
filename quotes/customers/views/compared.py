"""A comparison as its customer sees it: the alternatives side by side, how it stands, and the choice."""

from typing import Any

from django.utils import timezone

from foundation.text.language import reader_language

from ...models import Comparison
from ...paper.comparison import lay_out_plans
from ...record.comparisons import comparison_has_left, quotes_from, state_of
from ..choosing import OPEN
from ..forms import ChoiceForm

CLOSED = ("withdrawn", "expired")


def comparison_context(
    comparison: Comparison, *, with_name: bool, sent: ChoiceForm | None = None, letter: str = ""
) -> dict[str, Any]:
    """All that the page shows, taken from what was printed. `sent`: the form of the alternative of this letter, as it
    was sent. Prices are not shown once they do not hold any more.
    """
    state = _state(comparison)
    chosen = comparison.status.chosen
    chosen_letter = chosen.letter if chosen else ""
    plans = lay_out_plans(comparison.document, reader_language()) if are_prices_shown(comparison) else []
    for plan in plans:
        is_sent = sent is not None and plan["letter"] == letter
        plan["form"] = sent if is_sent else ChoiceForm(with_name=with_name, letter=plan["letter"], seen=chosen_letter)
        plan["is_sent"] = is_sent
    return {
        "comparison": comparison,
        "document": comparison.document,
        "issuer": comparison.document["issuer"],
        "plans": plans,
        "state": state,
        "chosen_letter": chosen_letter,
        "chosen": next((plan for plan in plans if plan["letter"] == chosen_letter), None),
        "may_choose": state in OPEN,
        "quotes": [origin.quote for origin in quotes_from(comparison)] if state == "quoted" else [],
    }


def are_prices_shown(comparison: Comparison) -> bool:
    """Not once they hold no more, whatever came of them, or it was withdrawn."""
    return _state(comparison) not in CLOSED and comparison.valid_until >= timezone.localdate()


def _state(comparison: Comparison) -> str:
    return "withdrawn" if comparison_has_left(comparison) else state_of(comparison, on=timezone.localdate())


def reread(comparison: Comparison) -> Comparison:
    """As it stands now."""
    rows = Comparison.objects.select_related("customer", "reseller", "status__chosen").defer("content")
    return rows.get(pk=comparison.pk)
