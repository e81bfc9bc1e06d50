"""The decision sheet: what a license ID would cost at other quantities and terms, laid out for its page. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from foundation.text.language import name_of, reader_language, unit_of
from licensing.models import Product
from pricing.advice.proposals import Proposal, Reason, propose
from pricing.advice.surface import Quantities, Subject, Surface, at_list_prices
from pricing.engine.pricing import RenewalPricing
from pricing.engine.problems import Problem
from pricing.engine.quote import sum_up
from pricing.engine.rulebook import rule_name
from pricing.engine.values import LEAST_YEARS, MOST_YEARS

from ...calculation.calculate import Calculation
from ...calculation.helping import each_cause_once
from ..forms import RenewalForm
from ..part import FormPart
from ..tried import BETWEEN_TICKS, WHOLE_FORM, Tried, read_ticks, read_tried
from .advice import Advice, advise
from .taking import TAKE, take_action

YEARS = range(LEAST_YEARS, MOST_YEARS + 1)
MOST_SEARCHED = 12
"""Products for which quantities are proposed and advice is given: with more, one is looked at by typing it."""


@dataclass(frozen=True)
class TriedField:
    """A product's field for quantities to look at."""

    name: str
    product: str
    code: str
    unit: str
    held: int
    asked: int
    tried: Tried

    @property
    def id(self) -> str:
        return f"id_{self.name}"


@dataclass(frozen=True)
class QuantityView:
    """A product's quantity in a row: kept, reduced or with an addition."""

    name: str
    quantity: int
    unit: str
    held: int
    rank: str
    rank_when_kept: str

    @property
    def added(self) -> int:
        return max(self.quantity - self.held, 0)

    @property
    def is_reduced(self) -> bool:
        return self.quantity < self.held

    @property
    def is_rank_changed(self) -> bool:
        return bool(self.rank and self.rank_when_kept and self.rank != self.rank_when_kept)


@dataclass(frozen=True)
class Refused:
    """Why a cell has no price: what the rule is called, and all sentences."""

    short: str
    sentences: list[str]


@dataclass(frozen=True)
class Cell:
    """One quantity for one term. Yen; tax excluded but for `total`."""

    id: str
    years: int
    action: str
    is_asked: bool
    is_ticked: bool = False
    """To be compared."""
    subtotal: int | None = None
    total: int | None = None
    """Of the whole quote with tax, the other license IDs and the free lines (R23) as they are; None where one of them
    is refused.
    """
    per_year: int = 0
    per_license: int = 0
    """And year."""
    difference: int | None = None
    """To keeping what is held, for the same term; None where that is refused, or is this very cell."""
    refused: Refused | None = None

    @property
    def point(self) -> str:
        """Names it where it is ticked."""
        return self.action.removeprefix(TAKE)


@dataclass(frozen=True)
class Row:
    """One choice of quantities."""

    reasons: list[str]
    is_asked: bool
    is_kept: bool
    is_typed: bool
    quantities: list[QuantityView]
    others: int
    """How many products besides are as they are entered."""
    cells: list[Cell]

    @property
    def said(self) -> str:
        """Its quantities in words, for buttons."""
        return ", ".join(f"{one.name} {one.quantity:,}" for one in self.quantities)


@dataclass(frozen=True)
class Decision:
    """The sheet of one license ID."""

    part: FormPart
    fields: list[TriedField]
    rows: list[Row]
    advice: Advice | None
    is_several: bool
    ticks: list[str]
    """The cells that are ticked to be compared, in their order."""
    is_form_priced: bool
    """Whether what is entered can be compared as it is."""
    years: range = field(default=YEARS)

    @property
    def is_form_ticked(self) -> bool:
        return WHOLE_FORM in self.ticks

    @property
    def order(self) -> str:
        """As the page sends it."""
        return BETWEEN_TICKS.join(self.ticks)

    @property
    def prefix(self) -> str:
        return self.part.prefix

    @property
    def code(self) -> str:
        return self.part.licenseid.code

    @property
    def number(self) -> int:
        """For ids on the page."""
        return self.part.licenseid.pk


def lay_out_decision(*, form: RenewalForm, calculation: Calculation, code: str) -> Decision | None:
    """The sheet of a license ID; None where it is not in the form, or left out. The form was cleaned."""
    part = next((one for one in form.quoted if one.licenseid.code == code and not one.is_left_out), None)
    priced = {one.request.license_id: one for one in calculation.pricing.parts}
    if part is None:
        return None
    pricing = priced[part.licenseid.code]
    surface = Surface(pricing.request, calculation.prices.tables)
    is_searched = 0 < len(surface.subjects) <= MOST_SEARCHED
    fields = [_field(subject, part, form) for subject in surface.subjects]
    proposals = propose(surface, _typed(surface, fields), is_searched=is_searched) if surface.subjects else []
    others = [one for code, one in priced.items() if code != part.licenseid.code]
    ticks = read_ticks(form.data)
    rows = _Rows(
        surface=surface, part=part, products=form.products, others=others, calculation=calculation, ticks=ticks
    )
    return Decision(
        part=part,
        fields=fields,
        rows=[rows.lay_out(number, proposal) for number, proposal in enumerate(proposals)],
        advice=advise(surface, products=form.products) if is_searched else None,
        is_several=form.is_several,
        ticks=ticks,
        is_form_priced=form.is_valid() and not calculation.pricing.is_refused,
    )


