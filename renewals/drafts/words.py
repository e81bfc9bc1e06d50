"""What is wanted of a quote or a draft, in the form's own words."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models.licenses import name_tax_category
from licensing.queries import products_by_code
from licensing.templatetags.portal import named, yen

from ..asked import Asked, AskedFreeLine, AskedHolding, AskedOffer, AskedPart, from_json, product_codes

BREAK = SafeString("<br>")
Row = tuple[Any, str]


def draw_asked(stored: dict[str, Any]) -> SafeString:
    """One a line, without what is empty. One query, for the names of the products."""
    asked = from_json(stored)
    found = products_by_code(product_codes(asked))
    names = {code: f"{product.code} {named(product)}" for code, product in found.items()}
    parts = (row for part in asked.parts for row in _part(part, names))
    return format_html_join(BREAK, "{}: {}", (row for row in [*parts, *_texts(asked)] if row[1]))


def _part(part: AskedPart, names: dict[str, str]) -> Iterable[Row]:
    yield _("License ID"), part.license_id
    yield _("Term"), ngettext("%(counter)s year", "%(counter)s years", part.years) % {"counter": part.years}
    yield _("Reduced renewal"), _("yes") if part.is_reduced else ""
    for row in part.holdings:
        yield names.get(row.product, row.product), _holding(row)
    for addition in part.additions:
        name = names.get(addition.product, addition.product)
        yield _("Addition of %(code)s") % {"code": name}, f"{addition.quantity:,}{_offered(addition.offered)}"


def _holding(row: AskedHolding) -> str:
    facts = {"held": f"{row.quantity:,}", "day": date_format(row.support_expires_on, "SHORT_DATE_FORMAT")}
    if row.renewal_quantity is None:
        return _("left out (%(held)s held until %(day)s)") % facts
    renewed = _("%(renewed)s (%(held)s held until %(day)s)") % {**facts, "renewed": f"{row.renewal_quantity:,}"}
    return f"{renewed}{_offered(row.offered)}"


def _offered(offered: AskedOffer | None) -> str:
    if offered is None:
        return ""
    if offered.percent is not None:
        return ", " + _("at %(percent)s %% less than the list") % {"percent": f"{offered.percent:f}"}
    return ", " + _("offered at %(amount)s") % {"amount": yen(offered.amount)}


def _free_line(line: AskedFreeLine) -> str:
    facts = {"description": line.description, "quantity": f"{line.quantity:,}", "unit": line.unit}
    facts |= {"price": yen(line.price), "tax": name_tax_category(line.tax_category)}
    return _("%(description)s, %(quantity)s %(unit)s × %(price)s (%(tax)s)") % facts


def _texts(asked: Asked) -> Iterator[Row]:
    yield _("Further reduction on the whole quote"), yen(asked.reduction) if asked.reduction else ""
    yield _("Internal reason"), asked.offer_reason
    for line in asked.free_lines:
        yield _("Own line"), _free_line(line)
    yield _("Subject"), asked.subject
    yield _("Note to the customer"), asked.note
    terms = asked.terms
    yield _("Terms of payment"), terms.payment_terms
    yield _("Delivery"), terms.delivery
    yield _("Remarks"), terms.remarks
    yield _("Last day of validity"), date_format(terms.valid_until) if terms.valid_until else ""
    yield _("Validity in days after the issue"), "" if terms.valid_days is None else str(terms.valid_days)
    yield _("Add the calculation to the PDF"), _("yes") if asked.with_calculation else ""
