"""Keep an issued quote as a golden case of price lists."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.text.days import JAPAN
from licensing.models import User
from pricing.engine.renewal import price_renewal
from pricing.engine.values import ANYBODY, RenewalRequest
from pricing.loader import asked_of, load_price_tables, load_products
from pricing.models import GoldenCase
from pricing.operations import NoListInForce, calculate_case, keep_case
from renewals.asked import from_json, product_codes, to_request

from ..models import Quote


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
    """What was asked when the quote was issued, for nobody in particular.

    Raises NotKept where its own list does not give its total any more: a product is gone or registered otherwise.
    """
    asked = from_json(quote.asked)
    products = load_products(codes=product_codes(asked))
    try:
        request = to_request(
            asked.parts[0],
            on=quote.issued_on,
            products=products,
            tax_rounding=asked.tax_rounding,
            customer_segment=ANYBODY,
        )
    except KeyError as error:
        raise NotKept(_("The product %(code)s is not there any more.") % {"code": error.args[0]}) from error
    price_tables = load_price_tables(price_list=quote.price_list, on=quote.issued_on)
    if price_renewal(request, price_tables).total != quote.total:
        raise NotKept(
            _(
                "The quote’s products or tax have changed since its issue, so its total (¥%(total)s) cannot "
                "be calculated again. Enter the case by hand."
            )
            % {"total": f"{quote.total:,}"}
        )
    return request
