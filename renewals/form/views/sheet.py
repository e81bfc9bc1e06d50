"""What the renewal form's page shows: every figure, problem and step at its place. Reads only; decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from foundation.text.language import reader_language
from licensing.models import User
from pricing.costs.margins import LineMargin, MarginTotals
from pricing.engine.quote import explain_quote
from pricing.engine.rules.r23_free_lines import PricedFreeLine

from ...calculation.calculate import Calculation
from ...calculation.margins import margins_today
from ...issue.printing import find_unprintable
from ..forms import RenewalForm
from ..part import OPEN_AT_ONCE
from .approval import ApprovalView, lay_out_approval
from .block import Block, Choice, lay_out_block
from .printing import Place, lay_out_place
from .problems import Said, field_of_whole, form_errors, said_at_fields, whole_refusals


@dataclass(frozen=True)
class Sheet:
    """The page's figures."""

    form: RenewalForm
    calculation: Calculation
    is_priced: bool
    blocks: list[Block]
    """One for each license ID of the form, also those that are left out."""
    total_steps: list[tuple[str, str, str]] = field(default_factory=list)
    refusals: list[Said] = field(default_factory=list)
    totals_by_years: list[tuple[int, int | None, bool]] = field(default_factory=list)
    """Of several license IDs: years, what the quote would come to with these years for all, whether all have them."""
    unprintable: list[Place] = field(default_factory=list)
    approval: ApprovalView | None = None
    """None: it needs none."""
    margins: MarginTotals | None = None
    """What is left of it; None for whoever does not see margins."""

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """By the place below each field that is seen: what is wrong with it."""
        return {field.error_place: [*field.errors] for field in self.form.live_fields()}

    @property
    def total(self) -> int | None:
        """Yen with tax; None where the form cannot be priced."""
        return self.calculation.pricing.total if self.is_priced else None

    @property
    def free_lines(self) -> list[tuple[PricedFreeLine, LineMargin | None]]:
        """The reseller's own lines, each with what is left of it for those who see margins."""
        lines = self.calculation.pricing.free_lines if self.is_priced else ()
        own = self.margins.lines[-len(lines) :] if self.margins and lines else [None] * len(lines)
        return list(zip(lines, own, strict=True))

    @property
    def has_offers(self) -> bool:
        """Whether less than the list is asked."""
        pricing = self.calculation.pricing
        return self.is_priced and bool(pricing.given_away)

    @property
    def quoted(self) -> list[Block]:
        """The license IDs that are not left out."""
        return [block for block in self.blocks if block.pricing is not None]

    @property
    def years(self) -> int | None:
        """Of all license IDs; None where they differ."""
        found = {block.years for block in self.quoted}
        return found.pop() if len(found) == 1 else None

    @property
    def has_warnings(self) -> bool:
        return any(block.warnings for block in self.blocks)

    @property
    def unread(self) -> int:
        """How many warnings are still to be ticked."""
        return sum(block.unread for block in self.blocks)


def lay_out(*, form: RenewalForm, calculation: Calculation, user: User, products: Sequence[Choice] = ()) -> Sheet:
    """Put every figure and every problem where the page shows it to the user: into the form's fields too, to be drawn.
    The form must have been cleaned.

    `products` can be added; without them the rows of additions are not to be drawn.
    """
    pricing = calculation.pricing
    is_priced = form.is_valid() and not pricing.is_refused
    language = reader_language()
    explained = explain_quote(pricing) if is_priced else ()
    steps = {one.license_id: one.steps for one in explained}
    priced = {part.request.license_id: part for part in pricing.parts}
    refused = [(part, priced[part.licenseid.code].refusals) for part in form.parts if part.licenseid.code in priced]
    form.said = said_at_fields(refused, form)
    for one in pricing.problems:
        form.said.setdefault(field_of_whole(one, form), []).append(one.what(language))
    form.free.offer_categories(calculation.prices.tables.tax_rates)
    form.standing |= {"seen_total": pricing.total if is_priced else None}
    margins = None
    if is_priced and user.sees_margins:
        margins = margins_today(pricing, reseller=form.licenseid.customer.reseller)
    by_line = dict(zip((line.key for line in pricing.lines), margins.lines, strict=False)) if margins else {}
    blocks = [
        lay_out_block(
            part=part,
            pricing=priced.get(part.licenseid.code),
            steps=steps.get(part.licenseid.code, ()),
            form=form,
            calculation=calculation,
            is_priced=is_priced,
            products=products,
            is_open=len(form.parts) <= OPEN_AT_ONCE,
            margins=by_line,
        )
        for part in form.parts
    ]
    total_steps = (
        [(step.rule, step.text(language), step.result_in(language)) for step in steps.get(None, ())]
        if len(pricing.parts) > 1
        else [step for block in blocks for step in block.steps]
    )
    return Sheet(
        form=form,
        calculation=calculation,
        is_priced=is_priced,
        blocks=blocks,
        total_steps=total_steps,
        refusals=[
            *form_errors(form),
            *(said for block in blocks for said in block.refusals),
            *whole_refusals(pricing.problems, form),
        ],
        totals_by_years=_totals_by_years(form, calculation, is_priced),
        unprintable=_unprintable(form, calculation, user),
        approval=lay_out_approval(form=form, calculation=calculation, user=user) if is_priced else None,
        margins=margins,
    )


def _totals_by_years(
    form: RenewalForm, calculation: Calculation, is_priced: bool
) -> list[tuple[int, int | None, bool]]:
    if not form.is_several:
        return []
    chosen = {part.value("years") for part in form.quoted}
    totals = calculation.total_by_years()
    return [(years, total if is_priced else None, chosen == {years}) for years, total in totals.items()]


def _unprintable(form: RenewalForm, calculation: Calculation, user: User) -> list[Place]:
    found = find_unprintable(
        licenseids=[part.licenseid for part in form.quoted],
        products=form.products.values(),
        price_list=calculation.prices.price_list,
        by=user,
        contact=form.addressee,
        typed={name: form.data.get(name, "") for name in form.printed_names},
    )
    return [lay_out_place(one, user=user) for one in found]
