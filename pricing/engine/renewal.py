"""`price_renewal`: the one door to renewal pricing."""

from collections.abc import Mapping, Sequence

from .decision import blank, decision
from .pricing import Line, RenewalPricing
from .problems import Problem
from .rank import RankDecision
from .rulebook import RANK_RULES
from .rules.r01_term import check_term
from .rules.r02_support_period import term_after
from .rules.r03_quoted import Quoted, decide_quoted
from .rules.r04_rank_quantity import RankQuantity, count_quantities
from .rules.r06_largest_product import warn_of_mixture
from .rules.r07_additions import SumDecision, decide_alone, decide_sum
from .rules.r08_minimum import check_minimums
from .rules.r09_no_price import check_prices
from .rules.r10_renewal_amount import renewal_amount
from .rules.r11_addition_amount import addition_amount, term_of_addition, without_addition_price
from .rules.r12_reduction import ReductionComparison, keeping_everything, reduced_holdings, warn_of_reduction
from .rules.r13_date import check_expiries
from .rules.r14_tax import check_tax_rates, total_taxes
from .rules.r19_segment import warn_of_segments
from .rules.r20_offered_price import check_offers, offer, refuse_more_than_list
from .rules.r22_quoted_twice import warn_of_other_quotes
from .values import PriceTables, RenewalRequest, Yen


def price_renewal(request: RenewalRequest, price_tables: PriceTables, *, is_compared: bool = True) -> RenewalPricing:
    """Price the renewal of one license ID by rules R1-R14, R19, R20 and R22.

    It never looks at another license ID (R16). Nothing that a customer may want raises an error: what cannot be quoted
    is a refusal among the problems, all of them at once (R17), and then there are no lines and no totals.
    `is_compared`: a reduction is set beside keeping everything, which is priced as well (R12); whoever prices many
    quantities compares them with each other.
    """
    quoted, wrong_choices = decide_quoted(request)
    ranking = _rank(quoted, price_tables)
    problems = _check(quoted, wrong_choices, ranking, price_tables)
    lines: list[Line] = []
    comparison = None
    if not _is_any_refusal(problems):
        lines += _renewal_lines(quoted, ranking, price_tables)
        lines += _addition_lines(quoted, ranking, price_tables)
        comparison = _compare_with_keeping(quoted, lines, price_tables) if is_compared else None
        if comparison is not None:
            problems += warn_of_reduction(quoted, comparison)
        if above_list := _refuse_more_than_list(lines):
            problems += above_list
            lines, comparison = [], None
    tax_totals = total_taxes(
        [(line.product.tax_category, line.offered) for line in lines],
        rates=price_tables.tax_rates,
        rounding=request.tax_rounding,
    )
    pricing = blank(RenewalPricing)
    RenewalPricing.__init__(
        pricing,
        request=request,
        price_tables=price_tables,
        lines=tuple(lines),
        problems=tuple(problems),
        addition_sum=ranking.addition_sum,
        tax_totals=tax_totals,
        comparison=comparison,
    )
    return pricing


@decision
class _Ranking:
    """What counts in one license ID, and the ranks that it reaches."""

    addition_sum: SumDecision
    counted: Mapping[str, RankQuantity]
    """By product code (R4)."""
    by_product: Mapping[str, RankDecision]
    """Of what is renewed or added to the renewal, by product code (R5, R6)."""
    by_addition: Mapping[str, RankDecision]
    """By the addition's key: its product's rank, or one of its own (R7)."""
    problems: Sequence[Problem]
    """Why some have none."""


def _rank(quoted: Quoted, price_tables: PriceTables) -> _Ranking:
    addition_sum = decide_sum(on=quoted.request.on, expiries=[one.holding.support_expires_on for one in quoted.renewed])
    is_summed = addition_sum.is_summed
    counted = count_quantities(quoted, quoted.additions if is_summed else ())
    ranks, without_rank = _decide_ranks(quoted, counted, price_tables, with_additions=is_summed)
    ranks_of_additions, not_added = _rank_additions(quoted, ranks, price_tables, is_summed=is_summed)
    return _Ranking(
        addition_sum=addition_sum,
        counted=counted,
        by_product=ranks,
        by_addition=ranks_of_additions,
        problems=[*without_rank, *not_added],
    )


def _check(
    quoted: Quoted, wrong_choices: Sequence[Problem], ranking: _Ranking, price_tables: PriceTables
) -> list[Problem]:
    """All that can be said before anything has a price. `wrong_choices`: what was wrong with what was asked."""
    return [
        *check_term(quoted),
        *wrong_choices,
        *check_prices(quoted, price_tables),
        *check_tax_rates(quoted, price_tables),
        *check_offers(quoted),
        *check_minimums(quoted, ranking.counted, price_tables),
        *ranking.problems,
        *warn_of_mixture(quoted),
        *check_expiries(quoted),
        *warn_of_segments(quoted),
        *warn_of_other_quotes(quoted),
    ]


