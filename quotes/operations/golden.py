"""Keep an issued quote as a golden case of price lists."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from licensing.models import Holding as HoldingRow
from licensing.models import User
from pricing.engine.renewal import price_renewal
from pricing.engine.values import ANYBODY, Addition, Holding, HoldingChoice, Product, RenewalRequest, TaxRounding
from pricing.loader import asked_of, load_price_tables, load_products, product_value
from pricing.models import GoldenCase
from pricing.operations import JAPAN, NoListInForce, calculate_case, keep_case

from ..models import Quote, QuoteLine


class NotKept(Exception):
    """The quote cannot be kept as a golden case. The text says why to a person."""


def keep_as_golden_case(*, quote: Quote, by: User, now: datetime) -> tuple[GoldenCase, bool]:
    """The golden case of a quote, and whether it is new. Support expires as long after its day as in the quote.

    The case is expected to give what the list in force gives today. Raises NotKept; then nothing was written.
    """
    name = f"{quote.number} {quote.license_code}"[:100]
    if kept := GoldenCase.objects.filter(name=name).first():
        return kept, False
    request = request_of(quote)
    try:
        price_list, result = calculate_case(asked=asked_of(request), name=name, on=now.astimezone(JAPAN).date())
    except NoListInForce as error:
        raise NotKept(_("No price list is in force today, so nothing can be calculated.")) from error
    note = _("From quote %(number)s of %(customer)s, total ¥%(total)s.") % {
        "number": quote.number,
        "customer": quote.customer_name,
        "total": f"{quote.total:,}",
    }
    with transaction.atomic():
        case = keep_case(
            case=GoldenCase(name=name, note=note),
            asked=asked_of(request),
            expected=result,
            expected_from=price_list,
            by=by,
            now=now,
        )
    return case, True


def request_of(quote: Quote) -> RenewalRequest:
    """What was asked when the quote was issued: its lines, and what its license ID held besides.

    Raises NotKept where that cannot be known any more: what comes out must give the quote's total with its own list.
    """
    lines = list(quote.lines.all())
    products = load_products(codes={line.product_code for line in lines})
    try:
        holdings = [_renewed(line, products, position) for position, line in enumerate(lines) if line.held_quantity]
        additions = [
            Addition(f"a{position}", products[line.product_code], line.quantity)
            for position, line in enumerate(lines)
            if line.kind == QuoteLine.Kind.ADDITION
        ]
    except KeyError as error:
        raise NotKept(_("The product %(code)s is not there any more.") % {"code": error.args[0]}) from error
    request = RenewalRequest(
        license_id=quote.license_code,
        on=quote.issued_on,
        years=quote.years,
        is_reduced=quote.is_reduced,
        holdings=(*holdings, *_held_besides(quote, lines)),
        additions=tuple(additions),
        tax_rounding=TaxRounding(quote.reseller.tax_rounding),
        customer_segment=ANYBODY,
    )
    price_tables = load_price_tables(price_list=quote.price_list, on=quote.issued_on)
    if price_renewal(request, price_tables).total != quote.total:
        raise NotKept(
            _(
                "The quote’s holdings, products or tax have changed since its issue, so its total (¥%(total)s) cannot "
                "be calculated again. Enter the case by hand."
            )
            % {"total": f"{quote.total:,}"}
        )
    return request


def _renewed(line: QuoteLine, products: dict[str, Product], position: int) -> HoldingChoice:
    holding = Holding(
        f"l{position}", products[line.product_code], line.held_quantity or 0, line.support_expires_on or date.max
    )
    return HoldingChoice(holding, line.quantity)


def _held_besides(quote: Quote, lines: list[QuoteLine]) -> list[HoldingChoice]:
    """What was held, but discontinued or left out of the quote: quantities as they were, the rest as it is now."""
    held = dict(text.split(":", 1) for text in " ".join(quote.entry.get("held", [])).split() if ":" in text)
    in_lines = {(line.product_code, line.support_expires_on) for line in lines if line.held_quantity}
    rows = HoldingRow.objects.filter(pk__in=[number for number in held if number.isdecimal()])
    besides = []
    for row in rows.select_related("product__programme"):
        if (row.product.code, row.support_expires_on) in in_lines:
            continue
        is_discontinued = "on" in quote.entry.get(f"renew-{row.pk}", [])
        value = Holding(f"h{row.pk}", product_value(row.product), int(held[str(row.pk)]), row.support_expires_on)
        besides.append(HoldingChoice(value, 0 if is_discontinued else None))
    return besides
