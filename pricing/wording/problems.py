"""What a person can do about what the engine refuses or warns of: these words know screens and roles."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.text.language import reader_language

from ..engine.problems import Problem
from ..engine.wording import WORDS, WORDS_WITH_NAMES

WHAT_TO_DO: Mapping[str, Promise] = {
    # By the name of the problem's words; facts by name, as in the engine's sentences.
    "term-out-of-range": _("Choose 1 to {most} years."),
    "term-out-of-programme": _("Choose at most {most:years}, or leave the products of {programme} out."),
    "quantity-negative": _("Enter 0 or more. 0 discontinues the product."),
    "renewal-exceeds-held": _("Renew at most {held:,} and enter the other {excess:,} as an addition."),
    "nothing-to-quote": _("Tick a product to renew, or add one."),
    "addition-repeated": _("Enter it once, with the total of {quantity:,}."),
    "rank-missing": _("Ask a price admin to check the price table of {product}, or leave the product out."),
    "below-minimum": _("Renew at least {minimum:,}, or discontinue it with 0."),
    "below-first-rank": _("Bring the quantity to {first:,} or more."),
    "no-ranks": _("Ask a price admin to complete the price table."),
    "no-price-table": _("Leave the product out, or ask a price admin to publish its prices."),
    "no-price-list": _("Ask a price admin to publish a price list."),
    "product-discontinued": _("Discontinue it with 0, or take it out of the quote."),
    "product-replaced": _("Discontinue it with 0, and add {successor} where the customer wants it."),
    "no-addition-price": _("Take the addition out, or ask a price admin for the price."),
    "no-tax-rate": _("Ask an administrator to enter the tax rate."),
    "offer-out-of-range": _("Enter 0 to 100 %, with two decimals at most."),
    "offer-negative": _("Enter ¥0 or more."),
    "offer-exceeds-list": _("Enter {amount:yen} or less, or empty the field to offer the list price."),
    "reduction-out-of-range": _("Enter ¥0 to {most:yen}."),
    "validity-passed": _("Enter {on:day} or a later day, or leave it empty."),
    "free-line-quantity": _("Enter 1 or more, or remove the row."),
    "free-line-price": _("Enter ¥0 or more. To give something away, enter a reduction."),
    "free-line-tax": _("Choose another tax category, or ask an administrator to enter the tax rate."),
    "rank-basis-tie": _("Check with the vendor which rank applies."),
    "mixed-programmes": _("Check that the license ID is registered correctly."),
    "reduction-does-not-save": _("Confirm that the customer wants the reduction all the same."),
    "reduction-saves-nothing": _("Confirm that the customer wants the reduction all the same."),
    "support-expired": _("Confirm with the vendor that it may still be renewed."),
    "too-late-to-renew": _("Take it out of the quote, and ask the vendor about buying it anew."),
    "segment-differs": _("Check that the customer may use it, or choose another product."),
    "segment-unknown": _("Check that the customer may use it, and enter the customer’s segment."),
    "already-quoted": _("Check that both are meant. After an order by one of them, record the other as lost."),
    "already-ordered": _("Check that it is meant: the order must be taken back before another one can be recorded."),
}


def what_to_do(problem: Problem, *, with_names: bool = False) -> str:
    """In the reader's language. Products by their codes, `with_names`: by name and code."""
    words = WORDS_WITH_NAMES if with_names else WORDS
    return words[reader_language()].put(str(WHAT_TO_DO[problem.words]), problem.facts)
