"""A comparison as its customer sees it: the alternatives side by side, how it stands, and the choice."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from foundation.text.language import reader_language

from ...models import Comparison
from ...paper.comparison_sheet import lay_out_plans
from ...record.comparisons import comparison_has_left, quotes_from, state_of
from ...record.refusals import ChoiceChanged, ChoiceClosed
from ..choosing import OPEN, choose_alternative
from ..forms import ChoiceForm
from ..visits import Visitor
from .page import answers_too_often

CLOSED = ("withdrawn", "expired")


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page says of what was sent to it, and with which status; of nothing, where it is only opened."""

    status: int = 200
    problem: str = ""
    """Which sentence the page says; empty: the form says it itself."""
    sent: ChoiceForm | None = None
    letter: str = ""
    now: Comparison | None = None
    """The comparison as it stands now, where it has changed meanwhile."""


def take_choice(request: HttpRequest, *, comparison: Comparison, visitor: Visitor) -> Sent | None:
    """The alternative that was sent is chosen, by whichever page. None: it was. Raises LinkClosed."""
    letter = request.POST.get("plan", "")
    chosen = next((one for one in comparison.alternatives.defer("asked") if one.letter == letter), None)
    if chosen is None:
        return Sent(422, "choose")
    form = ChoiceForm(request.POST, with_name=visitor.user is None)
    if not form.is_valid():
        return Sent(422, sent=form, letter=letter)
    if answers_too_often(request):
        return Sent(429, "often", form, letter)
    try:
        choose_alternative(
            alternative=chosen,
            message=form.cleaned_data["message"],
            by_name=form.cleaned_data.get("name", ""),
            visitor=visitor,
            seen=form.cleaned_data["seen"],
            now=timezone.now(),
        )
    except (ChoiceChanged, ChoiceClosed) as refused:
        problem = "changed" if isinstance(refused, ChoiceChanged) else "closed"
        now = _reread(comparison)
        return Sent(409, problem, _newly_seen(form, now), letter, now)
    return None


def _newly_seen(form: ChoiceForm, now: Comparison) -> ChoiceForm:
    """What was typed, beside what stands there as chosen by now: sent again, it is chosen."""
    chosen = now.status.chosen
    data = {name: form.data[name] for name in form.data} | {"seen": chosen.letter if chosen else ""}
    return ChoiceForm(data, with_name="name" in form.fields)


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
        "written": sent.cleaned_data.get("message", "")
        if sent is not None and sent.is_bound and sent.is_valid()
        else "",
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


def _reread(comparison: Comparison) -> Comparison:
    """As it stands now."""
    rows = Comparison.objects.select_related("customer", "reseller", "status__chosen").defer("content")
    return rows.get(pk=comparison.pk)
