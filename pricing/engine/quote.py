"""`price_quote`: one quote over one or more license IDs, each priced alone, the sums over all (R16, R18)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from .decision import decision
from .pricing import Line, RenewalPricing
from .problems import Problem
from .renewal import price_renewal
from .rules.r14_tax import TAX, TOTAL, TaxTotal, total_taxes
from .rules.r18_several_license_ids import PART, SUBTOTAL_OF_PARTS
from .step import Step
from .trace import explain, explain_part
from .values import PriceTables, RenewalRequest, Yen


class PartProblem(NamedTuple):
    """A problem of one license ID of the quote (R18)."""

    license_id: str
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
    """Tax excluded."""
    tax: Yen

    @property
    def total(self) -> Yen:
        """Tax included."""
        return self.subtotal + self.tax

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
        return tuple(PartProblem(part.request.license_id, one) for part in self.parts for one in part.refusals)

    @property
    def warnings(self) -> tuple[PartProblem, ...]:
        """All that must be read before the quote is issued, each for its license ID (R17, R18)."""
        return tuple(PartProblem(part.request.license_id, one) for part in self.parts for one in part.warnings)

    @property
    def is_refused(self) -> bool:
        """Whether any license ID is."""
        return any(part.is_refused for part in self.parts)


def price_quote(requests: Sequence[RenewalRequest], price_tables: PriceTables) -> QuotePricing:
    """Price each license ID by itself, then tax once per rate on the sum of the whole quote (R14, R16, R18).

    The requests are of one day and round tax in one way. Raises ValueError where they are not, where there are none,
    where a license ID stands twice, or where two lines would have the same key.
    """
    _refuse_mixture(requests)
    parts = tuple([price_renewal(request, price_tables) for request in requests])
    if len(parts) == 1:
        return QuotePricing(parts, parts[0].tax_totals, parts[0].subtotal, parts[0].tax)
    is_refused = any(part.is_refused for part in parts)
    lines = [] if is_refused else [line for part in parts for line in part.lines]
    totals = total_taxes(
        [(line.product.tax_category, line.amount.amount) for line in lines],
        rates=price_tables.tax_rates,
        rounding=requests[0].tax_rounding,
    )
    return QuotePricing(
        parts=parts,
        tax_totals=totals,
        subtotal=sum(total.subtotal for total in totals),
        tax=sum(total.tax for total in totals),
    )


def explain_quote(pricing: QuotePricing) -> tuple[PartSteps, ...]:
    """The steps of a priced quote: license ID by license ID, then what is summed over several; none where refused."""
    if pricing.is_refused:
        return ()
    if len(pricing.parts) == 1:
        [part] = pricing.parts
        return (PartSteps(part.request.license_id, explain(part)),)
    return (
        *(PartSteps(part.request.license_id, explain_part(part)) for part in pricing.parts),
        PartSteps(None, _sums(pricing)),
    )


def _sums(pricing: QuotePricing) -> tuple[Step, ...]:
    rounding = pricing.parts[0].request.tax_rounding
    return (
        *(Step(None, PART, part) for part in pricing.parts),
        Step(None, SUBTOTAL_OF_PARTS, pricing),
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