def _field(subject: Subject, part: FormPart, form: RenewalForm) -> TriedField:
    row = form.products[subject.code]
    name = f"{part.prefix}try-{row.pk}"
    return TriedField(
        name=name,
        product=name_of(row),
        code=row.code,
        unit=unit_of(row),
        held=subject.held,
        asked=subject.asked,
        tried=read_tried(str(form.data.get(name, "")), held=subject.held),
    )


def _typed(surface: Surface, fields: Sequence[TriedField]) -> list[Quantities]:
    """The first numbers of all products are one row, the second ones another; without a number it is as entered."""
    count = max(len(one.tried.quantities) for one in fields)
    return [
        {
            subject.code: one.tried.quantities[place] if place < len(one.tried.quantities) else subject.asked
            for subject, one in zip(surface.subjects, fields, strict=True)
        }
        for place in range(count)
    ]


@dataclass(frozen=True)
class _Rows:
    surface: Surface
    part: FormPart
    products: Mapping[str, Product]
    others: Sequence[RenewalPricing]
    calculation: Calculation
    ticks: Sequence[str]

    def lay_out(self, number: int, proposal: Proposal) -> Row:
        quantities = proposal.quantities
        named = [subject for subject in self.surface.subjects if self._is_named(subject, quantities)]
        sent = {self.products[code].pk: quantity for code, quantity in quantities.items()}
        cells = [
            self._cell(quantities, years, f"take-{self.part.licenseid.pk}-{number}-{years}", sent) for years in YEARS
        ]
        return Row(
            reasons=[_word(reason, is_asked_here=self.surface.is_asked_here) for reason in proposal.reasons],
            is_asked=self._is_asked(quantities),
            is_kept=Reason.KEPT in proposal.reasons,
            is_typed=Reason.TYPED in proposal.reasons,
            quantities=[self._quantity(subject, quantities) for subject in named],
            others=len(self.surface.subjects) - len(named),
            cells=cells,
        )

    def _is_named(self, subject: Subject, quantities: Quantities) -> bool:
        """Of few products all are named, of many those that differ from what is entered."""
        return len(self.surface.subjects) <= 2 or quantities[subject.code] != subject.asked

    def _is_asked(self, quantities: Quantities) -> bool:
        return self.surface.is_asked_here and quantities == self.surface.asked

    @cached_property
    def _others_at_list(self) -> Sequence[RenewalPricing]:
        return [at_list_prices(one) for one in self.others]

    @cached_property
    def _kept_ranks(self) -> Mapping[str, str]:
        return _ranks(self.surface.at(self.surface.kept, years=LEAST_YEARS))

    def _quantity(self, subject: Subject, quantities: Quantities) -> QuantityView:
        row = self.products[subject.code]
        ranks = _ranks(self.surface.at(quantities, years=LEAST_YEARS))
        return QuantityView(
            name=name_of(row),
            quantity=quantities[subject.code],
            unit=unit_of(row),
            held=subject.held,
            rank=ranks.get(subject.code, ""),
            rank_when_kept=self._kept_ranks.get(subject.code, ""),
        )

    def _cell(self, quantities: Quantities, years: int, place: str, sent: Mapping[int, int]) -> Cell:
        action = take_action(self.part, years, sent)
        is_asked = years == self.surface.request.years and self._is_asked(quantities)
        pricing = self.surface.at(quantities, years=years)
        if pricing.is_refused:
            return Cell(place, years, action, is_asked, refused=_refused(each_cause_once(pricing.refusals)))
        kept = None if quantities == self.surface.kept else self.surface.subtotal(self.surface.kept, years=years)
        licenses = sum(quantities.values())
        return Cell(
            id=place,
            years=years,
            action=action,
            is_asked=is_asked,
            is_ticked=action.removeprefix(TAKE) in self.ticks,
            subtotal=pricing.subtotal,
            total=self._total(pricing),
            per_year=_divide(pricing.subtotal, years),
            per_license=_divide(pricing.subtotal, years * licenses),
            difference=None if kept is None else pricing.subtotal - kept,
        )

    def _total(self, pricing: RenewalPricing) -> int | None:
        asked, free_lines = self.calculation.free_lines, self.calculation.pricing.free_lines
        if not self.others and not asked:
            return pricing.total
        if len(free_lines) < len(asked):  # refused
            return None
        totals = sum_up([pricing, *self._others_at_list], free_lines)
        return sum(one.subtotal + one.tax for one in totals) if totals else None


def _divide(amount: int, by: int) -> int:
    """Rounded half up, to whole yen."""
    return (2 * amount + by) // (2 * by)


def _ranks(pricing: RenewalPricing) -> dict[str, str]:
    return {line.product.code: line.rank.rank.rank for line in reversed(pricing.lines)}


def _refused(problems: Sequence[Problem]) -> Refused:
    language = reader_language()
    first = rule_name(problems[0].rule, language)
    return Refused(first, [problem.what(language, with_names=True) for problem in problems])


def _word(reason: Reason, *, is_asked_here: bool) -> str:
    return {
        Reason.KEPT: _("What is held"),
        Reason.ASKED: _("As entered") if is_asked_here else _("Quantity as entered, what is held renewed first"),
        Reason.RANK_BOUND: _("Bound of a rank"),
        Reason.CHEAPEST: _("Cheapest from what is entered"),
        Reason.TYPED: _("Typed"),
    }[reason]
