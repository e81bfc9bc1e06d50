"""The most that one license ID is expected to hold: a form of two thousand fields."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from zeal import zeal_ignore

from renewals.models import QuoteDraft
from tests.cast import make_license_id, sign_in
from tests.making import count_rows, fill
from tests.page import Page, send

URL = "/license-ids/LIC-1000/quote/"
MANY = 1_000


@pytest.fixture
def many(cast):
    first = date(2027, 3, 31)
    return make_license_id(
        cast.customer, "LIC-1000", *[("SMP-BS", 3, first + timedelta(days=day)) for day in range(MANY)]
    )


def test_a_thousand_holdings_are_calculated_and_saved(cast, desk, many):
    entry = dict(fill(many).data.lists())
    for holding in many.holdings.all():
        entry[f"renew-{holding.pk}"] = ["on"]
    for row in range(20):
        entry |= {f"addition-{row}-product": [""], f"addition-{row}-quantity": [""]}
    assert 2 * MANY + 40 < len(entry) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    page = Page(send(desk, URL, entry, "calculate"))
    assert (page.status, page.codes) == (200, [])
    assert page.sums["Subtotal (10 % tax)"] == f"¥{3_500 * 3 * MANY:,}"
    assert len(page.lines) == MANY
    assert page.total == "¥11,550,000"
    send(desk, URL, entry, "save")
    assert QuoteDraft.objects.get().priced_total == 11_550_000


def test_there_is_an_end(cast, desk, licenseid, entry):
    nothing = count_rows()
    entry |= {f"x{n}": ["1"] for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    response = send(desk, "/license-ids/LIC-1001/quote/", entry, "issue")
    assert response.status_code == 400
    assert count_rows() == nothing


def test_the_administration_takes_as_many(cast, many):
    desk = sign_in(cast.admin)
    fields = {
        "code": many.code,
        "customer": str(many.customer_id),
        "note": "",
        "holdings-TOTAL_FORMS": str(MANY),
        "holdings-INITIAL_FORMS": str(MANY),
        "holdings-MIN_NUM_FORMS": "0",
        "holdings-MAX_NUM_FORMS": "1000",
    }
    for n, holding in enumerate(many.holdings.order_by("pk")):
        fields |= {
            f"holdings-{n}-id": str(holding.pk),
            f"holdings-{n}-licenseid": str(many.pk),
            f"holdings-{n}-product": str(holding.product_id),
            f"holdings-{n}-quantity": "4" if n == MANY - 1 else "3",
            f"holdings-{n}-support_expires_on": holding.support_expires_on.isoformat(),
        }
    with zeal_ignore():  # Django's formsets read the row of each form by itself
        response = send(desk, f"/admin/licensing/licenseid/{many.pk}/change/", fields)
    assert (response.status_code, response.url) == (302, "/admin/licensing/licenseid/")
    assert sum(many.holdings.values_list("quantity", flat=True)) == 3 * MANY + 1
