"""R20: what is offered of the list price: less for a line, and a further 値引き on the whole quote."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ..decision import decision
from ..problems import Problem, refusal
from ..step import StepKind
from ..values import OfferedPrice, Product, Yen
from ..wording import Rule, both
from ..yen import percent_of
from .r03_quoted import Quoted

R20 = Rule("R20", both("Offered price", "提示価格"))

OFFER_OUT_OF_RANGE = refusal(
    R20,
    "offer-out-of-range",
    en="{product} is to be offered at {percent:percent} % less. A reduction is 0 to 100 %, with two decimals at most.",
    ja="{product} の値引き率が {percent:percent}％です。値引き率は0～100％、小数点以下2桁までです。",
)
OFFER_NEGATIVE = OFFER_OUT_OF_RANGE.in_words(
    "offer-negative",
    en="{product} is to be offered at {offered:yen}. An offered amount is ¥0 or more.",
    ja="{product} の提示金額が {offered:yen} です。提示金額は0円以上です。",
)
OFFER_EXCEEDS_LIST = refusal(
    R20,
    "offer-exceeds-list",
    en="{product} is to be offered at {offered:yen}, more than its list amount of {amount:yen} (tax excluded).",
    ja="{product} の提示金額 {offered:yen} が、標準価格の金額 {amount:yen}（税抜）を超えています。",
)
REDUCTION_OUT_OF_RANGE = refusal(
    R20,
    "reduction-out-of-range",
    en="The reduction on the whole quote is {reduction:yen}. It is ¥0 to {most:yen}, the sum of the lines "
    "(tax excluded).",
    ja="見積全体の値引きが {reduction:yen} です。値引きは0円から明細の合計 {most:yen}（税抜）までです。",
)

OFFERED_PERCENT = StepKind(
    R20,
    "offered-percent",
    both(
        "Offered at {percent:percent} % less than {list_amount:yen}, rounded down",
        "{list_amount:yen} から {percent:percent}％引き（円未満切捨て）",
    ),
    result="{amount:yen}",
    about="offered",
)
OFFERED_AMOUNT = StepKind(
    R20,
    "offered-amount",
    both("Offered at this amount instead of {list_amount:yen}", "{list_amount:yen} に代えて提示する金額"),
    result="{amount:yen}",
    about="offered",
)
REDUCTION = StepKind(
    R20,
    "reduction",
    both(
        "Further reduction on the whole quote, of {before:yen}, which is taxed at {percent:percent} %",
        "見積全体の値引き：{percent:percent}％対象 {before:yen} の分",
    ),
    result="▲{share:yen}",
)
AFTER_REDUCTION = StepKind(
    R20,
    "after-reduction",
    both("After the reduction, tax excluded", "値引き後の合計（税抜）"),
    result="{subtotal:yen}",
)

MOST_PERCENT = Decimal(100)
DECIMALS = 2


@decision
class OfferDecision:
    """At what a line is offered; yen, tax excluded."""

    list_amount: Yen
    """What it costs by the price list, which stands always (R10, R11)."""
    percent: Decimal | None
    """How much less; None: the amount itself was said."""
    amount: Yen

    @property
    def reduction(self) -> Yen:
        """How much less than the list amount."""
        return self.list_amount - self.amount

    @property
    def step(self) -> StepKind:
        return OFFERED_AMOUNT if self.percent is None else OFFERED_PERCENT


@decision
class ReductionShare:
    """What of the further 値引き falls on one tax rate; yen, tax excluded."""

    percent: Decimal
    """The tax rate."""
    before: Yen
    """The sum of what is offered under this rate."""
    share: Yen


def check_offers(quoted: Quoted) -> list[Problem]:
    """What can be said of offered prices before anything is priced, of what is really quoted."""
    problems: list[Problem] = []
    for one in quoted.renewed:
        if one.offered is not None:
            problems += _check_offer(f"holding:{one.holding.key}", one.holding.product, one.offered)
    for addition in quoted.additions:
        if addition.offered is not None:
            problems += _check_offer(f"addition:{addition.key}", addition.product, addition.offered)
    return problems


def _check_offer(place: str, product: Product, offered: OfferedPrice) -> list[Problem]:
    if offered.percent is not None and not is_percentage(offered.percent):
        return [Problem(OFFER_OUT_OF_RANGE, (place,), {"product": product, "percent": offered.percent})]
    if offered.amount is not None and offered.amount < 0:
        return [Problem(OFFER_NEGATIVE, (place,), {"product": product, "offered": offered.amount})]
    return []


def is_percentage(percent: Decimal) -> bool:
    """Whether it is one by which a price can be lowered: 0 to 100, two decimals at most."""
    return 0 <= percent <= MOST_PERCENT and percent == round(percent, DECIMALS)


def offer(list_amount: Yen, offered: OfferedPrice | None) -> OfferDecision | None:
    """At what a line is offered; None: at the list amount, nothing was said."""
    if offered is None:
        return None
    if offered.percent is None:
        return OfferDecision(list_amount, None, offered.amount or 0)
    return OfferDecision(list_amount, offered.percent, percent_of(list_amount, MOST_PERCENT - offered.percent))


def refuse_more_than_list(place: str, product: Product, decided: OfferDecision | None) -> list[Problem]:
    """Nothing is offered above its list amount."""
    if decided is None or decided.reduction >= 0:
        return []
    facts = {"product": product, "offered": decided.amount, "amount": decided.list_amount}
    return [Problem(OFFER_EXCEEDS_LIST, (place,), facts)]


def check_reduction(reduction: Yen, most: Yen) -> list[Problem]:
    """The further 値引き is of what is offered, and leaves no less than nothing."""
    if 0 <= reduction <= most:
        return []
    return [Problem(REDUCTION_OUT_OF_RANGE, ("reduction",), {"reduction": reduction, "most": most})]


def share_reduction(reduction: Yen, subtotals: Sequence[tuple[Decimal, Yen]]) -> tuple[ReductionShare, ...]:
    """Shared over the tax rates in proportion to their subtotals, each rounded down; the remainder to the largest.

    Of equal ones the first counts as the largest. No rate gives more than it has: what is left of the remainder goes to
    the next one. `reduction` is at most the sum of the subtotals.
    """
    whole = sum(subtotal for _percent, subtotal in subtotals)
    shares = [reduction * subtotal // whole if whole else 0 for _percent, subtotal in subtotals]
    rest = reduction - sum(shares)
    for at in sorted(range(len(shares)), key=lambda at: -subtotals[at][1]):
        more = min(rest, subtotals[at][1] - shares[at])
        shares[at] += more
        rest -= more
    return tuple(
        ReductionShare(percent, subtotal, share) for (percent, subtotal), share in zip(subtotals, shares, strict=True)
    )


def percent_off(list_subtotal: Yen, subtotal: Yen) -> Decimal:
    """The whole reduction in percent of the list subtotal, to two decimals, half up. Where the list comes to 0,
    it is 0 while nothing is given away, else 100.
    """
    if not list_subtotal:
        return Decimal("0.00") if subtotal == list_subtotal else Decimal("100.00")
    exact = Decimal(list_subtotal - subtotal) * 100 / list_subtotal
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
