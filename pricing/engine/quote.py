"""`price_quote`: one quote over one or more license IDs, each priced alone, the sums over all (R16, R18)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .decision import decision
from .pricing import Line, RenewalPricing
from .problems import Problem
from .renewal import price_renewal
from .rules.r14_tax import TAX, TOTAL, TaxTotal, tax_on, total_taxes
from .rules.r15_validity import check_validity
from .rules.r18_several_license_ids import PART, SUBTOTAL_OF_PARTS
from .rules.r20_offered_price import (
    AFTER_REDUCTION,
    REDUCTION,
    ReductionShare,
    check_reduction,
    percent_off,
    share_reduction,
)
from .rules.r23_free_lines import FREE_LINE, WITH_FREE_LINES, PricedFreeLine, check_free_lines, price_free_lines
from .step import Step
from .trace import explain, explain_lines, explain_part
from .values import FreeLine, PriceTables, RenewalRequest, Yen


class PartProblem(NamedTuple):
    """A problem of one license ID of the quote (R18), or of the quote as a whole."""

    license_id: str
    """Empty: the quote as a whole."""
    problem: Problem


class PartSteps(NamedTuple):
    """The steps of one license ID, or those over all of them."""

    license_id: str | None
    """None: the quote as a whole."""
    steps: tuple[Step, ...]


@decision
class QuotePricing:
    """A priced quote. Where one license ID is refused the whole is, and there are no totals (R18)."""

    parts: tuple[RenewalPricing, ...]
    """One per license ID, in the quote's order; at least one."""
    tax_totals: tuple[TaxTotal, ...]
    """One per tax rate over all license IDs, the higher rate first (R14)."""
    subtotal: Yen
    """Of what is offered, tax excluded."""
    tax: Yen
    shares: tuple[ReductionShare, ...] = ()
    """What a further 値引き takes off each tax rate; empty: there is none (R20)."""
    problems: tuple[Problem, ...] = ()
    """Those of the quote as a whole."""
    free_lines: tuple[PricedFreeLine, ...] = ()
    """What the reseller charges beside the licenses (R23)."""

    @property
    def total(self) -> Yen:
        """Tax included."""
        return self.subtotal + self.tax

    @property
    def reduction(self) -> Yen:
        """The further 値引き on the whole quote, tax excluded."""
        return sum([share.share for share in self.shares])

    @property
    def free_subtotal(self) -> Yen:
        """The sum of the free lines, tax excluded, before a further 値引き (R23)."""
        return sum([line.amount for line in self.free_lines])

    @property
    def lines_subtotal(self) -> Yen:
        """The sum of all lines as they are offered, the free ones too, before a further 値引き."""
        return self.subtotal + self.reduction

    @property
    def parts_subtotal(self) -> Yen:
        """The sum of what the licenses are offered at, before a further 値引き."""
        return self.lines_subtotal - self.free_subtotal

    @property
    def given_away(self) -> Yen:
        """The whole reduction, of lines and of the quote, tax excluded (R20)."""
        return self.list_subtotal + self.free_subtotal - self.subtotal

    @property
    def list_subtotal(self) -> Yen:
        """What the licenses cost by the price list, tax excluded; no free line is in it."""
        return sum([part.list_subtotal for part in self.parts])

    @property
    def percent_off(self) -> Decimal:
        """The whole reduction in percent of the list subtotal, to two decimals (R20). No free line makes it smaller."""
        return percent_off(self.list_subtotal, self.list_subtotal - self.given_away)

    @property
    def license_ids(self) -> int:
        """How many."""
        return len(self.parts)

    @property
    def on(self) -> date:
        """The quote's date (R13)."""
        return self.parts[0].request.on

    @property
    def told_list(self) -> str | Mapping[str, str]:
        """The price list's name for sentences, by language where there are two."""
        return self.parts[0].told_list

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all license IDs, in order."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def refusals(self) -> tuple[PartProblem, ...]:
        """All that refuses the quote, with the license ID in which it does."""
        of_parts = [PartProblem(part.request.license_id, one) for part in self.parts for one in part.refusals]
        return (*of_parts, *(PartProblem("", one) for one in self.problems))

    @property
    def warnings(self) -> tuple[PartProblem, ...]:
        """All that must be read before the quote is issued, each for its license ID (R17, R18)."""
        return tuple(PartProblem(part.request.license_id, one) for part in self.parts for one in part.warnings)

    @property
    def is_refused(self) -> bool:
        """Whether any license ID is, or the quote as a whole."""
        return bool(self.problems) or any(part.is_refused for part in self.parts)


