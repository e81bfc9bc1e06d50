"""R10: what a renewal costs, and the multi-year discount."""

from collections.abc import Mapping
from decimal import Decimal

from ..decision import blank, decision
from ..step import StepKind
from ..values import PriceRank, PriceTable, Product, Yen
from ..wording import Rule, both
from ..yen import percent_of

R10 = Rule("R10", both("Renewal amount", "更新金額"))

RENEWAL_PRICE = StepKind(
    R10,
    "renewal-price",
    both(
        "“{price_list}”, {product} rank {rank.rank}: renewal price",
        "価格表「{price_list}」{product} ランク{rank.rank} 更新単価",
    ),
    result="{renewal_price:yen}",
)
RENEWAL_AMOUNT = StepKind(
    R10,
    "renewal-amount",
    both(
        "{renewal_price:yen} × {quantity:,} × {years:years}",
        "{renewal_price:,} × {quantity:,} × {years:years}",
    ),
    result="{before_discount:yen}",
    about="amount",
)
DISCOUNT = StepKind(
    R10,
    "discount",
    both(
        "Multi-year discount for {years} years: {before_discount:yen} less {discount_percent:percent} %, rounded down",
        "{years:years}の複数年割引：{before_discount:yen} から {discount_percent:percent}％引き（円未満切捨て）",
    ),
    result="{amount:yen}",
)
SUBTOTAL = StepKind(
    R10, "subtotal", both("Sum of the lines, tax excluded", "明細の合計（税抜）"), result="{subtotal:yen}"
)


@decision
class AmountDecision:
    """How one line's amount came about; yen, tax excluded."""

    price_list: str | Mapping[str, str]
    """The list that the prices were taken from, as sentences call it."""
    product: Product
    rank: PriceRank
    addition_price: Yen | None
    """Per license for the first year; None for a renewal."""
    quantity: int
    years: int
    before_discount: Yen
    discount_percent: Decimal | None
    amount: Yen

    @property
    def renewal_price(self) -> Yen:
        """Per license per year."""
        return self.rank.renewal_price

    @property
    def further_years(self) -> int:
        """The years of an addition at the renewal price, after the first."""
        return self.years - 1


def renewal_amount(
    *,
    product: Product,
    table: PriceTable,
    rank: PriceRank,
    quantity: int,
    years: int,
    price_list: str | Mapping[str, str] = "",
) -> AmountDecision:
    """Renewal price x quantity x years, less a multi-year discount. `price_list`: its name, for the trace."""
    before = rank.renewal_price * quantity * years
    percent, amount = less_discount(before, product, table, years)
    decided = blank(AmountDecision)
    AmountDecision.__init__(
        decided,
        price_list=price_list,
        product=product,
        rank=rank,
        addition_price=None,
        quantity=quantity,
        years=years,
        before_discount=before,
        discount_percent=percent,
        amount=amount,
    )
    return decided


def less_discount(before: Yen, product: Product, table: PriceTable, years: int) -> tuple[Decimal | None, Yen]:
    """The percentage of the multi-year discount, which only a product marked for it has, and what the amount is then.

    Rounded down to the yen. Without a discount (None) it stays as it is.
    """
    percent = table.multi_year_discounts.get(years) if product.is_multi_year_discountable else None
    return percent, before if percent is None else percent_of(before, 100 - percent)
