"""R11: what an addition costs, and its period."""

from collections.abc import Mapping

from ..decision import blank
from ..problems import Problem, refusal
from ..rank import RankDecision
from ..step import StepKind
from ..values import Addition, PriceRank, PriceTable, Product
from ..wording import Rule, both
from .r02_support_period import TermDecision, term_after, term_starting
from .r03_quoted import Quoted
from .r10_renewal_amount import (
    DISCOUNT,
    RENEWAL_PRICE,
    AmountDecision,
    less_discount,
)

R11 = Rule("R11", both("Addition amount", "追加金額"))

NO_ADDITION_PRICE = refusal(
    R11,
    "no-addition-price",
    en="{product} has no addition price at rank {rank}.",
    ja="{product} のランク{rank}には追加の価格がありません。",
)

TERM_OF_ADDITION = StepKind(
    R11,
    "term-of-addition",
    both(
        "Same period as the renewal: {years:years} after {follows:day}",
        "更新と同じ期間：{follows:day} の翌日から{years:years}間",
    ),
    result="{term_from:day} – {term_until:day}",
    about="term",
)
TERM_FROM_QUOTE = StepKind(
    R11,
    "term-from-quote",
    both("{years:years} from the quote’s date", "見積日から{years:years}間"),
    result="{term_from:day} – {term_until:day}",
    about="term",
)
ADDITION_PRICE = StepKind(
    R11,
    "addition-price",
    both(
        "“{price_list}”, {product} rank {rank.rank}: addition price",
        "価格表「{price_list}」{product} ランク{rank.rank} 追加単価",
    ),
    result="{addition_price:yen}",
)
FURTHER_YEARS_PRICE = RENEWAL_PRICE.under(R11)
ADDITION_AMOUNT = StepKind(
    R11,
    "addition-amount",
    both(
        "{quantity:,} × ({addition_price:yen} + {renewal_price:yen} × {further_years:further years})",
        "{quantity:,} ×（{addition_price:,} ＋ {renewal_price:,} × 2年目以降{further_years:years}）",
    ),
    result="{before_discount:yen}",
    about="amount",
)
ADDITION_AMOUNT_ONE_YEAR = StepKind(
    R11,
    "addition-amount-one-year",
    both("{quantity:,} × {addition_price:yen}", "{quantity:,} × {addition_price:,}"),
    result="{before_discount:yen}",
    about="amount",
)
ADDITION_DISCOUNT = DISCOUNT.under(R11)


def without_addition_price(addition: Addition, rank: RankDecision) -> Problem:
    """Without an addition price at its rank nothing is added."""
    facts = {"product": addition.product, "rank": rank.rank.rank}
    return Problem(NO_ADDITION_PRICE, (f"addition:{addition.key}",), facts)


def addition_amount(
    *,
    product: Product,
    table: PriceTable,
    rank: PriceRank,
    quantity: int,
    years: int,
    price_list: str | Mapping[str, str] = "",
) -> AmountDecision:
    """Quantity x (addition price + renewal price x (years - 1)), less a multi-year discount."""
    if rank.addition_price is None:
        raise ValueError(f"{product.code}: an addition without a price was not refused")
    before = quantity * (rank.addition_price + rank.renewal_price * (years - 1))
    percent, amount = less_discount(before, product, table, years)
    decided = blank(AmountDecision)
    AmountDecision.__init__(
        decided,
        price_list=price_list,
        product=product,
        rank=rank,
        addition_price=rank.addition_price,
        quantity=quantity,
        years=years,
        before_discount=before,
        discount_percent=percent,
        amount=amount,
    )
    return decided


def term_of_addition(addition: Addition, quoted: Quoted) -> TermDecision:
    """The period of the same product's renewal, else of the earliest renewal, else from the quote's date."""
    request, renewed, code = quoted.request, quoted.renewed, addition.product.code
    if not renewed:
        return term_starting(request.on, request.years)
    if code in quoted.renewed_products:
        renewed = [one for one in renewed if one.holding.product.code == code]
    return term_after(min([one.holding.support_expires_on for one in renewed]), request.years)


def steps_of_amount(amount: AmountDecision) -> list[StepKind]:
    """The prices, what they are multiplied with, and the discount."""
    if amount.further_years:
        steps = [ADDITION_PRICE, FURTHER_YEARS_PRICE, ADDITION_AMOUNT]
    else:
        steps = [ADDITION_PRICE, ADDITION_AMOUNT_ONE_YEAR]
    return steps if amount.discount_percent is None else [*steps, ADDITION_DISCOUNT]
