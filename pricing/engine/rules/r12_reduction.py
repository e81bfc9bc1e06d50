"""R12: a reduced renewal (減数更新) beside keeping everything."""

from ..decision import decision
from ..problems import Problem, warning
from ..step import StepKind
from ..values import Holding, HoldingChoice, Yen
from ..wording import Rule, both
from .r03_quoted import Quoted, quote_choices

R12 = Rule("R12", both("Reduced renewal", "減数更新"))

REDUCTION_DOES_NOT_SAVE = warning(
    R12,
    "reduction-does-not-save",
    en="Reducing does not save: {reduced:yen} against {kept:yen} for keeping everything "
    "(tax excluded), {difference:yen} more.",
    ja="減らしても安くなりません。減数後は税抜 {reduced:yen}、すべて更新すると税抜 {kept:yen} で、"
    "減らすほうが {difference:yen} 高くなります。",
)
REDUCTION_SAVES_NOTHING = REDUCTION_DOES_NOT_SAVE.in_words(
    "reduction-saves-nothing",
    en="Reducing does not save: {reduced:yen}, just as much as keeping everything (tax excluded).",
    ja="減らしても安くなりません。減数後もすべて更新しても、税抜 {reduced:yen} で同額です。",
)

KEPT_TOTAL = StepKind(
    R12,
    "kept-total",
    both("Keeping every held license would cost {kept:yen} (tax excluded)", "すべて更新した場合は税抜 {kept:yen}"),
    result="{difference:+,}",
)


@decision
class ReductionComparison:
    """What keeping every held license would cost; yen, tax excluded."""

    kept: Yen
    reduced: Yen

    @property
    def difference(self) -> Yen:
        """How much more the reduction costs; below zero: what it saves."""
        return self.reduced - self.kept


def reduced_holdings(quoted: Quoted) -> list[Holding]:
    """What is reduced or discontinued."""
    reduced = []
    for choice in quoted.choices:
        if choice.renewal_quantity is not None and choice.renewal_quantity < choice.holding.quantity:
            reduced.append(choice.holding)
    return reduced


def keeping_everything(quoted: Quoted) -> Quoted:
    """The same with every reduced or discontinued holding kept as it is; one left out stays left out."""
    kept = [
        choice
        if choice.renewal_quantity in (None, choice.holding.quantity)
        else HoldingChoice(choice.holding, choice.holding.quantity)
        for choice in quoted.choices
    ]
    return quote_choices(quoted.request, kept, quoted.additions)


def warn_of_reduction(quoted: Quoted, comparison: ReductionComparison) -> list[Problem]:
    """Where keeping everything would cost no more."""
    if comparison.difference < 0:
        return []
    places = tuple(f"holding:{holding.key}" for holding in reduced_holdings(quoted))
    facts = {"reduced": comparison.reduced, "kept": comparison.kept, "difference": comparison.difference}
    kind = REDUCTION_DOES_NOT_SAVE if comparison.difference else REDUCTION_SAVES_NOTHING
    return [Problem(kind, places, facts)]
