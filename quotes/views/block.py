"""What the form's page shows of one license ID: its block, and its share of the calculation. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import ngettext

from foundation.text.language import name_of, reader_language, unit_of
from licensing.models import Holding
from licensing.models import Product as ProductRow
from pricing.engine.pricing import Line, RenewalPricing
from pricing.engine.rules.r01_term import possible_years, shorter_programmes
from pricing.engine.step import Step
from pricing.engine.values import LEAST_YEARS, MOST_YEARS, Product
from pricing.engine.wording import Language

from ..forms import AdditionRow, FormPart, RenewalForm
from ..operations import Calculation
from .problems import Said, WarningBox, by_place, each_cause_once, refusals, warnings
from .reading import sentences_shown


@dataclass(frozen=True)
class HoldingRow:
    """One holding in the form."""

    holding: Holding
    name: str
    unit: str
    is_renewed: bool
    quantity: str
    is_changed: bool
    rank_before: str
    rank_now: str
    errors: list[str]

    @property
    def rank_place(self) -> str:
        return f"rank-{self.holding.pk}"

    @property
    def error_place(self) -> str:
        return f"error-{self.holding.pk}"


@dataclass(frozen=True)
class AdditionFields:
    """One row of the additions, and what is wrong at each of its two fields."""

    row: AdditionRow
    product_errors: list[str]
    quantity_errors: list[str]
    error_place: str
    place: str
    """`0`; of a further license ID `15-0`."""

    @property
    def number(self) -> int:
        """As people count rows."""
        return self.row.index + 1


@dataclass(frozen=True)
class LineView:
    line: Line
    name: str
    unit: str
    steps: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Block:
    """One license ID on the page. What is left out has no calculation."""

    part: FormPart
    pricing: RenewalPricing | None
    is_priced: bool
    is_open: bool
    """Whether its fields stand open where the page has several."""
    holdings: list[HoldingRow]
    additions: list[AdditionFields]
    terms: list[tuple[int, int | None, bool]]
    """Years, what the quote comes to with tax (of several license IDs: this one without tax), whether chosen."""
    term_errors: list[str]
    lines: list[LineView] = field(default_factory=list)
    steps: list[tuple[str, str, str]] = field(default_factory=list)
    """What is reckoned of this license ID as a whole; nothing where it is the only one."""
    refusals: list[Said] = field(default_factory=list)
    warnings: list[WarningBox] = field(default_factory=list)
    products: Sequence[ProductRow] = ()
    """That can be added."""

    @property
    def prefix(self) -> str:
        return self.part.prefix

    @property
    def number(self) -> int:
        """That of its row, for ids on the page."""
        return self.part.licenseid.pk

    @property
    def at(self) -> str:
        """What ids of its places begin with; empty for the first."""
        return f"part-{self.prefix}" if self.prefix else ""

    @property
    def places(self) -> dict[str, str]:
        """The ids of what a calculation changes, see places.py."""
        at = self.at
        return {
            "head": f"{at}head",
            "first_term": f"{at}first-term",
            "terms": f"{at}terms",
            "term_limit": f"{at}term-limit",
            "years": f"error-{self.prefix}years",
        }

    @property
    def rows_id(self) -> str:
        """The id of what holds the rows of additions."""
        return f"{self.at}addition-rows"

    @property
    def is_reduced(self) -> bool:
        return bool(self.part.value("is_reduced"))

    @property
    def unread(self) -> int:
        """How many warnings are still to be ticked."""
        return sum(not box.is_ticked for box in self.warnings)

    @property
    def held_products(self) -> list[ProductRow]:
        held = {holding.product_id for holding in self.part.holdings}
        return [product for product in self.products if product.pk in held]

    @property
    def other_products(self) -> list[ProductRow]:
        held = {holding.product_id for holding in self.part.holdings}
        return [product for product in self.products if product.pk not in held]

    @property
    def expires_on(self) -> date | None:
        """The first expiry of what is held."""
        return min((holding.support_expires_on for holding in self.part.holdings), default=None)

    @property
    def programmes(self) -> list[Any]:
        """Those of what is held."""
        return sorted({holding.product.programme for holding in self.part.holdings}, key=lambda row: row.code)

    @property
    def subtotal(self) -> int | None:
        """Yen, tax excluded; None where it cannot be priced or is left out."""
        return self.pricing.subtotal if self.pricing and self.is_priced else None

    @property
    def years(self) -> int:
        return self.pricing.request.years if self.pricing else self.part.value("years") or LEAST_YEARS

    @property
    def seen_warnings(self) -> str:
        """What stands beside the ticks, to be sent back with them."""
        return sentences_shown(self.pricing.warnings) if self.pricing else ""

    @property
    def most_years(self) -> int:
        """The longest term that what is quoted can have (R1)."""
        return possible_years(self._products)[-1]

    @property
    def term_limit(self) -> str:
        """Why longer terms cannot be chosen; empty where all can."""
        names = [
            programme.english if reader_language() == "en" else programme.name
            for programme in shorter_programmes(self._products)
            if programme.most_years == self.most_years
        ]
        if not names:
            return ""
        return ngettext(
            "Products of %(programmes)s are renewed for %(most)s year only.",
            "Products of %(programmes)s are renewed for at most %(most)s years.",
            self.most_years,
        ) % {"programmes": ", ".join(names), "most": self.most_years}

    @property
    def _products(self) -> list[Product]:
        if self.pricing is None:
            return []
        request = self.pricing.request
        renewed = [choice.holding.product for choice in request.holdings if choice.renewal_quantity]
        return renewed + [addition.product for addition in request.additions]

    @property
    def first_term(self) -> date | None:
        """The first day of the new support period; None where nothing is renewed or periods differ."""
        first = {line.term.term_from for line in self.pricing.lines} if self.pricing else set()
        return first.pop() if len(first) == 1 else None

    @property
    def kept(self) -> int:
        """What keeping everything would cost, tax excluded; 0 without a comparison."""
        comparison = self.pricing.comparison if self.pricing else None
        return comparison.kept if comparison else 0

    @property
    def saved(self) -> int:
        """What a reduction saves, tax excluded; 0 where it saves nothing."""
        comparison = self.pricing.comparison if self.pricing and self.is_priced else None
        return -comparison.difference if comparison and comparison.difference < 0 else 0


def lay_out_block(
    *,
    part: FormPart,
    pricing: RenewalPricing | None,
    steps: Iterable[Step],
    form: RenewalForm,
    calculation: Calculation,
    is_priced: bool,
    products: Sequence[ProductRow],
    is_open: bool,
) -> Block:
    """Every figure and problem of a license ID. `pricing` is None and there are no `steps` where it is left out."""
    language = reader_language()
    is_priced = is_priced and pricing is not None
    found = each_cause_once(pricing.refusals) if pricing else []
    said = by_place(found)
    by_line = _by_line(steps, language) if is_priced else {}
    lines = pricing.lines if pricing and is_priced else ()
    ranks = {line.key: line.rank.rank.rank for line in lines}
    wrong = refusals(found, part, form, pricing.request) if pricing else []
    read = warnings(pricing.warnings, part, form) if pricing else []
    has_errors = any(part.owns(name) for name in form.errors)
    return Block(
        part=part,
        pricing=pricing,
        is_priced=is_priced,
        is_open=is_open or bool(wrong) or has_errors,
        holdings=[_holding(holding, part, calculation, said, ranks, language) for holding in part.holdings],
        additions=[
            AdditionFields(
                row,
                part.errors(f"addition-{row.index}-product"),
                [
                    *part.errors(f"addition-{row.index}-quantity"),
                    *said.get(f"addition:{form.key_of(part, row.index)}", []),
                ],
                f"error-{part.prefix}addition-{row.index}",
                f"{part.prefix}{row.index}",
            )
            for row in part.addition_rows()
        ],
        terms=_terms(part, pricing, form, calculation, is_priced),
        term_errors=[*part.errors("years"), *said.get("years", [])],
        lines=[_line(line, by_line, language) for line in lines],
        steps=by_line.get(None, []),
        refusals=wrong,
        warnings=read,
        products=products,
    )


def _terms(
    part: FormPart, pricing: RenewalPricing | None, form: RenewalForm, calculation: Calculation, is_priced: bool
) -> list[tuple[int, int | None, bool]]:
    chosen = part.value("years")
    only_the_term_is_wrong = form.is_valid() and all(
        one.problem.code == "term-out-of-range" for one in calculation.pricing.refusals
    )
    totals: dict[int, int | None] = {}
    if pricing and (is_priced or only_the_term_is_wrong):
        totals = calculation.subtotal_by_years(pricing) if form.is_several else calculation.total_by_years()
    return [(years, totals.get(years), years == chosen) for years in range(LEAST_YEARS, MOST_YEARS + 1)]


def _holding(
    holding: Holding,
    part: FormPart,
    calculation: Calculation,
    said: dict[str, list[str]],
    ranks: dict[str, str],
    language: Language,
) -> HoldingRow:
    key = str(holding.pk)
    number = part.value(f"quantity-{key}")
    return HoldingRow(
        holding=holding,
        name=name_of(holding.product, language),
        unit=unit_of(holding.product, language),
        is_renewed=bool(part.value(f"renew-{key}")),
        quantity=part.typed(f"quantity-{key}"),
        is_changed=number is not None and number != holding.quantity,
        rank_before=calculation.rank_when_kept.get(key, ""),
        rank_now=ranks.get(key, ""),
        errors=[*part.errors(f"renew-{key}"), *part.errors(f"quantity-{key}"), *said.get(f"holding:{key}", [])],
    )


def _line(line: Line, steps: dict[str | None, Any], language: Language) -> LineView:
    return LineView(line, line.product.called(language), line.product.counted_in(language), steps.get(line.key, []))


def _by_line(steps: Iterable[Step], language: Language) -> dict[str | None, list[tuple[str, str, str]]]:
    found: dict[str | None, list[tuple[str, str, str]]] = {}
    for step in steps:
        found.setdefault(step.line, []).append((step.rule, step.text(language), step.result_in(language)))
    return found
