"""What to do about a refusal of a request, in the reader's language."""

import sys
from collections.abc import Iterable
from typing import cast

from django.utils.translation import gettext as _

from pricing.engine.problems import Problem
from pricing.engine.values import RenewalRequest
from pricing.wording import what_to_do


def what_helps(problem: Problem, request: RenewalRequest) -> str:
    """What to do about it, in the reader's language: what helps with just this request, else what helps always."""
    return _way_to_minimum(problem, request) or what_to_do(problem, with_names=True)


def each_cause_once(problems: Iterable[Problem]) -> list[Problem]:
    """Without what is cured together with a minimum: a product that reaches it reaches its first rank too (R8, R9)."""
    minimums = {
        (problem.facts["product"], problem.places): cast(int, problem.facts["minimum"])
        for problem in problems
        if problem.code == "below-minimum"
    }
    return [
        problem
        for problem in problems
        if problem.code != "below-first-rank"
        or cast(int, problem.facts.get("first", sys.maxsize))
        > minimums.get((problem.facts["product"], problem.places), 0)
    ]


def _way_to_minimum(problem: Problem, request: RenewalRequest) -> str:
    """What helps where less is held than the minimum (R8): only an addition, if it is summed (R7)."""
    if problem.code != "below-minimum":
        return ""
    product, minimum, quantity = (problem.facts[name] for name in ("product", "minimum", "quantity"))
    renewed = [choice.holding for choice in request.holdings if choice.renewal_quantity]
    held = sum(holding.quantity for holding in renewed if holding.product == product)
    if request.is_reduced and held >= cast(int, minimum):
        return ""
    if request.on > min(holding.support_expires_on for holding in renewed):
        return _("After the expiry an addition does not count towards the minimum: do not renew this product.")
    missing = f"{cast(int, minimum) - cast(int, quantity):,}"
    return _("Enter %(missing)s more of it as an addition, or do not renew it.") % {"missing": missing}
