"""The decision sheet and its advice for a license ID of six products that share one rank (one programme, R6).

How long the page waits for it, and how much is calculated for it, in processor time, against what one preview of the
same form prices: the quote, its six terms and the ranks before.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import thread_time
from typing import Any

from .measure import time_in_turns, typical, typical_ratio
from .portal import Desk, open_form, rows_of
from .preview import through_wsgi
from .results import Result

CODE = "BENCH-0006"
HELD = (320, 120, 45, 60, 80, 30)
MOST_MILLISECONDS, MOST_PREVIEWS = 300, 40


def measure(desk: Desk, *, rounds: int = 60, warm_up: int = 5) -> list[Result]:
    from django.core.wsgi import get_wsgi_application
    from django.urls import reverse

    licenseid = make_six(desk)
    body = open_form(licenseid)
    body["decision"] = CODE
    sending = replace(desk, body=body.urlencode())
    application = get_wsgi_application()
    pages = {
        name: through_wsgi(application, reverse(f"renewals:{name}", args=[CODE]), sending)
        for name in ("decision", "preview")
    }
    page = time_in_turns(pages, rounds=rounds, warm_up=warm_up)
    pricing = time_in_turns(calculations(licenseid), rounds=rounds, warm_up=warm_up, clock=thread_time)
    return [
        Result(
            "Decision sheet of 6 products, in the page",
            typical(page["decision"]) * 1000,
            "ms",
            at_most=MOST_MILLISECONDS,
        ),
        Result("  of this calculated", typical(pricing["sheet"]) * 1000, "ms"),
        Result(
            "Decision sheet, calculated : pricing of one preview",
            typical_ratio(pricing["sheet"], pricing["preview"]),
            "x",
            at_most=MOST_PREVIEWS,
        ),
    ]


def make_six(desk: Desk) -> Any:
    """A license ID with six products of the programme that shares ranks, loaded with all that quoting needs."""
    from django.utils import timezone

    from licensing.models import Customer, Holding, LicenseID, Product

    customer = Customer.objects.filter(reseller=desk.user.reseller_id).order_by("pk")[0]
    LicenseID.objects.create(code=CODE, customer=customer)
    licenseid = LicenseID.objects.select_related("customer__reseller").get(code=CODE)
    products = Product.objects.filter(programme__rank_basis="largest_product").order_by("code")[: len(HELD)]
    for product, quantity in zip(products, HELD, strict=True):
        expires_on = timezone.localdate() + timedelta(days=40)
        Holding.objects.create(licenseid=licenseid, product=product, quantity=quantity, support_expires_on=expires_on)
    return licenseid


def calculations(licenseid: Any) -> dict[str, Callable[[], object]]:
    """What the sheet and its advice calculate, laid out but not drawn; and what a preview of the same form prices."""
    from django.utils import timezone

    from pricing.engine.quote import price_quote
    from renewals.calculation.calculate import Calculation
    from renewals.form.forms import RenewalForm
    from renewals.form.views.decision import lay_out_decision
    from renewals.form.views.opened import price_form

    form = RenewalForm(None, licenseid=licenseid, holdings=rows_of(licenseid), on=timezone.localdate())
    form.is_valid()
    found = price_form(form)
    requests, tables = [part.request for part in found.pricing.parts], found.prices.tables

    def sheet() -> object:
        return lay_out_decision(form=form, calculation=found, code=CODE)

    def preview() -> object:
        calculation = Calculation(price_quote(requests, tables), found.prices, found.validity)
        return calculation.total_by_years(), calculation.rank_when_kept

    return {"sheet": sheet, "preview": preview}
