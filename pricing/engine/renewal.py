"""`price_renewal`: the one door to renewal pricing."""

from collections.abc import Mapping, Sequence

from .amount import TaxTotal, addition_amount, renewal_amount, tax_on
from .checks import (
    check_additions,
    check_expiries,
    check_holdings,
    check_minimums,
    check_tables,
    check_term,
    warn_of_mixture,
    warn_of_segments,
)
from .pricing import Line, LineKind, ReductionComparison, RenewalPricing
from .problems import Problem
from .rank import (
    RankDecision,
    RankQuantity,
    count_quantities,
    decide_ranks,
    decide_ranks_of_additions,
    decide_sum,
)
from .term import TermDecision, term_after, term_starting
from .values import Addition, Holding, HoldingChoice, PriceTables, Product, RenewalRequest

_RENEWAL, _REDUCED_RENEWAL, _ADDITION = LineKind.RENEWAL, LineKind.REDUCED_RENEWAL, LineKind.ADDITION


def price_renewal(request: RenewalRequest, price_tables: PriceTables) -> RenewalPricing:
    """Price the renewal of one license ID by rules R1-R14 and R19, which never look at another license ID (R16).

    Nothing that a customer may want raises an error: what cannot be quoted is a refusal among the problems, all of
    them at once (R17), and then there are no lines and no totals.
    """
    problems: list[Problem] = []
    quantities = check_holdings(request=request, problems=problems)
    additions = check_additions(request=request, problems=problems)
    renewed = [
        (choice.holding, quantity) for choice, quantity in zip(request.holdings, quantities, strict=True) if quantity
    ]
    if not renewed and not additions and not any(problem.code == "quantity-negative" for problem in problems):
        problems.append(Problem("nothing-to-quote", ("quote",)))

    addition_sum = decide_sum(on=request.on, expiries=[holding.support_expires_on for holding, _ in renewed])
    summed = additions if addition_sum.is_summed else ()
    counted = count_quantities(request=request, quantities=quantities, summed=summed)
    renewed_products = {holding.product.code: holding.product for holding, _ in renewed}
    quoted = _with_additions(renewed_products, additions)
    problems[:0] = check_term(request=request, quoted=quoted)
    check_tables(request=request, quoted=quoted, price_tables=price_tables, problems=problems)
    check_minimums(
        request=request, renewed=renewed_products, counted=counted, price_tables=price_tables, problems=problems
    )
    ranks = decide_ranks(
        request=request,
        products=quoted if addition_sum.is_summed else renewed_products,
        counted=counted,
        price_tables=price_tables,
        problems=problems,
    )
    ranks_of_additions = decide_ranks_of_additions(
        additions=additions,
        is_summed=addition_sum.is_summed,
        decided=ranks,
        price_tables=price_tables,
        problems=problems,
    )
    warn_of_mixture(request=request, additions=additions, problems=problems)
    check_expiries(request=request, renewed=renewed, problems=problems)
    warn_of_segments(request=request, quoted=quoted, problems=problems)

    lines: list[Line] = []
    comparison = None
    if not problems or not any(problem.is_refusal for problem in problems):
        lines = _renewal_lines(request, renewed, ranks, counted, price_tables)
        if additions:
            lines += _addition_lines(request, renewed, additions, ranks_of_additions, counted, price_tables)
        if reduced := _reduced(request, quantities):
            comparison = _compare_with_keeping(request, lines, price_tables)
            if comparison is not None and comparison.difference >= 0:
                problems.append(_does_not_save(reduced, comparison))
    tax_totals = _tax_totals(lines, request, price_tables)
    return RenewalPricing(
        request,
        price_tables.price_list,
        tuple(lines),
        tuple(problems),
        addition_sum,
        tax_totals,
        sum([total.subtotal for total in tax_totals]),
        sum([total.tax for total in tax_totals]),
        comparison,
        price_tables.told_name,
    )


def _with_additions(products: dict[str, Product], additions: Sequence[Addition]) -> dict[str, Product]:
    if not additions:
        return products
    added = {addition.product.code: addition.product for addition in additions}
    return products | {code: product for code, product in added.items() if code not in products}


