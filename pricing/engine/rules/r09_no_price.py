"""R9: without a rank, a price table or a price list nothing is quoted."""

from ..problems import Problem, refusal
from ..values import PriceTable, PriceTables, Product
from ..wording import Rule, both
from .r03_quoted import Quoted

R9 = Rule("R9", both("No rank, no price table", "ランク・価格表なし"))

BELOW_FIRST_RANK = refusal(
    R9,
    "below-first-rank",
    en="{product}: its rank quantity {quantity:,} is below the first price rank ({rank}, from {first:,}).",
    ja="{product}：価格ランクの数量 {quantity:,} が最初のランク（{rank}、{first:,}から）に届きません。",
)
NO_RANKS = BELOW_FIRST_RANK.in_words(
    "no-ranks",
    en="The price table of {product} has no price ranks.",
    ja="{product} の価格表に価格ランクがありません。",
)
NO_PRICE_TABLE = refusal(
    R9,
    "no-price-table",
    en="{product} has no price table in “{price_list}”, the price list in force on {on:day}.",
    ja="{on:day} に有効な価格表「{price_list}」に {product} がありません。",
)
NO_PRICE_LIST = NO_PRICE_TABLE.in_words(
    "no-price-list",
    en="No price list is in force on {on:day}, so {product} has no price.",
    ja="{on:day} に有効な価格表がないため、{product} の価格がありません。",
)
PRODUCT_DISCONTINUED = refusal(
    R9,
    "product-discontinued",
    en="{product} has not been sold since {since:day}.",
    ja="{product} は {since:day} に販売終了となりました。",
)
PRODUCT_REPLACED = PRODUCT_DISCONTINUED.in_words(
    "product-replaced",
    en="{product} has not been sold since {since:day}. Its successor is {successor}.",
    ja="{product} は {since:day} に販売終了となりました。後継製品は {successor} です。",
)


def check_prices(quoted: Quoted, price_tables: PriceTables) -> list[Problem]:
    """Every quoted product needs a price table on the quote's date, and must still be sold."""
    problems = []
    for code, product in quoted.products.items():
        if code not in price_tables.tables or code in price_tables.ended:
            problems.append(without_prices(product, quoted, price_tables))
    return problems


def without_prices(product: Product, quoted: Quoted, price_tables: PriceTables) -> Problem:
    """A product without prices in force on the quote's date, or not sold any more."""
    places = quoted.places_of(product)
    if ended := price_tables.ended.get(product.code):
        kind = PRODUCT_REPLACED if ended.successor else PRODUCT_DISCONTINUED
        return Problem(kind, places, {"product": product, "since": ended.since_on, "successor": ended.successor})
    kind = NO_PRICE_TABLE if price_tables.price_list else NO_PRICE_LIST
    facts = {"product": product, "price_list": price_tables.told_name, "on": quoted.request.on}
    return Problem(kind, places, facts)


def below_first_rank(product: Product, quantity: int, table: PriceTable, places: tuple[str, ...]) -> Problem:
    """A quantity that reaches no rank of the table, or a table without any."""
    if not table.ranks:
        return Problem(NO_RANKS, places, {"product": product})
    first = table.ranks[0]
    facts = {"product": product, "quantity": quantity, "rank": first.rank, "first": first.from_quantity}
    return Problem(BELOW_FIRST_RANK, places, facts)
