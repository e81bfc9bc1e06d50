"""`price_renewal`: the one door to renewal pricing."""

from collections.abc import Mapping

from .decision import blank
from .pricing import Line, RenewalPricing
from .problems import Problem
from .rank import RankDecision
from .rulebook import RANK_RULES
from .rules.r01_term import check_term
from .rules.r02_support_period import term_after
from .rules.r03_quoted import Quoted, decide_quoted
from .rules.r04_rank_quantity import RankQuantity, count_quantities
from .rules.r06_largest_product import warn_of_mixture
from .rules.r07_additions import decide_alone, decide_sum
from .rules.r08_minimum import check_minimums
from .rules.r09_no_price import check_prices
from .rules.r10_renewal_amount import renewal_amount
from .rules.r11_addition_amount import addition_amount, check_addition_price, term_of_addition
from .rules.r12_reduction import ReductionComparison, keeping_everything, reduced_holdings, warn_of_reduction
from .rules.r13_date import check_expiries
from .rules.r14_tax import check_tax_rates, total_taxes
from .rules.r19_segment import warn_of_segments
from .rules.r20_offered_price import check_offers, offer, refuse_more_than_list
from .rules.r22_quoted_twice import warn_of_other_quotes
from .values import PriceTables, RenewalRequest


def price_renewal(request: RenewalRequest, price_tables: PriceTables, *, is_compared: bool = True) -> RenewalPricing:
    """Price the renewal of one license ID by rules R1-R14, R19, R20 and R22.

    It never looks at another license ID (R16). Nothing that a customer may want raises an error: what cannot be quoted
    is a refusal among the problems, all of them at once (R17), and then there are no lines and no totals.
    `is_compared`: a reduction is set beside keeping everything, which is priced as well (R12); whoever prices many
    quantities compares them with each other.
    """
    quoted, wrong_choices = decide_quoted(request)
    return _price(quoted, wrong_choices, price_tables, is_compared=is_compared)


def _price(
    quoted: Quoted, wrong_choices: list[Problem], price_tables: PriceTables, *, is_compared: bool = True
) -> RenewalPricing:
    """Price what is quoted. `wrong_choices`: what was wrong with what was asked."""
    request = quoted.request
    addition_sum = decide_sum(on=request.on, expiries=[one.holding.support_expires_on for one in quoted.renewed])
    counted = count_quantities(quoted, quoted.additions if addition_sum.is_summed else ())
    ranks, without_rank = _decide_ranks(quoted, counted, price_tables, with_additions=addition_sum.is_summed)
    ranks_of_additions, not_added = _rank_additions(quoted, ranks, price_tables, is_summed=addition_sum.is_summed)
    problems = [
        *check_term(quoted),
        *wrong_choices,
        *check_prices(quoted, price_tables),
        *check_tax_rates(quoted, price_tables),
        *check_offers(quoted),
        *check_minimums(quoted, counted, price_tables),
        *without_rank,
        *not_added,
        *warn_of_mixture(quoted),
        *check_expiries(quoted),
        *warn_of_segments(quoted),
        *warn_of_other_quotes(quoted),
    ]
    lines: list[Line] = []
    comparison = None
    if not any(problem.is_refusal for problem in problems):
        lines += _renewal_lines(quoted, ranks, counted, price_tables)
        lines += _addition_lines(quoted, ranks_of_additions, counted, price_tables)
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
        addition_sum=addition_sum,
        tax_totals=tax_totals,
        comparison=comparison,
    )
    return pricing


def _decide_ranks(
    quoted: Quoted, counted: Mapping[str, RankQuantity], price_tables: PriceTables, *, with_additions: bool
) -> tuple[dict[str, RankDecision], list[Problem]]:
    """The rank of each product that is renewed or added to the renewal, by its code, and why some have none."""
    products = quoted.products if with_additions else quoted.renewed_products
    decided: dict[str, RankDecision] = {}
    problems: list[Problem] = []
    for basis, decide in RANK_RULES:
        same = [product for product in products.values() if product.programme.rank_basis is basis]
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
            problems += check_addition_price(addition, rank)
    return ranks, problems


def _renewal_lines(
    quoted: Quoted,
    ranks: Mapping[str, RankDecision],
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
) -> list[Line]:
    """A line for each renewed holding, in the request's order (R2, R10)."""
    years, price_list = quoted.request.years, price_tables.told_name
    lines = []
    for one in quoted.renewed:
        holding, product, quantity = one.holding, one.holding.product, one.renewal_quantity or 0
        table, rank, line = price_tables.tables[product.code], ranks[product.code], blank(Line)
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
            rank_quantity=counted[product.code],
            minimum=table.minimum_quantity,
            term=term_after(holding.support_expires_on, years),
            amount=amount,
            offer=offer(amount.amount, one.offered),
        )
        lines.append(line)
    return lines


def _addition_lines(
    quoted: Quoted,
    ranks: Mapping[str, RankDecision],
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
) -> list[Line]:
    """A line for each addition, in the request's order (R7, R11)."""
    if not quoted.additions:
        return []
    years, price_list = quoted.request.years, price_tables.told_name
    lines = []
    for addition in quoted.additions:
        product, rank, line = addition.product, ranks[addition.key], blank(Line)
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
            rank_quantity=None if rank.kind.is_alone else counted[product.code],
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
    kept = _price(keeping_everything(quoted), [], price_tables)
    if kept.is_refused:
        return None
    return ReductionComparison(kept=kept.subtotal, reduced=sum([line.amount.amount for line in lines]))
