"""One request under two price lists: what changes. Plain values in, an unsaved row out."""

from decimal import Decimal
from typing import Any

from pricing.engine.pricing import Line
from pricing.engine.problems import Problem
from pricing.engine.quote import QuotePricing, price_quote
from pricing.engine.values import PriceTables
from quotes.models import CODES_BETWEEN

from ..models import ImpactRow
from .subjects import Subject

MOST_PERCENT = Decimal("9999999999.99")
CENT = Decimal("0.01")


def compare_subject(*, run_pk: int, subject: Subject, old: PriceTables, new: PriceTables) -> ImpactRow:
    """Price it under both lists. The same engine as everywhere; nothing is written."""
    before, after = (
        price_quote(subject.requests, one, reduction=subject.reduction, free_lines=subject.free_lines)
        for one in (old, new)
    )
    old_amount = None if before.is_refused else before.subtotal
    new_amount = None if after.is_refused else after.subtotal
    lines = compare_lines(before, after)
    difference = None if old_amount is None or new_amount is None else new_amount - old_amount
    return ImpactRow(
        run_id=run_pk,
        kind=subject.kind,
        licenseid_id=subject.licenseid_pk,
        quote_id=subject.quote_pk,
        reseller_id=subject.reseller_pk,
        reseller_name=subject.reseller_name,
        customer_name=subject.customer_name,
        license_codes=CODES_BETWEEN.join(request.license_id for request in subject.requests),
        quote_number=subject.quote_number,
        day=subject.day,
        products=f" {' '.join(sorted({line[0] for line in lines}))} ",
        old_amount=old_amount,
        new_amount=new_amount,
        difference=difference,
        percent=percent_of(difference, old_amount),
        outcome=outcome_of(old_amount, new_amount),
        has_rank_change=any(line[2] != line[3] for line in lines if line[2] and line[3]),
        lines=lines,
        problems=tell_problems(before, after),
    )


def compare_lines(before: QuotePricing, after: QuotePricing) -> list[list[Any]]:
    """`[product code, quantity, old rank, new rank, old amount, new amount]` for each line; None where refused."""
    old = {line.key: line for line in before.lines}
    new = {line.key: line for line in after.lines}
    asked = [
        (choice.holding.key, choice.holding.product.code, choice.renewal_quantity)
        for part in before.parts
        for choice in part.request.holdings
        if choice.renewal_quantity
    ]
    asked += [
        (addition.key, addition.product.code, addition.quantity)
        for part in before.parts
        for addition in part.request.additions
    ]
    return [[code, quantity, *two_of(old.get(key), new.get(key))] for key, code, quantity in asked]


def two_of(old: Line | None, new: Line | None) -> tuple[str | None, str | None, int | None, int | None]:
    """Both ranks, then both amounts."""
    return (
        None if old is None else old.rank.rank.rank,
        None if new is None else new.rank.rank.rank,
        None if old is None else old.offered,
        None if new is None else new.offered,
    )


def percent_of(difference: int | None, amount: int | None) -> Decimal | None:
    """The difference in percent of the amount; None where there is none, or no amount to compare with."""
    if difference is None or not amount:
        return None
    return min(Decimal(difference * 100) / amount, MOST_PERCENT).quantize(CENT)


def outcome_of(old: int | None, new: int | None) -> ImpactRow.Outcome:
    outcome = ImpactRow.Outcome
    if old is None:
        return outcome.REFUSED if new is None else outcome.NO_LONGER_REFUSED
    if new is None:
        return outcome.NEWLY_REFUSED
    return outcome.SAME if old == new else outcome.DEARER if new > old else outcome.CHEAPER


def tell_problems(before: QuotePricing, after: QuotePricing) -> list[dict[str, Any]]:
    """Refusals and warnings in both languages, refusals first; what is the same under both lists stands once."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for name, pricing in (("old", before), ("new", after)):
        of_parts = [problem for part in pricing.parts for problem in part.problems]
        for problem in (*of_parts, *pricing.problems):
            japanese = problem.what("ja")
            row = told.setdefault((problem.code, japanese), tell(problem, japanese))
            row["lists"].append(name)
    return sorted(told.values(), key=lambda row: not row["is_refusal"])


def tell(problem: Problem, japanese: str) -> dict[str, Any]:
    product = problem.facts.get("product")
    return {
        "code": problem.code,
        "is_refusal": problem.is_refusal,
        "lists": [],
        "product": getattr(product, "code", ""),
        "ja": japanese,
        "en": problem.what("en"),
    }