def _renewal_lines(
    request: RenewalRequest,
    renewed: Sequence[tuple[Holding, int]],
    ranks: Mapping[str, RankDecision],
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
) -> list[Line]:
    """A line for each renewed holding, in the request's order (R2, R10)."""
    lines = []
    for holding, quantity in renewed:
        product = holding.product
        table = price_tables.tables[product.code]
        rank = ranks[product.code]
        rank_quantity = counted[product.code]
        lines.append(
            Line(
                holding.key,
                _REDUCED_RENEWAL if quantity < holding.quantity else _RENEWAL,
                product,
                holding.quantity,
                quantity,
                rank,
                rank_quantity,
                table.minimum_quantity,
                rank_quantity.quoted,
                term_after(holding.support_expires_on, request.years),
                renewal_amount(product, table, rank.rank, quantity, request.years),
            )
        )
    return lines


def _addition_lines(
    request: RenewalRequest,
    renewed: Sequence[tuple[Holding, int]],
    additions: Sequence[Addition],
    ranks: Mapping[str, RankDecision],
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
) -> list[Line]:
    """A line for each addition, in the request's order (R7, R11)."""
    lines = []
    for addition in additions:
        product = addition.product
        rank = ranks[addition.key]
        addition_price = rank.rank.addition_price
        if addition_price is None:
            raise ValueError(f"{product.code}: an addition without a price was not refused")
        lines.append(
            Line(
                addition.key,
                _ADDITION,
                product,
                None,
                addition.quantity,
                rank,
                counted[product.code] if rank.rule != "R7" else None,
                None,
                0,
                _term_of_addition(addition, renewed, request),
                addition_amount(
                    product,
                    price_tables.tables[product.code],
                    rank.rank,
                    addition_price,
                    addition.quantity,
                    request.years,
                ),
            )
        )
    return lines


def _term_of_addition(
    addition: Addition, renewed: Sequence[tuple[Holding, int]], request: RenewalRequest
) -> TermDecision:
    """The period of the same product's renewal, else of the earliest renewal, else from the quote's date (R11)."""
    same = [holding.support_expires_on for holding, _ in renewed if holding.product.code == addition.product.code]
    expiries = same or [holding.support_expires_on for holding, _ in renewed]
    return term_after(min(expiries), request.years) if expiries else term_starting(request.on, request.years)


def _tax_totals(lines: Sequence[Line], request: RenewalRequest, price_tables: PriceTables) -> tuple[TaxTotal, ...]:
    """Once per tax rate, on the sum (R14); the higher rate first."""
    subtotals: dict[str, int] = {}
    for line in lines:
        category = line.product.tax_category
        subtotals[category] = subtotals.get(category, 0) + line.amount.amount
    if len(subtotals) == 1:
        [(category, subtotal)] = subtotals.items()
        return (tax_on(subtotal, price_tables.tax_rates[category], request.tax_rounding),)
    by_rate: dict[object, int] = {}
    rates = price_tables.tax_rates
    for category, subtotal in subtotals.items():
        by_rate[rates[category]] = by_rate.get(rates[category], 0) + subtotal
    return tuple(
        tax_on(by_rate[rate], rate, request.tax_rounding)
        for rate in sorted({rates[category] for category in subtotals}, reverse=True)
    )


def _compare_with_keeping(
    request: RenewalRequest, lines: Sequence[Line], price_tables: PriceTables
) -> ReductionComparison | None:
    """What the same quote would cost with every reduced or discontinued holding kept as it is (R12).

    None where keeping everything could not be quoted.
    """
    kept = RenewalRequest(
        license_id=request.license_id,
        on=request.on,
        years=request.years,
        is_reduced=False,
        holdings=tuple([_kept(choice) for choice in request.holdings]),
        additions=request.additions,
        tax_rounding=request.tax_rounding,
        customer_segment=request.customer_segment,
    )
    pricing = price_renewal(kept, price_tables)
    if pricing.is_refused:
        return None
    return ReductionComparison(pricing.subtotal, sum([line.amount.amount for line in lines]))


def _kept(choice: HoldingChoice) -> HoldingChoice:
    """The same choice with all that is held; one left out stays left out."""
    held = choice.holding.quantity
    return choice if choice.renewal_quantity in (None, held) else HoldingChoice(choice.holding, held)


def _reduced(request: RenewalRequest, quantities: Sequence[int | None]) -> list[Holding]:
    """What is reduced or discontinued."""
    return [
        choice.holding
        for choice, quantity in zip(request.holdings, quantities, strict=True)
        if quantity is not None and quantity < choice.holding.quantity
    ]


def _does_not_save(reduced: Sequence[Holding], comparison: ReductionComparison) -> Problem:
    places = tuple(f"holding:{holding.key}" for holding in reduced)
    facts = {"reduced": comparison.reduced, "kept": comparison.kept, "difference": comparison.difference}
    words = "" if comparison.difference else "reduction-saves-nothing"
    return Problem("reduction-does-not-save", places, facts, words)