def _decide_ranks(
    quoted: Quoted, counted: Mapping[str, RankQuantity], price_tables: PriceTables, *, with_additions: bool
) -> tuple[dict[str, RankDecision], list[Problem]]:
    """The rank of each product that is renewed or added to the renewal, by its code, and why some have none."""
    products = quoted.products if with_additions else quoted.renewed_products
    decided: dict[str, RankDecision] = {}
    problems: list[Problem] = []
    for basis, decide in RANK_RULES:
        same = []
        for product in products.values():
            if product.programme.rank_basis is basis:
                same.append(product)
        if same:
            ranks, wrong = decide(same, quoted=quoted, counted=counted, price_tables=price_tables)
            decided |= ranks
            problems += wrong
    return decided, problems


def _rank_additions(
    quoted: Quoted, decided: Mapping[str, RankDecision], price_tables: PriceTables, *, is_summed: bool
) -> tuple[dict[str, RankDecision], list[Problem]]:
    """The rank of each addition, by its key: its product's, or one of its own (R7); and why some are not added."""
    ranks: dict[str, RankDecision] = {}
    problems: list[Problem] = []
    for addition in quoted.additions:
        if is_summed:
            rank = decided.get(addition.product.code)
        else:
            rank, wrong = decide_alone(addition, price_tables)
            problems += wrong
        if rank is not None:
            ranks[addition.key] = rank
            if rank.rank.addition_price is None:
                problems.append(without_addition_price(addition, rank))
    return ranks, problems


def _renewal_lines(quoted: Quoted, ranking: _Ranking, price_tables: PriceTables) -> list[Line]:
    """A line for each renewed holding, in the request's order (R2, R10)."""
    years, price_list = quoted.request.years, price_tables.told_name
    lines = []
    for one in quoted.renewed:
        holding, product, quantity = one.holding, one.holding.product, one.renewal_quantity or 0
        table, rank, line = price_tables.tables[product.code], ranking.by_product[product.code], blank(Line)
        amount = renewal_amount(
            product=product,
            table=table,
            rank=rank.rank,
            quantity=quantity,
            years=years,
            price_list=price_list,
        )
        Line.__init__(
            line,
            key=holding.key,
            product=product,
            held_quantity=holding.quantity,
            quantity=quantity,
            rank=rank,
            rank_quantity=ranking.counted[product.code],
            minimum=table.minimum_quantity,
            term=term_after(holding.support_expires_on, years),
            amount=amount,
            offer=offer(amount.amount, one.offered),
        )
        lines.append(line)
    return lines


def _addition_lines(quoted: Quoted, ranking: _Ranking, price_tables: PriceTables) -> list[Line]:
    """A line for each addition, in the request's order (R7, R11)."""
    years, price_list = quoted.request.years, price_tables.told_name
    lines = []
    for addition in quoted.additions:
        product, rank, line = addition.product, ranking.by_addition[addition.key], blank(Line)
        amount = addition_amount(
            product=product,
            table=price_tables.tables[product.code],
            rank=rank.rank,
            quantity=addition.quantity,
            years=years,
            price_list=price_list,
        )
        Line.__init__(
            line,
            key=addition.key,
            product=product,
            held_quantity=None,
            quantity=addition.quantity,
            rank=rank,
            rank_quantity=None if rank.kind.is_alone else ranking.counted[product.code],
            minimum=None,
            term=term_of_addition(addition, quoted),
            amount=amount,
            offer=offer(amount.amount, addition.offered),
        )
        lines.append(line)
    return lines


def _refuse_more_than_list(lines: list[Line]) -> list[Problem]:
    """Lines that are offered above their list amounts (R20)."""
    problems: list[Problem] = []
    for line in lines:
        if line.offer is not None:
            place = f"{'addition' if line.held_quantity is None else 'holding'}:{line.key}"
            problems += refuse_more_than_list(place, line.product, line.offer)
    return problems


def _compare_with_keeping(quoted: Quoted, lines: list[Line], price_tables: PriceTables) -> ReductionComparison | None:
    """What the same quote would cost with nothing reduced (R12); None where nothing is, or it could not be quoted."""
    if not reduced_holdings(quoted):
        return None
    kept = _list_subtotal(keeping_everything(quoted), price_tables)
    if kept is None:
        return None
    return ReductionComparison(kept=kept, reduced=sum([line.amount.amount for line in lines]))


def _list_subtotal(quoted: Quoted, price_tables: PriceTables) -> Yen | None:
    """What it would cost by the price list, tax excluded, and nothing else of it; None where it is refused."""
    ranking = _rank(quoted, price_tables)
    if _is_any_refusal(_check(quoted, [], ranking, price_tables)):
        return None
    years, subtotal = quoted.request.years, 0
    for one in quoted.renewed:
        product, quantity = one.holding.product, one.renewal_quantity or 0
        rank = ranking.by_product[product.code].rank
        subtotal += renewal_amount(
            product=product, table=price_tables.tables[product.code], rank=rank, quantity=quantity, years=years
        ).amount
    for addition in quoted.additions:
        product, rank = addition.product, ranking.by_addition[addition.key].rank
        subtotal += addition_amount(
            product=product, table=price_tables.tables[product.code], rank=rank, quantity=addition.quantity, years=years
        ).amount
    return subtotal


def _is_any_refusal(problems: Sequence[Problem]) -> bool:
    return bool(problems) and any(problem.is_refusal for problem in problems)
