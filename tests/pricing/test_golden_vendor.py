"""A golden case may state the vendor's amount, typed by hand: it fails where the subtotal differs from it."""

from datetime import date

import pytest
import time_machine

from pricing.golden.operations import accept_differences, check_golden_cases
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import list_publish_problems
from pricing.models import GoldenCase, PriceRank
from tests.cast import NOW, make_cast, sign_in
from tests.html import tight
from tests.pricing.golden_page import ADD, E2, case_data
from tests.pricing.test_admin_golden import confirm, mark_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def draft(cast):
    return copy_price_list(price_list=cast.price_list, effective_on=date(2027, 4, 1), by=cast.admin, now=NOW)


def test_it_fails_where_the_subtotal_is_not_the_vendors_amount(cast, draft):
    desk = sign_in(cast.admin)
    shown = desk.post(ADD, case_data(*E2, vendor_amount="270,400") | {"action": "calculate"})
    assert "The vendor states ¥270,400; the subtotal is ¥270,300. They differ" in tight(shown.text)
    assert confirm(desk, ADD, case_data(*E2, vendor_amount="270,400")).status_code == 302
    [check] = check_golden_cases(price_list=draft)
    assert (check.is_stated, check.blocks, check.expected["subtotal"], check.found["subtotal"]) == (
        True, True, 270_400, 270_300,
    )  # fmt: skip
    assert "Golden cases give another result" in " ".join(list_publish_problems(price_list=draft, now=NOW))
    page = desk.get(f"/admin/pricing/pricelist/{draft.pk}/golden/").text
    assert "Expected: the amount the vendor states, as the subtotal." in page
    accept_differences(price_list=draft, seen={check.case.pk: check.fingerprint}, reason="端数", by=cast.admin, now=NOW)
    assert not check_golden_cases(price_list=draft)[0].blocks


def test_whatever_comes_to_the_vendors_amount_is_right(cast, draft):
    """Also with other ranks and prices; and the amount is changed only by confirming the case anew."""
    desk = sign_in(cast.admin)
    assert confirm(desk, ADD, case_data(*E2, vendor_amount="270300")).status_code == 302
    assert not check_golden_cases(price_list=draft)[0].differs
    ranks = PriceRank.objects.filter(price_table__price_list=draft, rank="D")
    ranks.filter(price_table__product__code="SMP-CC").update(renewal_price=1921)
    assert check_golden_cases(price_list=draft)[0].blocks
    case = GoldenCase.objects.get()
    url = f"/admin/pricing/goldencase/{case.pk}/change/"
    asked = desk.post(url, case_data(*E2, vendor_amount="270420") | {"action": "save"})
    assert mark_of(asked)
    case.refresh_from_db()
    assert case.vendor_amount == 270_300
    assert confirm(desk, url, case_data(*E2, vendor_amount="270420")).status_code == 302
    assert not check_golden_cases(price_list=draft)[0].differs
