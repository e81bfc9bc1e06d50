"""What comes out of `price_renewal`: lines, problems, totals, and every decision that led there."""

from collections.abc import Mapping
from enum import Enum

from .decision import decision
from .problems import Problem
from .rank import RankDecision
from .rules.r02_support_period import TermDecision
from .rules.r04_rank_quantity import RankQuantity
from .rules.r07_additions import SumDecision
from .rules.r10_renewal_amount import AmountDecision
from .rules.r12_reduction import ReductionComparison
from .rules.r14_tax import TaxTotal
from .rules.r20_offered_price import OfferDecision
from .values import Holding, PriceTables, Product, RenewalRequest, Yen


class LineKind(Enum):
    """What a line does."""

    RENEWAL = "renewal"
    REDUCED_RENEWAL = "reduced_renewal"
    ADDITION = "addition"


@decision
class Line:
    """One priced holding or addition, with the decisions behind its amount."""

    key: str
    """The key of the holding or addition."""
    product: Product
    held_quantity: int | None
    """None for an addition."""
    quantity: int
    rank: RankDecision
    rank_quantity: RankQuantity | None
    """What counted for the product's own rank; None for an addition that is ranked alone."""
    minimum: int | None
    """What must be reached at renewal (R8); None for an addition."""
    term: TermDecision
    amount: AmountDecision
    """By the price list."""
    offer: OfferDecision | None = None
    """At what it is offered; None: at the list amount (R20)."""

    @property
    def offered(self) -> Yen:
        """What it is offered at, tax excluded."""
        return self.amount.amount if self.offer is None else self.offer.amount

    @property
    def kind(self) -> LineKind:
        """What the line does."""
        if self.held_quantity is None:
            return LineKind.ADDITION
        return LineKind.REDUCED_RENEWAL if self.quantity < self.held_quantity else LineKind.RENEWAL

    @property
    def reached(self) -> int | None:
        """What counts toward the minimum."""
        return None if self.rank_quantity is None else self.rank_quantity.quoted


@decision
class RenewalPricing:
    """A priced renewal. Where it is refused there are no lines and no totals, only problems."""

    request: RenewalRequest
    price_tables: PriceTables
    lines: tuple[Line, ...]
    """Renewals in the request's order, then additions."""
    problems: tuple[Problem, ...]
    addition_sum: SumDecision
    tax_totals: tuple[TaxTotal, ...]
    """One per tax rate, the higher rate first."""
    comparison: ReductionComparison | None
    """For a reduction; None where nothing is reduced or keeping everything could not be quoted."""

    @property
    def price_list(self) -> str:
        """The name that quotes cite."""
        return self.price_tables.price_list

    @property
    def told_list(self) -> str | Mapping[str, str]:
        """The price list's name for sentences, by language where there are two."""
        return self.price_tables.told_name

    @property
    def list_subtotal(self) -> Yen:
        """What the lines cost by the price list, tax excluded."""
        return sum([line.amount.amount for line in self.lines])

    @property
    def subtotal(self) -> Yen:
        """Of what is offered, tax excluded."""
        return sum([total.subtotal for total in self.tax_totals])

    @property
    def tax(self) -> Yen:
        return sum([total.tax for total in self.tax_totals])

    @property
    def total(self) -> Yen:
        """Tax included."""
        return self.subtotal + self.tax

    @property
    def counted_left_out(self) -> tuple[Holding, ...]:
        """What is left out, but counts in a rank of this quote: with the end of its support the rank may fall (R15).

        That is every holding of a product whose own quantity gave a rank, and of a programme whose largest product did.
        """
        resting = [line for line in self.lines if line.rank.counted is not None]
        products = {line.product.code for line in resting if not line.rank.kind.is_shared}
        programmes = {line.product.programme.code for line in resting if line.rank.kind.is_shared}
        return tuple(
            choice.holding
            for choice in self.request.holdings
            if choice.renewal_quantity is None
            and choice.holding.support_expires_on >= self.request.on
            and (choice.holding.product.code in products or choice.holding.product.programme.code in programmes)
        )

    @property
    def refusals(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_refusal)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if not problem.is_refusal)

    @property
    def is_refused(self) -> bool:
        return bool(self.problems) and any(problem.is_refusal for problem in self.problems)
