"""R3: what is quoted of what the license ID holds, and what is added."""

from collections.abc import Mapping, Sequence

from ..decision import blank, decision
from ..problems import Problem, refusal
from ..step import StepKind
from ..values import Addition, HoldingChoice, Product, RenewalRequest
from ..wording import Rule, both

R3 = Rule("R3", both("What is quoted", "見積の対象"))

QUANTITY_NEGATIVE = refusal(
    R3,
    "quantity-negative",
    en="The quantity of {product} is {quantity:,}.",
    ja="{product} の数量が {quantity:,} です。",
)
RENEWAL_EXCEEDS_HELD = refusal(
    R3,
    "renewal-exceeds-held",
    en="{product}: {quantity:,} to renew, but only {held:,} are held.",
    ja="{product}：更新数量 {quantity:,} が保有数量 {held:,} を超えています。",
)
NOTHING_TO_QUOTE = refusal(
    R3,
    "nothing-to-quote",
    en="Nothing is renewed and nothing is added.",
    ja="更新も追加もありません。",
)
ADDITION_REPEATED = refusal(
    R3,
    "addition-repeated",
    en="{product} stands more than once among the additions.",
    ja="追加に {product} が重複しています。",
)

KEPT = StepKind(
    R3, "kept", both("All that is held is renewed", "保有数量をそのまま更新"), result="{quantity:,}", about="quantity"
)
REDUCED = StepKind(
    R3,
    "reduced",
    both(
        "Quantity after the reduction: {held_quantity:,} → {quantity:,}",
        "減数後の数量 {held_quantity:,} → {quantity:,}",
    ),
    result="{quantity:,}",
    about="quantity",
)
ADDED = StepKind(R3, "added", both("Added quantity of {product}", "{product} の追加数量"), result="{quantity:,}")


@decision
class Quoted:
    """What a request really quotes."""

    request: RenewalRequest
    choices: Sequence[HoldingChoice]
    """Every holding in the request's order, with what is really renewed of it; None for one left out."""
    renewed: Sequence[HoldingChoice]
    """Those of them of which something is renewed."""
    additions: Sequence[Addition]
    """Those that add something."""
    renewed_products: Mapping[str, Product]
    """By code."""
    products: Mapping[str, Product]
    """All that is renewed or added, by code."""

    def places_of(self, product: Product) -> tuple[str, ...]:
        """Where a product stands in the request: its renewed holdings, or else all of them, and its additions."""
        holdings = [choice for choice in self.request.holdings if choice.holding.product.code == product.code]
        renewed = [choice for choice in holdings if choice.renewal_quantity]
        places = [f"holding:{choice.holding.key}" for choice in renewed]
        places += [
            f"addition:{addition.key}" for addition in self.request.additions if addition.product.code == product.code
        ]
        return tuple(places or [f"holding:{choice.holding.key}" for choice in holdings] or ["quote"])


def decide_quoted(request: RenewalRequest) -> tuple[Quoted, list[Problem]]:
    """What is renewed of each holding and what is added, and what is wrong with it."""
    choices, problems = _settle_choices(request)
    additions, wrong = _settle_additions(request)
    problems += wrong
    quoted = quote_choices(request, choices, additions)
    if not quoted.products and not any(problem.kind is QUANTITY_NEGATIVE for problem in problems):
        problems.append(Problem(NOTHING_TO_QUOTE, ("quote",)))
    return quoted, problems


def quote_choices(request: RenewalRequest, choices: Sequence[HoldingChoice], additions: Sequence[Addition]) -> Quoted:
    """What is quoted where so much of each holding is renewed, and all of the additions are added."""
    renewed: list[HoldingChoice] = []
    renewed_products: dict[str, Product] = {}
    for choice in choices:
        if choice.renewal_quantity:
            renewed.append(choice)
            renewed_products[choice.holding.product.code] = choice.holding.product
    products = renewed_products.copy()
    for addition in additions:
        products.setdefault(addition.product.code, addition.product)
    quoted = blank(Quoted)
    Quoted.__init__(
        quoted,
        request=request,
        choices=choices,
        renewed=renewed,
        additions=additions,
        renewed_products=renewed_products,
        products=products,
    )
    return quoted


def _settle_choices(request: RenewalRequest) -> tuple[list[HoldingChoice], list[Problem]]:
    """What is really renewed of each holding. Without reduced renewal that is the held quantity.

    A refused quantity is replaced by the held one, so that the other checks still find what else is wrong.
    """
    settled: list[HoldingChoice] = []
    problems: list[Problem] = []
    for choice in request.holdings:
        quantity, holding = choice.renewal_quantity, choice.holding
        if not quantity or quantity == holding.quantity or (request.is_reduced and 0 < quantity < holding.quantity):
            settled.append(choice)
            continue
        settled.append(HoldingChoice(holding, holding.quantity, offered=choice.offered))
        place = (f"holding:{holding.key}",)
        if quantity < 0:
            problems.append(Problem(QUANTITY_NEGATIVE, place, {"product": holding.product, "quantity": quantity}))
        elif quantity > holding.quantity:
            facts = {
                "product": holding.product,
                "quantity": quantity,
                "held": holding.quantity,
                "excess": quantity - holding.quantity,
            }
            problems.append(Problem(RENEWAL_EXCEEDS_HELD, place, facts))
    return settled, problems


def _settle_additions(request: RenewalRequest) -> tuple[list[Addition], list[Problem]]:
    """The additions that add something, each product once."""
    if not request.additions:
        return [], []
    problems: list[Problem] = []
    by_product: dict[str, list[Addition]] = {}
    for addition in request.additions:
        by_product.setdefault(addition.product.code, []).append(addition)
    for same in by_product.values():
        if len(same) > 1:
            facts = {"product": same[0].product, "quantity": sum(addition.quantity for addition in same)}
            problems.append(Problem(ADDITION_REPEATED, tuple(f"addition:{one.key}" for one in same), facts))
    for addition in request.additions:
        if addition.quantity < 0:
            facts = {"product": addition.product, "quantity": addition.quantity}
            problems.append(Problem(QUANTITY_NEGATIVE, (f"addition:{addition.key}",), facts))
    return [addition for addition in request.additions if addition.quantity > 0], problems
