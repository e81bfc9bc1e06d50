"""What can be said of a request before prices are looked up, and the checks around ranks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from .problems import Problem, places_of, without_prices
from .rank import RankQuantity
from .term import shorter_programmes
from .values import (
    ANYBODY,
    LEAST_YEARS,
    MOST_YEARS,
    Addition,
    Holding,
    PriceTables,
    Product,
    RenewalRequest,
)


def check_term(*, request: RenewalRequest, quoted: Mapping[str, Product]) -> list[Problem]:
    """What is wrong with the number of years, which the programme of any quoted product may bound more closely (R1)."""
    years = request.years
    if years == LEAST_YEARS:
        return []
    shorter = shorter_programmes(quoted.values())
    exceeded = [programme for programme in shorter if years > programme.most_years]
    if not exceeded and not LEAST_YEARS <= years <= MOST_YEARS:
        most = min([programme.most_years for programme in shorter], default=MOST_YEARS)
        return [Problem("term-out-of-range", ("years",), {"years": years, "most": most})]
    return [
        Problem(
            "term-out-of-range",
            ("years",),
            {"years": years, "programme": programme, "most": programme.most_years},
            words="term-out-of-programme",
        )
        for programme in exceeded
    ]


def check_holdings(*, request: RenewalRequest, problems: list[Problem]) -> list[int | None]:
    """What is renewed of each holding, in the request's order: None for one left out (R3).

    Without reduced renewal that is the held quantity. A refused quantity is replaced by the held one, so that the
    other checks still find what else is wrong.
    """
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
        if code not in price_tables.tables or code in price_tables.ended:
            problems.append(without_prices(product, request, price_tables))
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


def check_expiries(*, request: RenewalRequest, renewed: Sequence[tuple[Holding, int]], problems: list[Problem]) -> None:
    """After its expiry a holding is renewed with a warning, or not at all where its programme says so (R13)."""
    on = request.on
    expired = [holding for holding, _ in renewed if holding.support_expires_on < on]
    if not expired:
        return
    possible = []
    for holding in expired:
        days = holding.product.programme.late_renewal_days
        if days is None or (on - holding.support_expires_on).days <= days:
            possible.append(holding)
            continue
        facts = {
            "product": holding.product,
            "programme": holding.product.programme,
            "expired": holding.support_expires_on,
            "last": holding.support_expires_on + timedelta(days=days),
        }
        problems.append(Problem("too-late-to-renew", (f"holding:{holding.key}",), facts))
    if possible:
        facts = {
            "products": _by_code(holding.product for holding in possible),
            "expired": min(holding.support_expires_on for holding in possible),
        }
        problems.append(Problem("support-expired", tuple(f"holding:{holding.key}" for holding in possible), facts))


def warn_of_mixture(*, request: RenewalRequest, additions: Sequence[Addition], problems: list[Problem]) -> None:
    """Products of several programmes in one license ID: each programme's rule counts for its own (R6)."""
    products = [choice.holding.product for choice in request.holdings]
    products += [addition.product for addition in additions]
    if len({product.programme.code for product in products}) > 1:
        programmes = {product.programme.code: product.programme for product in products}
        facts = {"programmes": tuple(programmes[code] for code in sorted(programmes))}
        problems.append(Problem("mixed-programmes", ("quote",), facts))


def warn_of_segments(*, request: RenewalRequest, quoted: Mapping[str, Product], problems: list[Problem]) -> None:
    """Products made for another kind of customer than the one who is quoted, or than is known (R19)."""
    bound = [product for product in quoted.values() if product.segment is not None]
    customer = request.customer_segment
    if not bound or customer == ANYBODY:
        return
    differing: dict[str, list[Product]] = {}
    for product in bound:
        if product.segment is not None and product.segment != customer:
            differing.setdefault(product.segment.name, []).append(product)
    for name in sorted(differing):
        products = differing[name]
        facts = {"products": _by_code(products), "segment": products[0].segment, "customer_segment": customer}
        places = tuple(place for product in products for place in places_of(request, product.code))
        words = "" if customer is not None else "segment-unknown"
        problems.append(Problem("segment-differs", places, facts, words))


def _by_code(products: Iterable[Product]) -> tuple[Product, ...]:
    return tuple(sorted({product.code: product for product in products}.values(), key=lambda product: product.code))
