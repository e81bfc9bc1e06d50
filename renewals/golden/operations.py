"""Keep an issued quote as a golden case of price lists."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.text.days import JAPAN
from licensing.models import User
from pricing.engine.quote import price_quote
from pricing.engine.values import ANYBODY, RenewalRequest
from pricing.golden.operations import NoListInForce, calculate_case, keep_case
from pricing.loader import asked_of, load_price_tables, load_products
from pricing.models import GoldenCase
from quotes.models import Quote

from ..asked import free_lines_of, from_json, product_codes, to_requests


class NotKept(Exception):
    """The quote cannot be kept as a golden case. The text says why to a person."""


def keep_as_golden_cases(*, quote: Quote, by: User, now: datetime) -> tuple[list[GoldenCase], bool]:
    """The golden cases of a quote, one for each license ID, and whether any is new.

    Support expires as long after its day as in the quote. A case is expected to give what the list in force gives
    today. Raises NotKept; then nothing was written.
    """
    codes = quote.parts.order_by("position").values_list("license_code", flat=True)
    names = [f"{quote.number} {code}"[:100] for code in codes]
    kept = {case.name: case for case in GoldenCase.objects.filter(name__in=names)}
    if len(kept) == len(names):
        return [kept[name] for name in names], False
    requests = requests_of(quote)
    with transaction.atomic():
        for name, request in zip(names, requests, strict=True):
            if name not in kept:
                kept[name] = _keep(quote, name, request, by, now)
    return [kept[name] for name in names], True


def _keep(quote: Quote, name: str, request: RenewalRequest, by: User, now: datetime) -> GoldenCase:
    try:
        price_list, result = calculate_case(asked=asked_of(request), name=name, on=now.astimezone(JAPAN).date())
    except NoListInForce as error:
        raise NotKept(_("No price list is in force today, so nothing can be calculated.")) from error
    note = _("From quote %(number)s of %(customer)s, total ¥%(total)s.") % {
        "number": quote.number,
        "customer": quote.customer_name,
        "total": f"{quote.total:,}",
    }
    return keep_case(
        case=GoldenCase(name=name, note=note),
        asked=asked_of(request),
        expected=result,
        expected_from=price_list,
        by=by,
        now=now,
    )


def requests_of(quote: Quote) -> tuple[RenewalRequest, ...]:
    """What was asked when the quote was issued, for nobody in particular, one request for each license ID.

    Raises NotKept where its own list does not give its total any more: a product is gone or registered otherwise.
    """
    asked = from_json(quote.asked)
    products = load_products(codes=product_codes(asked))
    try:
        requests = to_requests(asked, on=quote.issued_on, products=products, customer_segment=ANYBODY)
    except KeyError as error:
        raise NotKept(_("The product %(code)s is not there any more.") % {"code": error.args[0]}) from error
    price_tables = load_price_tables(price_list=quote.price_list, on=quote.issued_on)
    priced = price_quote(requests, price_tables, reduction=asked.reduction, free_lines=free_lines_of(asked))
    if priced.total != quote.total:
        raise NotKept(
            _(
                "The quote’s products or tax have changed since its issue, so its total (¥%(total)s) cannot "
                "be calculated again. Enter the case by hand."
            )
            % {"total": f"{quote.total:,}"}
        )
    return requests
