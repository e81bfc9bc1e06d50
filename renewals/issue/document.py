"""The copy of everything a quote shows, made once, at issue."""

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models.fields.files import FieldFile
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.text.language import name_of, unit_of
from licensing.importing import stored_picture
from licensing.models import Contact, Customer, Reseller, User
from pricing.engine.pricing import Line, RenewalPricing
from pricing.engine.quote import QuotePricing, explain_quote
from pricing.engine.rulebook import rule_name
from pricing.engine.rules.r23_free_lines import PricedFreeLine
from pricing.engine.step import Step
from pricing.engine.trace import rank_reason
from pricing.engine.wording import Language
from quotes.paper.document import (
    Addressee,
    Bank,
    CalculationPart,
    Discontinued,
    Document,
    FreeLine,
    Image,
    Issuer,
    Offers,
    Part,
)
from quotes.paper.document import Line as DocumentLine

from ..asked import Asked, AskedFreeLine
from ..calculation.calculate import Calculation

logger = logging.getLogger(__name__)


def build_document(
    *,
    calculation: Calculation,
    customer: Customer,
    asked: Asked,
    contact: Contact | None,
    issued_by: User,
    revises: str = "",
    now: datetime,
) -> Document:
    """All that stands on the quote, in the customer's language. It gets number and check code when it is kept.

    `contact` is the one that is asked for, whose name and department are the addressee's; None: the customer's own.
    `revises` is the number of the quote that this one takes the place of, empty for none. A seal or logo whose file is
    gone is left out.
    """
    pricing, reseller = calculation.pricing, customer.reseller
    language = language_of(customer)
    terms = printed_terms(customer=customer, asked=asked, contact=contact, issued_by=issued_by)
    offers = _offers(pricing, is_list_shown=reseller.shows_list_prices)
    with_calculation = asked.with_calculation and (offers is None or offers["is_list_shown"])
    with translation.override(language):
        document: Document = {
            "language": language,
            "number": None,
            "is_sample": bool(calculation.prices.price_list and calculation.prices.price_list.is_sample),
            "issued_at": now.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds"),
            "issued_on": pricing.on.isoformat(),
            "valid_until": calculation.validity.until.isoformat(),
            "subject": asked.subject,
            "note": asked.note,
            "addressee": terms.addressee,
            "issuer": {**terms.issuer, "seal": _image(reseller.seal), "logo": _image(reseller.logo)},
            "delivery": terms.delivery,
            "payment_terms": terms.payment_terms,
            "price_list": name_in(pricing.told_list, language),
            "parts": [_part(part, language) for part in pricing.parts],
            "lines": [_line(line, part, language) for part in pricing.parts for line in part.lines],
            "discontinued": [row for part in pricing.parts for row in _discontinued(part, language)],
            "tax_totals": [
                {"percent": _percent(total.percent), "subtotal": total.subtotal, "tax": total.tax}
                for total in pricing.tax_totals
            ],
            "subtotal": pricing.subtotal,
            "tax": pricing.tax,
            "total": pricing.total,
            "conditions": _conditions(pricing.on, revises),
            "calculation": _calculation_page(pricing, language) if with_calculation else [],
            "check": None,
        }
        if offers is not None:
            document["offers"] = offers
        if pricing.free_lines:
            rows = zip(pricing.free_lines, asked.free_lines, strict=True)
            document["free_lines"] = [_free_line(line, row) for line, row in rows]
        if pricing.free_lines or len(pricing.tax_totals) > 1:
            rates = pricing.parts[0].price_tables.tax_rates
            for said, priced in zip(document["lines"], pricing.lines, strict=True):
                said["tax_percent"] = _percent(rates[priced.product.tax_category])
        if terms.remarks:
            document["remarks"] = terms.remarks
        if terms.bank is not None:
            document["bank"] = terms.bank
        return document


def language_of(customer: Customer) -> Language:
    """The language of what a customer is quoted."""
    return "en" if customer.language == "en" else "ja"


@dataclass(frozen=True, slots=True)
class PrintedTerms:
    """What a quote says beside its lines, sums and days: to whom, by whom, on which terms."""

    addressee: Addressee
    issuer: Issuer
    """Without its pictures."""
    delivery: str
    payment_terms: str
    remarks: str
    """Empty: none are printed."""
    bank: Bank | None