def price_quote(
    requests: Sequence[RenewalRequest],
    price_tables: PriceTables,
    *,
    reduction: Yen = 0,
    free_lines: Sequence[FreeLine] = (),
    valid_until: date | None = None,
) -> QuotePricing:
    """Price each license ID by itself, then tax once per rate on the sum of the whole quote (R14, R16, R18).

    `reduction` is a further 値引き on the whole, tax excluded (R20); `free_lines` are summed and taxed with licenses,
    and no rank knows of them (R23); `valid_until` is the last day by the quote's own terms, if any (R15). The requests
    are of one day and round tax in one way. Raises ValueError where they are not, where there are none, where a license
    ID stands twice, or where two lines would have the same key.
    """
    _refuse_mixture(requests)
    parts = tuple([price_renewal(request, price_tables) for request in requests])
    if len(parts) == 1 and not (reduction or free_lines or valid_until):
        return QuotePricing(parts, parts[0].tax_totals, parts[0].subtotal, parts[0].tax)
    rates, rounding = price_tables.tax_rates, requests[0].tax_rounding
    problems = check_free_lines(free_lines, rates=rates, on=requests[0].on)
    priced = () if problems else price_free_lines(free_lines, rates=rates)
    totals = () if problems else sum_up(parts, priced)
    shares: tuple[ReductionShare, ...] = ()
    if reduction and not problems and not any(part.is_refused for part in parts):
        problems = check_reduction(reduction, sum(total.subtotal for total in totals))
        if not problems:
            shares = share_reduction(reduction, [(total.percent, total.subtotal) for total in totals])
            totals = tuple(tax_on(one.before - one.share, one.percent, rounding) for one in shares)
    problems += check_validity(valid_until, on=requests[0].on)
    if problems:
        totals, shares = (), ()
    return QuotePricing(
        parts=parts,
        tax_totals=totals,
        subtotal=sum(total.subtotal for total in totals),
        tax=sum(total.tax for total in totals),
        shares=shares,
        problems=tuple(problems),
        free_lines=priced,
    )


def sum_up(parts: Sequence[RenewalPricing], free_lines: Sequence[PricedFreeLine] = ()) -> tuple[TaxTotal, ...]:
    """The sums over several license IDs with the tax on them, once per rate (R14); none where one is refused."""
    if any(part.is_refused for part in parts):
        return ()
    lines = [line for part in parts for line in part.lines]
    return total_taxes(
        [
            *((line.product.tax_category, line.offered) for line in lines),
            *((one.line.tax_category, one.amount) for one in free_lines),
        ],
        rates=parts[0].price_tables.tax_rates,
        rounding=parts[0].request.tax_rounding,
    )


def explain_quote(pricing: QuotePricing) -> tuple[PartSteps, ...]:
    """The steps of a priced quote: license ID by license ID, then what is summed over several; none where refused."""
    if pricing.is_refused:
        return ()
    if len(pricing.parts) == 1:
        [part] = pricing.parts
        is_alone = not pricing.shares and not pricing.free_lines
        steps = explain(part) if is_alone else (*explain_lines(part), *_sums(pricing))
        return (PartSteps(part.request.license_id, steps),)
    return (
        *(PartSteps(part.request.license_id, explain_part(part)) for part in pricing.parts),
        PartSteps(
            None,
            (
                *(Step(None, PART, part) for part in pricing.parts),
                Step(None, SUBTOTAL_OF_PARTS, pricing),
                *_sums(pricing),
            ),
        ),
    )


def _sums(pricing: QuotePricing) -> tuple[Step, ...]:
    """From the sum of the lines to the total."""
    rounding = pricing.parts[0].request.tax_rounding
    return (
        *(Step(None, FREE_LINE, line) for line in pricing.free_lines),
        *([Step(None, WITH_FREE_LINES, pricing)] if pricing.free_lines else []),
        *(Step(None, REDUCTION, share) for share in pricing.shares),
        *([Step(None, AFTER_REDUCTION, pricing)] if pricing.shares else []),
        *(Step(None, TAX[rounding], total) for total in pricing.tax_totals),
        Step(None, TOTAL, pricing),
    )


def _refuse_mixture(requests: Sequence[RenewalRequest]) -> None:
    if not requests:
        raise ValueError("a quote is over at least one license ID")
    if len({(request.on, request.tax_rounding) for request in requests}) > 1:
        raise ValueError("the license IDs of a quote are priced on one day, with one rounding of tax")
    if len({request.license_id for request in requests}) < len(requests):
        raise ValueError("a license ID stands twice in a quote")
    keys = [choice.holding.key for request in requests for choice in request.holdings]
    keys += [addition.key for request in requests for addition in request.additions]
    if len(set(keys)) < len(keys):
        raise ValueError("a key stands twice among the holdings and additions of a quote")
