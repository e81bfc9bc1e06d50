"""R19: products made for one kind of customer (区分)."""

from ..problems import Problem, warning
from ..values import ANYBODY, Product, each_product_once
from ..wording import Rule, both
from .r03_quoted import Quoted

R19 = Rule("R19", both("Segment", "お客様区分"))

SEGMENT_DIFFERS = warning(
    R19,
    "segment-differs",
    en="Made for another kind of customer: {products} (for {segment}; the customer: {customer_segment}).",
    ja="{products} は{segment}向けの製品ですが、お客様の区分は{customer_segment}です。",
)
SEGMENT_UNKNOWN = SEGMENT_DIFFERS.in_words(
    "segment-unknown",
    en="Made for one kind of customer: {products} (for {segment}; the customer’s segment is not known).",
    ja="{products} は{segment}向けの製品ですが、お客様の区分が登録されていません。",
)


def warn_of_segments(quoted: Quoted) -> list[Problem]:
    """Products made for another kind of customer than the one who is quoted, or than is known."""
    customer = quoted.request.customer_segment
    differing: dict[str, list[Product]] = {}
    for product in quoted.products.values():
        segment = product.segment
        if segment is not None and customer != ANYBODY and segment != customer:
            differing.setdefault(segment.name, []).append(product)
    problems = []
    for name in sorted(differing):
        products = differing[name]
        facts = {
            "products": each_product_once(products),
            "segment": products[0].segment,
            "customer_segment": customer,
        }
        places = tuple(place for product in products for place in quoted.places_of(product))
        problems.append(Problem(SEGMENT_DIFFERS if customer is not None else SEGMENT_UNKNOWN, places, facts))
    return problems