def printed_terms(*, customer: Customer, asked: Asked, contact: Contact | None, issued_by: User) -> PrintedTerms:
    """As `build_document` prints them, without looking at any file."""
    reseller, addressed, language = customer.reseller, contact or customer, language_of(customer)
    return PrintedTerms(
        addressee={
            "name": customer.name,
            "department": addressed.department,
            "person": contact.name if contact else customer.person,
            "postal_code": customer.postal_code,
            "address": customer.address,
        },
        issuer=_issuer(reseller, issued_by, language),
        delivery=asked.terms.delivery or standing_text(reseller, "delivery", language),
        payment_terms=asked.terms.payment_terms or standing_text(reseller, "payment_terms", language),
        remarks=asked.terms.remarks or standing_text(reseller, "remarks", language),
        bank=_bank(reseller, language) if reseller.prints_bank_account else None,
    )


def standing_text(reseller: Reseller, name: str, language: str) -> str:
    """What the reseller says on every quote of the language that says nothing of its own: a column's name."""
    return _either(language, getattr(reseller, name), getattr(reseller, f"{name}_en"))


def calculation_parts(pricing: QuotePricing) -> list[dict[str, Any]]:
    """The whole trace in both languages, as it is stored: `[{license_id, key, steps: [{rule, step, en, ja, result}]}]`.

    `key` is the line's, None for what is said of a license ID or of the whole quote; `license_id` is None for the
    whole of a quote over several. `results` says the result by language where the two are different.
    """
    parts: list[dict[str, Any]] = []
    for license_id, steps in explain_quote(pricing):
        for step in steps:
            if not parts or (parts[-1]["license_id"], parts[-1]["key"]) != (license_id, step.line):
                parts.append({"license_id": license_id, "key": step.line, "steps": []})
            stored: dict[str, Any] = {"rule": step.rule, "step": step.step}
            stored |= {"en": step.text("en"), "ja": step.text("ja"), "result": step.result}
            results = {"en": step.result_in("en"), "ja": step.result_in("ja")}
            if results["en"] != results["ja"]:
                stored["results"] = results
            parts[-1]["steps"].append(stored)
    return parts


def _part(pricing: RenewalPricing, language: Language) -> Part:
    reasons = dict.fromkeys(rank_reason(line, language) for line in pricing.lines)
    return {
        "license_id": pricing.request.license_id,
        "years": pricing.request.years,
        "is_reduced": pricing.request.is_reduced,
        "rank_reasons": list(reasons),
        "subtotal": pricing.subtotal,
    }


def _offers(pricing: QuotePricing, *, is_list_shown: bool) -> Offers | None:
    """What is given away on the whole quote; None: nothing (R20). Free lines are no part of it."""
    if not pricing.given_away:
        return None
    return {
        "is_list_shown": is_list_shown,
        "list_subtotal": pricing.list_subtotal,
        "lines_subtotal": pricing.parts_subtotal,
        "reduction": pricing.reduction,
    }


def _line(line: Line, pricing: RenewalPricing, language: Language) -> DocumentLine:
    product, amount = line.product, line.amount
    expires = next(
        (
            choice.holding.support_expires_on
            for choice in pricing.request.holdings
            if line.held_quantity is not None and choice.holding.key == line.key
        ),
        None,
    )
    found: DocumentLine = {
        "product_code": product.code,
        "product_name": product.called(language),
        "kind": line.kind.value,
        "unit": product.counted_in(language),
        "quantity": line.quantity,
        "held_quantity": line.held_quantity,
        "rank": line.rank.rank.rank,
        "rank_reason": rank_reason(line, language),
        "renewal_price": amount.renewal_price,
        "addition_price": amount.addition_price,
        "years": amount.years,
        "amount_before_discount": amount.before_discount,
        "discount_percent": None if amount.discount_percent is None else _percent(amount.discount_percent),
        "amount": line.offered,
        "license_id": pricing.request.license_id,
        "support_expires_on": expires.isoformat() if expires else None,
        "term_from": line.term.term_from.isoformat(),
        "term_until": line.term.term_until.isoformat(),
    }
    if line.offer is not None and line.offer.reduction:
        percent = line.offer.percent
        found["offer"] = {
            "list_amount": line.offer.list_amount,
            "percent": None if percent is None else _percent(percent),
        }
    return found


