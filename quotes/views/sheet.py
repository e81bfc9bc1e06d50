"""What the renewal form's page shows: every figure, problem and step at its place. Reads only; decides nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.text.language import name_of, reader_language, unit_of
from licensing.models import Holding, User
from pricing.engine.pricing import Line, RenewalPricing
from pricing.engine.problems import Problem
from pricing.engine.rules.r01_term import possible_years, shorter_programmes
from pricing.engine.step import Step
from pricing.engine.trace import explain
from pricing.engine.values import LEAST_YEARS, MOST_YEARS, Product, RenewalRequest
from pricing.engine.wording import Language
from pricing.wording import what_to_do

from ..forms import MOST_ADDED, AdditionRow, RenewalForm
from ..operations import Calculation, find_unprintable
from .printing import Place, lay_out_place
from .reading import read_codes, sentences_shown
from .remedies import Remedy, remedies_of, remedies_of_error


@dataclass(frozen=True)
class Said:
    """One thing that is wrong or to be read."""

    code: str
    what: str
    what_to_do: str = ""
    field: str = ""
    """The id of the field where it stands; empty: the form as a whole."""
    remedies: tuple[Remedy, ...] = ()
    """What cures it with one press."""


@dataclass(frozen=True)
class WarningBox:
    """All that was said under one warning's code, with its one tick box."""

    code: str
    said: list[Said]
    is_ticked: bool


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


@dataclass(frozen=True)
class AdditionFields:
    """One row of the additions, and what is wrong at each of its two fields."""

    row: AdditionRow
    product_errors: list[str]
    quantity_errors: list[str]

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
class Sheet:
    """The page's figures."""

    form: RenewalForm
    calculation: Calculation
    is_priced: bool
    lines: list[LineView] = field(default_factory=list)
    total_steps: list[tuple[str, str, str]] = field(default_factory=list)
    refusals: list[Said] = field(default_factory=list)
    warnings: list[WarningBox] = field(default_factory=list)
    holdings: list[HoldingRow] = field(default_factory=list)
    additions: list[AdditionFields] = field(default_factory=list)
    terms: list[tuple[int, int | None, bool]] = field(default_factory=list)
    """Years, total with tax, whether chosen."""
    term_errors: list[str] = field(default_factory=list)
    subject_errors: list[str] = field(default_factory=list)
    note_errors: list[str] = field(default_factory=list)
    unprintable: list[Place] = field(default_factory=list)

    @property
    def total(self) -> int | None:
        """Yen with tax; None where the form cannot be priced."""
        return self.calculation.pricing.total if self.is_priced else None

    @property
    def unread(self) -> int:
        """How many warnings are still to be ticked."""
        return sum(not box.is_ticked for box in self.warnings)

    @property
    def seen_warnings(self) -> str:
        """What stands beside the ticks, to be sent back with them."""
        return sentences_shown(self._part.warnings)

    @property
    def years(self) -> int:
        return self._part.request.years

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
    def _part(self) -> RenewalPricing:
        [part] = self.calculation.pricing.parts
        return part

    @property
    def _products(self) -> list[Product]:
        request = self._part.request
        renewed = [choice.holding.product for choice in request.holdings if choice.renewal_quantity]
        return renewed + [addition.product for addition in request.additions]

    @property
    def first_term(self) -> date | None:
        """The first day of the new support period; None where nothing is renewed or periods differ."""
        first = {line.term.term_from for line in self.calculation.pricing.lines}
        return first.pop() if len(first) == 1 else None

    @property
    def kept(self) -> int:
        """What keeping everything would cost, tax excluded; 0 without a comparison."""
        comparison = self._part.comparison
        return comparison.kept if comparison else 0

    @property
    def saved(self) -> int:
        """What a reduction saves, tax excluded; 0 where it saves nothing."""
        comparison = self._part.comparison
        return -comparison.difference if self.is_priced and comparison and comparison.difference < 0 else 0


def lay_out(*, form: RenewalForm, calculation: Calculation, user: User) -> Sheet:
    """Put every figure and every problem where the page shows it to the user. The form must have been cleaned."""
    language = reader_language()
    [pricing] = calculation.pricing.parts
    is_priced = form.is_valid() and not pricing.is_refused
    refusals = _each_cause_once(pricing.refusals)
    by_place = _by_place(refusals, language)
    steps = _by_line(explain(pricing), language) if is_priced else {}
    return Sheet(
        form=form,
        calculation=calculation,
        is_priced=is_priced,
        lines=[_line(line, steps, language) for line in pricing.lines] if is_priced else [],
        total_steps=steps.get(None, []),
        refusals=[*_form_errors(form), *_refusals(refusals, form, pricing.request, language)],
        warnings=_warnings(pricing.warnings, form, language),
        holdings=[_holding(holding, form, calculation, by_place, is_priced, language) for holding in form.holdings],
        additions=[
            AdditionFields(
                row,
                [*form.errors.get(row.product_name, [])],
                [*form.errors.get(row.quantity_name, []), *by_place.get(f"addition:{form.key_of(row.index)}", [])],
            )
            for row in form.addition_rows()
        ],
        terms=_terms(form, calculation, is_priced),
        term_errors=[*form.errors.get("years", []), *by_place.get("years", [])],
        subject_errors=[*form.errors.get("subject", [])],
        note_errors=[*form.errors.get("note", [])],
        unprintable=_unprintable(form, calculation, user),
    )


