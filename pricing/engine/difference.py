"""`compare_steps`: two pricings of the same request with different prices, step by step."""

from typing import NamedTuple

from .pricing import RenewalPricing
from .step import Step
from .trace import explain


class StepPair(NamedTuple):
    """The same step under both prices; None where one of them does without it."""

    line: str | None
    """The key of the line; None: the quote as a whole."""
    old: Step | None
    new: Step | None

    @property
    def is_changed(self) -> bool:
        """Whether it decided something else. Which list a price was read from is not what it decided."""
        if self.old is None or self.new is None:
            return True
        return (self.old.step, _decided(self.old)) != (self.new.step, _decided(self.new))

    @property
    def rule(self) -> str:
        step = self.new or self.old
        return step.rule if step else ""


def compare_steps(old: RenewalPricing, new: RenewalPricing) -> tuple[StepPair, ...]:
    """Every step of both, paired, in the order of the old ones; a step that only the new one has follows its line's.

    A refused pricing has no steps. The step that names the price list is left out: the reader chose the lists.
    """
    before, after = _by_kind(old), _by_kind(new)
    lines = dict.fromkeys(line for line, *_ in [*before, *after])
    keys = [key for line in lines for key in dict.fromkeys([*before, *after]) if key[0] == line]
    return tuple(StepPair(key[0], before.get(key), after.get(key)) for key in keys)


def _by_kind(pricing: RenewalPricing) -> dict[tuple[str | None, str, int], Step]:
    """The steps by line, kind, and how many of the kind the line had before (a tax step stands once for each rate)."""
    found: dict[tuple[str | None, str, int], Step] = {}
    for step in explain(pricing):
        if step.step == "price-list":
            continue
        kind, number = step.kind.about or step.step, 0
        while (step.line, kind, number) in found:
            number += 1
        found[step.line, kind, number] = step
    return found


def _decided(step: Step) -> dict[str, object]:
    return {name: fact for name, fact in step.facts.items() if name != "price_list"}
