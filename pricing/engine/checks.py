"""What can be said of a request before any price is looked up, and the checks around ranks (R1, R3, R8, R9, R13)."""

from collections.abc import Mapping, Sequence

from .problems import Problem, no_price_table, places_of
from .rank import LARGEST_PRODUCT, RankQuantity
from .term import is_term_in_range
from .values import Addition, Holding, PriceTables, Product, RenewalRequest


def check_holdings(*, request: RenewalRequest, problems: list[Problem]) -> list[int | None]:
    """What is renewed of each holding, in the request's order: None for one left out (R1, R3).

    Without reduced renewal that is the held quantity. A refused quantity is replaced by the held one, so that the
    other checks still find what else is wrong.
    """
    if not is_term_in_range(request.years):
        problems.append(Problem("term-out-of-range", ("years",), {"years": request.years}))
    quantities: list[int | None] = []
    for choice in request.holdings:
        quantity, held = choice.renewal_quantity, choice.holding.quantity
        if quantity is None or quantity == 0:
            quantities.append(quantity)
            continue
        place = (f"holding:{choice.holding.key}",)
        product = choice.holding.product
        if quantity < 0:
            problems.append(Problem("quantity-negative", place, {"product": product, "quantity": quantity}))
        elif quantity > held:
            facts = {"product": product, "quantity": quantity, "held": held, "excess": quantity - held}
            problems.append(Problem("renewal-exceeds-held", place, facts))
        elif request.is_reduced:
            quantities.append(quantity)
            continue
        quantities.append(held)
    return quantities


def check_additions(*, request: RenewalRequest, problems: list[Problem]) -> tuple[Addition, ...]:
    """The additions that add something, each product once (R3)."""
    if not request.additions:
        return ()
    by_product: dict[str, list[Addition]] = {}
    for addition in request.additions:
        by_product.setdefault(addition.product.code, []).append(addition)
    for same in by_product.values():
        if len(same) > 1:
            facts = {"product": same[0].product, "quantity": sum(addition.quantity for addition in same)}
            places = tuple(f"addition:{addition.key}" for addition in same)
            problems.append(Problem("addition-repeated", places, facts))
    for addition in request.additions:
        if addition.quantity < 0:
            facts = {"product": addition.product, "quantity": addition.quantity}
            problems.append(Problem("quantity-negative", (f"addition:{addition.key}",), facts))
    return tuple([addition for addition in request.additions if addition.quantity > 0])


def check_tables(
    *,
    request: RenewalRequest,
    quoted: Mapping[str, Product],
    price_tables: PriceTables,
    problems: list[Problem],
) -> None:
    """Every quoted product needs a price table and a tax rate on the quote's date (R9, R14)."""
    for code, product in quoted.items():
        if code not in price_tables.tables:
            problems.append(no_price_table(product, request, price_tables))
        if product.tax_category not in price_tables.tax_rates:
            facts = {"product": product, "category": product.tax_category, "on": request.on}
            problems.append(Problem("no-tax-rate", places_of(request, code), facts))


def check_minimums(
    *,
    request: RenewalRequest,
    renewed: Mapping[str, Product],
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
    problems: list[Problem],
) -> None:
    """What is renewed of a product, with the addition that is summed with it, must reach its minimum (R8)."""
    for code, product in renewed.items():
        table = price_tables.tables.get(code)
        if table is not None and counted[code].quoted < table.minimum_quantity:
            facts = {"product": product, "quantity": counted[code].quoted, "minimum": table.minimum_quantity}
            problems.append(Problem("below-minimum", places_of(request, code), facts))


def warn(
    *,
    request: RenewalRequest,
    renewed: Sequence[tuple[Holding, int]],
    additions: Sequence[Addition],
    problems: list[Problem],
) -> None:
    """What does not refuse the quote but must be read: mixed programmes (R6), expired support (R13)."""
    products = [choice.holding.product for choice in request.holdings]
    products += [addition.product for addition in additions]
    sharing = [product for product in products if product.rank_basis is LARGEST_PRODUCT]
    if sharing and len(sharing) < len(products):
        problems.append(Problem("mixed-programmes", ("quote",)))
    expired = [holding for holding, _ in renewed if holding.support_expires_on < request.on]
    if expired:
        facts = {
            "products": tuple(sorted({holding.product for holding in expired}, key=lambda product: product.code)),
            "expired": min(holding.support_expires_on for holding in expired),
        }
        problems.append(Problem("support-expired", tuple(f"holding:{holding.key}" for holding in expired), facts))