def _unprintable(form: RenewalForm, calculation: Calculation, user: User) -> list[Place]:
    found = find_unprintable(
        licenseids=[form.licenseid],
        products=form.products.values(),
        price_list=calculation.prices.price_list,
        by=user,
        typed={name: form.data.get(name, "") for name in ("subject", "note")},
    )
    return [lay_out_place(one, user=user) for one in found]


def _terms(form: RenewalForm, calculation: Calculation, is_priced: bool) -> list[tuple[int, int | None, bool]]:
    chosen = form.cleaned_data.get("years")
    only_the_term_is_wrong = form.is_valid() and all(
        one.problem.code == "term-out-of-range" for one in calculation.pricing.refusals
    )
    totals = calculation.total_by_years() if is_priced or only_the_term_is_wrong else {}
    return [(years, totals.get(years), years == chosen) for years in range(LEAST_YEARS, MOST_YEARS + 1)]


def _holding(
    holding: Holding,
    form: RenewalForm,
    calculation: Calculation,
    by_place: dict[str, list[str]],
    is_priced: bool,
    language: Language,
) -> HoldingRow:
    key = str(holding.pk)
    ranks = {line.key: line.rank.rank.rank for line in calculation.pricing.lines}
    typed = form.data.get(f"quantity-{key}", "")
    number = form.cleaned_data.get(f"quantity-{key}")
    return HoldingRow(
        holding=holding,
        name=name_of(holding.product, language),
        unit=unit_of(holding.product, language),
        is_renewed=bool(form.cleaned_data.get(f"renew-{key}")),
        quantity=typed,
        is_changed=number is not None and number != holding.quantity,
        rank_before=calculation.rank_when_kept.get(key, ""),
        rank_now=ranks.get(key, "") if is_priced else "",
        errors=[
            *form.errors.get(f"renew-{key}", []),
            *form.errors.get(f"quantity-{key}", []),
            *by_place.get(f"holding:{key}", []),
        ],
    )


def _line(line: Line, steps: dict[str | None, Any], language: Language) -> LineView:
    return LineView(line, line.product.called(language), line.product.counted_in(language), steps.get(line.key, []))


def _by_line(steps: Iterable[Step], language: Language) -> dict[str | None, list[tuple[str, str, str]]]:
    found: dict[str | None, list[tuple[str, str, str]]] = {}
    for step in steps:
        found.setdefault(step.line, []).append((step.rule, step.text(language), step.result_in(language)))
    return found


def _by_place(problems: Iterable[Problem], language: Language) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        for place in problem.places:
            found.setdefault(place, []).append(problem.what(language))
    return found


def _refusals(
    problems: Iterable[Problem], form: RenewalForm, request: RenewalRequest, language: Language
) -> list[Said]:
    return [
        Said(
            problem.code,
            problem.what(language, with_names=True),
            _way_to_minimum(problem, request) or what_to_do(problem, with_names=True),
            _field_of_place(problem.places[0], form),
            tuple(remedies_of(problem, form, request)),
        )
        for problem in problems
    ]


def _each_cause_once(problems: Iterable[Problem]) -> list[Problem]:
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
        or cast(int, problem.facts.get("first", MOST_ADDED))
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


def _form_errors(form: RenewalForm) -> list[Said]:
    """What the fields themselves say, each once, in the order of the page."""
    said = []
    for name, errors in sorted(form.errors.as_data().items(), key=lambda item: _position(item[0])):
        for error in errors:
            text = " ".join(error.messages)
            remedies = tuple(remedies_of_error(name, error.code or "", form))
            said.append(Said(error.code or "invalid", text, "", _field_id(name), remedies))
    return said


def _position(name: str) -> int:
    """Where a field stands on the page; among holdings and among additions the form's order is kept."""
    if name in ("subject", "note", "with_calculation"):
        return 4
    if name.startswith("addition-"):
        return 3
    if name.startswith(("renew-", "quantity-")):
        return 2
    return 1 if name in ("years", "is_reduced") else 0


def _field_id(name: str) -> str:
    if name in ("__all__", "key", "held", "seen_total", "seen_version", "license_id", "acknowledge", "seen_warnings"):
        return ""
    return "id_years_1" if name == "years" else f"id_{name}"


def _field_of_place(place: str, form: RenewalForm) -> str:
    kind, _, key = place.partition(":")
    if kind == "holding":  # the quantities stand open with a reduced renewal only
        return f"id_quantity-{key}" if form.cleaned_data.get("is_reduced") else f"id_renew-{key}"
    if kind == "addition":
        return f"id_addition-{form.row_of(key)}-quantity"
    return "id_years_1" if kind == "years" else ""


def _warnings(problems: Sequence[Problem], form: RenewalForm, language: Language) -> list[WarningBox]:
    ticked = read_codes(form, problems)
    boxes: dict[str, WarningBox] = {}
    for problem in problems:
        said = Said(
            problem.code,
            problem.what(language, with_names=True),
            what_to_do(problem, with_names=True),
        )
        boxes.setdefault(problem.code, WarningBox(problem.code, [], problem.code in ticked)).said.append(said)
    return list(boxes.values())
