"""What the form's page shows of one license ID: its block, and its share of the calculation. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.live_fields import LiveField, LongSelect, Radios
from foundation.text.language import name_of, reader_language, unit_of
from licensing.models import Holding
from pricing.costs.margins import LineMargin
from pricing.engine.pricing import Line, RenewalPricing
from pricing.engine.rules.r01_term import possible_years, shorter_programmes
from pricing.engine.step import Step
from pricing.engine.values import LEAST_YEARS, MOST_YEARS, Product
from pricing.engine.wording import Language

from ...calculation.calculate import Calculation
from ...calculation.helping import each_cause_once
from ..forms import RenewalForm
from ..part import AdditionRow, FormPart
from .problems import Said, WarningBox, refusals, warnings

Choice = tuple[str, str]
"""A product's code, and how a list shows it."""
NO_MARGINS: Mapping[str, LineMargin] = MappingProxyType({})


@dataclass(frozen=True)
class HoldingRow:
    """One holding in the form."""

    holding: Holding
    name: str
    unit: str
    is_renewed: bool
    rank_before: str
    rank_now: str
    renew: LiveField
    quantity: LiveField
    offered: LiveField

    @property
    def rank_place(self) -> str:
        return f"rank-{self.holding.pk}"


@dataclass(frozen=True)
class AdditionFields:
    """One row of the additions with its two fields."""

    row: AdditionRow
    product: LiveField
    quantity: LiveField
    offered: LiveField

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
    margin: LineMargin | None = None
    """What is left of it; None for whoever does not see margins."""


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
    lines: list[LineView] = field(default_factory=list)
    steps: list[tuple[str, str, str]] = field(default_factory=list)
    """What is reckoned of this license ID as a whole; nothing where it is the only one."""
    refusals: list[Said] = field(default_factory=list)
    warnings: list[WarningBox] = field(default_factory=list)

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
        }

    @property
    def fields(self) -> dict[str, LiveField]:
        """Those that are neither of a holding nor of an addition."""
        names = ("held", "years", "is_reduced", "left_out", "seen_warnings")
        return {name: self.part.field(name) for name in names}

    @property
    def rows_id(self) -> str:
        """The id of what holds the rows of additions."""
        return f"{self.at}addition-rows"

    @property
    def unread(self) -> int:
        """How many warnings are still to be ticked."""
        return sum(not box.is_ticked for box in self.warnings)

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
    def most_years(self) -> int:
        """The longest term that what is quoted can have (R1)."""
        return possible_years(_products(self.pricing))[-1]

    @property
    def term_limit(self) -> str:
        """Why longer terms cannot be chosen; empty where all can."""
        names = [
            programme.english if reader_language() == "en" else programme.name
            for programme in shorter_programmes(_products(self.pricing))
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
    products: Sequence[Choice],
    is_open: bool,
    margins: Mapping[str, LineMargin] = NO_MARGINS,
) -> Block:
    """Every figure and problem of a license ID. `pricing` is None and there are no `steps` where it is left out.

    `products` can be added; `margins` are what is left of its lines, by their keys.
    """
    language = reader_language()
    is_priced = is_priced and pricing is not None
    found = each_cause_once(pricing.refusals) if pricing else []
    by_line = _by_line(steps, language) if is_priced else {}
    lines = pricing.lines if pricing and is_priced else ()
    ranks = {line.key: line.rank.rank.rank for line in lines}
    wrong = refusals(found, part, form, pricing.request) if pricing else []
    read = warnings(pricing.warnings, part, form) if pricing else []
    has_errors = any(part.owns(name) for name in form.errors)
    form.standing |= {part.name("held"): part.held_now(), part.name("years"): part.value("years")}
    _close_longer_terms(part, possible_years(_products(pricing))[-1])
    return Block(
        part=part,
        pricing=pricing,
        is_priced=is_priced,
        is_open=is_open or bool(wrong) or has_errors,
        holdings=[_holding(holding, part, calculation, ranks, language) for holding in part.holdings],
        additions=[_addition(row, part, products) for row in part.addition_rows()],
        terms=_terms(part, pricing, form, calculation, is_priced),
        lines=[_line(line, by_line, language, margins) for line in lines],
        steps=by_line.get(None, []),
        refusals=wrong,
        warnings=read,
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
    ranks: dict[str, str],
    language: Language,
) -> HoldingRow:
    key = str(holding.pk)
    return HoldingRow(
        holding=holding,
        name=name_of(holding.product, language),
        unit=unit_of(holding.product, language),
        is_renewed=bool(part.value(f"renew-{key}")),
        rank_before=calculation.rank_when_kept.get(key, ""),
        rank_now=ranks.get(key, ""),
        renew=part.field(f"renew-{key}"),
        quantity=part.field(f"quantity-{key}"),
        offered=part.field(f"offered-{key}"),
    )


def _addition(row: AdditionRow, part: FormPart, products: Sequence[Choice]) -> AdditionFields:
    """Its list has the products that are held first."""
    held = {holding.product.code for holding in part.holdings}
    groups = [
        (_("Held"), [choice for choice in products if choice[0] in held]),
        (_("Other products"), [choice for choice in products if choice[0] not in held]),
    ]
    select = cast(LongSelect, part.form.fields[row.product_name].widget)
    select.choices = [("", _("Choose a product")), *(group for group in groups if group[1])]
    return AdditionFields(
        row,
        product=part.field(f"addition-{row.index}-product"),
        quantity=part.field(f"addition-{row.index}-quantity"),
        offered=part.field(f"addition-{row.index}-offered"),
    )


def _close_longer_terms(part: FormPart, most_years: int) -> None:
    cast(Radios, part.form.fields[part.name("years")].widget).closed = range(most_years + 1, MOST_YEARS + 1)


def _products(pricing: RenewalPricing | None) -> list[Product]:
    """What is quoted."""
    if pricing is None:
        return []
    renewed = [choice.holding.product for choice in pricing.request.holdings if choice.renewal_quantity]
    return renewed + [addition.product for addition in pricing.request.additions]


def _line(line: Line, steps: dict[str | None, Any], language: Language, margins: Mapping[str, LineMargin]) -> LineView:
    said = steps.get(line.key, [])
    name, unit = line.product.called(language), line.product.counted_in(language)
    return LineView(line, name, unit, said, margins.get(line.key))


def _by_line(steps: Iterable[Step], language: Language) -> dict[str | None, list[tuple[str, str, str]]]:
    found: dict[str | None, list[tuple[str, str, str]]] = {}
    for step in steps:
        found.setdefault(step.line, []).append((step.rule, step.text(language), step.result_in(language)))
    return found