def _free_line(line: PricedFreeLine, asked: AskedFreeLine) -> FreeLine:
    return {
        "description": line.description,
        "quantity": line.quantity,
        "unit": asked.unit,
        "price": line.price,
        "amount": line.amount,
        "tax_category": asked.tax_category,
        "tax_percent": _percent(line.percent),
    }


def _bank(reseller: Reseller, language: str) -> Bank:
    return {
        "name": _either(language, reseller.bank_name, reseller.bank_name_en),
        "branch": _either(language, reseller.bank_branch, reseller.bank_branch_en),
        "kind": "current" if reseller.bank_account_kind == Reseller.AccountKind.CURRENT else "ordinary",
        "number": reseller.bank_account_number,
        "holder": _either(language, reseller.bank_account_holder, reseller.bank_account_holder_en),
    }


def _issuer(reseller: Reseller, person: User, language: str) -> Issuer:
    issuer: Issuer = {
        "name": _either(language, reseller.name, reseller.name_en),
        "postal_code": reseller.postal_code,
        "address": _either(language, reseller.address, reseller.address_en),
        "phone": reseller.phone,
        "email": reseller.email,
        "person": _either(language, person.name, person.name_en),
        "registration_number": reseller.registration_number,
        "seal": None,
        "logo": None,
    }
    if department := _either(language, person.department, person.department_en):
        issuer["department"] = department
    if job_title := _either(language, person.job_title, person.job_title_en):
        issuer["job_title"] = job_title
    if person.direct_phone:
        issuer["person_phone"] = person.direct_phone
    if person.printed_email:
        issuer["person_email"] = person.printed_email
    return issuer


def _discontinued(pricing: RenewalPricing, language: Language) -> list[Discontinued]:
    return [
        {
            "license_id": pricing.request.license_id,
            "product_code": choice.holding.product.code,
            "product_name": name_of(choice.holding.product, language),
            "unit": unit_of(choice.holding.product, language),
            "held_quantity": choice.holding.quantity,
            "support_expires_on": choice.holding.support_expires_on.isoformat(),
        }
        for choice in pricing.request.holdings
        if choice.renewal_quantity == 0
    ]


def _calculation_page(pricing: QuotePricing, language: Language) -> list[CalculationPart]:
    titles = {line.key: f"{line.product.code} {line.product.called(language)}" for line in pricing.lines}
    is_several = len(pricing.parts) > 1
    parts: list[CalculationPart] = []
    for license_id, steps in explain_quote(pricing):
        previous: object = object()
        for step in steps:
            if step.line != previous:
                title = titles[step.line] if step.line else _("Totals")
                parts.append({"title": f"{license_id} {title}" if license_id and is_several else title, "steps": []})
                previous = step.line
            parts[-1]["steps"].append(_step(step, language))
    return parts


def _step(step: Step, language: Language) -> Any:
    name = rule_name(step.rule, language)
    return {"rule": step.rule, "rule_name": name, "text": step.text(language), "result": step.result_in(language)}


def _conditions(on: date, revises: str) -> list[str]:
    """備考: what the quote takes the place of, what it rests on and what it is not."""
    revised = [_("This is a revised quote. It takes the place of %(number)s.") % {"number": revises}]
    return [
        *(revised if revises else ()),
        _("This quote is based on the quantities held as of %(day)s.") % {"day": date_format(on)},
        _("It invites your order and is not itself an offer."),
        _("It may be revised or withdrawn if the vendor changes prices or ends a product."),
        _("Tax is charged at the rate of the day of supply."),
        _("A different quantity or term needs a new quote."),
    ]


def _image(file: FieldFile) -> Image | None:
    """None also where its file is gone: the quote says 押印省略, and the form says why before."""
    if (content := stored_picture(file)) is None:
        if file:
            logger.error("a reseller's picture cannot be read, and is left out: %s", file.name)
        return None
    media_type = (
        "image/png"
        if content.startswith(b"\x89PNG")
        else "image/jpeg"
        if content.startswith(b"\xff\xd8")
        else "image/svg+xml"
    )
    return {"media_type": media_type, "base64": base64.b64encode(content).decode("ascii")}


def name_in(name: str | Mapping[str, str], language: str) -> str:
    """A name that may be another one in English."""
    return name if isinstance(name, str) else name[language]


def _either(language: str, japanese: str, english: str) -> str:
    return english if language == "en" and english else japanese


def _percent(percent: object) -> str:
    text = f"{percent:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
