"""All that stands on a comparison, in the customer's language: a copy, made once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.text.language import name_of, unit_of
from licensing.models import Contact, Customer, User
from pricing.engine.pricing import RenewalPricing
from pricing.engine.values import Product
from pricing.engine.wording import Language
from quotes.paper.comparison import AlternativeColumn, Choice, ComparedPart, ComparedProduct, ComparisonDocument

from ..asked import Asked
from ..calculation.calculate import Calculation
from ..issue.document import build_document

TOLD_TO_CUSTOMERS = ("reduction-does-not-save", "support-expired")
"""Codes of warnings that a customer decides by; the others are for whoever quotes."""


@dataclass(frozen=True)
class Priced:
    """One alternative with its price."""

    label: str
    asked: Asked
    calculation: Calculation


def build_comparison(
    *, alternatives: Sequence[Priced], customer: Customer, contact: Contact | None, made_by: User, now: datetime
) -> ComparisonDocument:
    """The document without its number. The alternatives are of the same license IDs, and none is refused."""
    first = alternatives[0]
    quote = build_document(
        calculation=first.calculation,
        customer=customer,
        asked=first.asked,
        contact=contact,
        issued_by=made_by,
        now=now,
    )
    language: Language = quote["language"]
    pricings = [one.calculation.pricing for one in alternatives]
    with translation.override(language):
        return {
            "language": language,
            "number": "",
            "is_sample": quote["is_sample"],
            "made_at": quote["issued_at"],
            "made_on": quote["issued_on"],
            "valid_until": min(one.calculation.validity.until for one in alternatives).isoformat(),
            "subject": quote["subject"],
            "addressee": quote["addressee"],
            "issuer": quote["issuer"],
            "price_list": quote["price_list"],
            "is_list_shown": customer.reseller.shows_list_prices,
            "tax_percents": list(dict.fromkeys(f"{tax.percent:f}" for one in pricings for tax in one.tax_totals)),
            "parts": [_part(parts, language) for parts in zip(*(one.parts for one in pricings), strict=True)],
            "alternatives": [_column(one, first, language) for one in alternatives],
            "conditions": _conditions(alternatives, customer),
        }


def _column(one: Priced, first: Priced, language: Language) -> AlternativeColumn:
    pricing = one.calculation.pricing
    years = {part.request.years for part in pricing.parts}
    warnings = [
        warning.problem.what(language, with_names=True)
        for warning in pricing.warnings
        if warning.problem.code in TOLD_TO_CUSTOMERS
    ]
    return {
        "label": one.label,
        "list_subtotal": pricing.list_subtotal,
        "free_subtotal": pricing.free_subtotal,
        "subtotal": pricing.subtotal,
        "tax": pricing.tax,
        "total": pricing.total,
        "per_year": _divide(pricing.subtotal, years.pop()) if len(years) == 1 else None,
        "difference": pricing.subtotal - first.calculation.pricing.subtotal,
        "warnings": list(dict.fromkeys(warnings)),
    }


def _divide(amount: int, by: int) -> int:
    """Rounded half up, to whole yen."""
    return (2 * amount + by) // (2 * by)


def _part(parts: Sequence[RenewalPricing], language: Language) -> ComparedPart:
    """One license ID, as each alternative has it."""
    products = {product.code: product for part in parts for product in _products(part)}
    return {
        "license_id": parts[0].request.license_id,
        "years": [part.request.years for part in parts],
        "subtotals": [part.subtotal for part in parts],
        "products": [_product(product, parts, language) for product in products.values()],
    }


def _products(part: RenewalPricing) -> Iterable[Product]:
    """What is quoted, in its order; what is only left out is not shown."""
    for choice in part.request.holdings:
        if choice.renewal_quantity is not None:
            yield choice.holding.product
    for addition in part.request.additions:
        yield addition.product


def _product(product: Product, parts: Sequence[RenewalPricing], language: Language) -> ComparedProduct:
    held = [choice for choice in parts[0].request.holdings if choice.holding.product.code == product.code]
    quoted = [choice for choice in held if choice.renewal_quantity is not None]
    return {
        "code": product.code,
        "name": name_of(product, language),
        "unit": unit_of(product, language),
        "held": sum(choice.holding.quantity for choice in quoted or held),
        "choices": [_choice(product, part) for part in parts],
    }


def _choice(product: Product, part: RenewalPricing) -> Choice:
    quantities = [
        choice.renewal_quantity
        for choice in part.request.holdings
        if choice.holding.product.code == product.code and choice.renewal_quantity is not None
    ]
    lines = [line for line in part.lines if line.product.code == product.code]
    return {
        "renewed": sum(quantities) if quantities else None,
        "added": sum(one.quantity for one in part.request.additions if one.product.code == product.code),
        "rank": "・".join(dict.fromkeys(line.rank.rank.rank for line in lines)),
    }


def _conditions(alternatives: Sequence[Priced], customer: Customer) -> list[str]:
    """備考: what it rests on and what it is not."""
    pricings = [one.calculation.pricing for one in alternatives]
    has_terms = len({part.request.years for one in pricings for part in one.parts}) > 1
    is_reduced_here = [one.list_subtotal + one.free_subtotal != one.subtotal for one in pricings]
    sentences = [
        _("This comparison is based on the quantities held as of %(day)s.") % {"day": date_format(pricings[0].on)},
        _("An order becomes possible once a quotation has been issued for the plan you choose."),
    ]
    if has_terms:
        sentences.append(_("Differences between plans of different terms are those of the whole amounts."))
    if customer.reseller.shows_list_prices and any(is_reduced_here) and not all(is_reduced_here):
        sentences.append(_("Plans without a reduction are at list prices."))
    sentences.append(_("Prices may change if the vendor changes them or ends a product."))
    sentences.append(_("Tax is charged at the rate of the day of supply."))
    return sentences
