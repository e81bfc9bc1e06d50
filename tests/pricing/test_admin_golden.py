"""Golden cases in the administration: typed, calculated, confirmed; differences looked at and accepted."""

import re
from datetime import date

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pricing.lists.operations.publish import publish
from pricing.models import GoldenAcceptance, GoldenCase, PriceList
from tests.cast import NOW, make_cast, sign_in
from tests.pricing.golden_page import ADD, E2, case_data
from tests.pricing.test_golden import ASKED, accept, dearer, keep
from tests.pricing.test_golden import E2 as RESULT


@pytest.fixture
def cast(db):
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def office(cast):
    return sign_in(cast.admin)


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def mark_of(answer):
    return re.search(r'name="seen" value="(\w*)"', answer.text)[1]


def errors_of(answer):
    return re.findall(r'class="errorlist"[^>]*>\s*<li>(.*?)</li>|class="errornote">(.*?)</p>', answer.text)


def confirm(office, url, data):
    mark = mark_of(office.post(url, data | {"action": "calculate"}))
    return office.post(url, data | {"action": "keep", "seen": mark})


def page_of(price_list, name):
    return f"/admin/pricing/pricelist/{price_list.pk}/{name}/"


def change_of(case):
    return f"/admin/pricing/goldencase/{case.pk}/change/"


def test_a_case_is_calculated_then_confirmed(office, cast):
    assert office.get(ADD).status_code == 200
    answer = office.post(ADD, case_data(*E2) | {"action": "calculate"})
    assert answer.status_code == 200
    for text in ("Calculated today with 2026年10月版", "¥230,400", "¥297,330", "Confirm as the expected result"):
        assert text in answer.text
    assert GoldenCase.objects.count() == 0
    answer = office.post(ADD, case_data(*E2) | {"action": "keep", "seen": mark_of(answer)})
    assert (answer.status_code, answer.url) == (302, "/admin/pricing/goldencase/")
    assert said(answer) == ["The golden case E2 is kept."]
    case = GoldenCase.objects.get()
    assert (case.expected, case.kept_by, case.kept_at, case.is_active) == (RESULT, cast.admin, NOW, True)
    assert "¥297,330 (SMP-CC D · SMP-IM D)" in office.get("/admin/pricing/goldencase/").text
    assert "Confirmed by 香坂 管理" in office.get(change_of(case)).text


@pytest.mark.parametrize("mark", ["", "x"])
def test_nothing_is_kept_that_was_not_on_screen(office, mark):
    answer = office.post(ADD, case_data(*E2) | {"action": "keep", "seen": mark})
    assert answer.status_code == 200
    assert GoldenCase.objects.count() == 0


def test_everything_that_may_be_typed(office):
    held = [
        {"product": " smp－cc ", "quantity": "１，２００", "renewal_quantity": "99", "expires": "R9.3.31"},
        {"product": "SMP-IM", "quantity": "30", "is_left_out": "on", "expires": "-5"},
        {"product": "SMP-BS", "quantity": "45", "renewal_quantity": "0", "expires": "2027年3月31日"},
        {"product": "", "quantity": "", "expires": "60"},
    ]
    data = case_data(*held, additions=({"product": "SMP-CC", "quantity": "5"},), years="3", is_reduced="on")
    assert confirm(office, ADD, data | {"tax_rounding": "up", "is_active": ""}).status_code == 302
    case = GoldenCase.objects.get()
    assert case.asked == {
        "years": 3,
        "is_reduced": True,
        "tax_rounding": "up",
        "holdings": [
            {"product": "SMP-CC", "quantity": 1200, "renewal_quantity": 99, "expires_on": "2027-03-31"},
            {"product": "SMP-IM", "quantity": 30, "renewal_quantity": None, "expires_in_days": -5},
            {"product": "SMP-BS", "quantity": 45, "renewal_quantity": 0, "expires_on": "2027-03-31"},
        ],
        "additions": [{"product": "SMP-CC", "quantity": 5}],
    }
    page = office.get(change_of(case)).text
    for text in ('value="1200"', 'value="99"', 'value="2027-03-31"', 'value="-5"'):
        assert text in page


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"product": "SMP-ZZ", "quantity": "1"}, "There is no product “SMP-ZZ”. Choose one from the list."),
        ({"product": "SMP-CC"}, "Enter how many."),
        ({"quantity": "5"}, "Enter the product code."),
        ({"renewal_quantity": "5"}, "Enter the product code."),
        ({"product": "SMP-CC", "quantity": "0"}, "Enter a number from 1 to 9,999,999."),
        ({"product": "SMP-CC", "quantity": "x"}, "“x” is not a whole number. Write it in digits, like 12."),
        (
            {"product": "SMP-CC", "quantity": "5", "renewal_quantity": "4"},
            "A smaller number counts only with reduced renewal. Tick “Reduced renewal”.",
        ),
        (
            {"product": "SMP-CC", "quantity": "5", "renewal_quantity": "5", "is_left_out": "on"},
            "What is left out has no renewal quantity. Clear it, or take the tick away.",
        ),
        (
            {"product": "SMP-CC", "quantity": "5", "expires": "27/3/31"},
            "“27/3/31” is neither a number of days like 60 nor a day like 2027/03/31.",
        ),
        ({}, "Enter at least one product, held or added."),
        ({"product": "SMP\0CC", "quantity": "5"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_where_it_is(office, row, error):
    answer = office.post(ADD, case_data(row) | {"action": "calculate"})
    assert answer.status_code == 422
    assert error in [text for found in errors_of(answer) for text in found]
    assert GoldenCase.objects.count() == 0


def test_a_name_stands_once(office, cast):
    keep(cast)
    answer = office.post(ADD, case_data(*E2) | {"action": "calculate"})
    assert answer.status_code == 422
    assert "There is a golden case of this name already." in answer.text


def test_rows_are_added_without_complaints(office):
    data = case_data({"product": "SMP-ZZ"})
    answer = office.post(ADD, data | {"action": "more-holding"})
    assert answer.status_code == 200
    assert 'name="holding-5-product"' in answer.text
    assert 'value="SMP-ZZ"' in answer.text
    assert errors_of(answer) == []
    assert "aria-invalid" not in answer.text
    assert 'aria-label="Quantity to add 1"' in answer.text
    many = office.post(ADD, data | {"action": "more-addition", "addition-TOTAL_FORMS": "999"})
    assert many.status_code == 400  # no browser says so


@pytest.mark.parametrize("count", ["x", "", "9" * 30, "-1", "１"])
def test_counts_that_nobody_typed(office, count):
    for action in ("calculate", "more-holding", "keep", "nonsense"):
        data = case_data(*E2) | {"action": action, "holding-TOTAL_FORMS": count}
        assert office.post(ADD, data).status_code in {200, 400, 422}
    assert GoldenCase.objects.count() == 0


def test_without_a_list_in_force_nothing_is_calculated(office):
    with time_machine.travel("2026-09-01T03:00:00Z", tick=False):
        answer = office.post(ADD, case_data(*E2) | {"action": "calculate"})
    assert answer.status_code == 422
    assert "No price list is in force today, so nothing can be calculated." in answer.text


def test_another_name_changes_no_expectation(office, cast):
    case = keep(cast)
    rows = [row | {"expires": "75"} for row in E2]
    answer = office.post(change_of(case), case_data(*rows, name="TRSL", note="メモ", is_active="", action="save"))
    assert said(answer) == ["The golden case TRSL is saved."]
    kept_at = case.kept_at
    case.refresh_from_db()
    assert (case.name, case.note, case.is_active, case.kept_at) == ("TRSL", "メモ", False, kept_at)
    other = office.post(change_of(case), case_data(*E2, name="TRSL", action="save"))  # another expiry: confirm first
    assert "Confirm as the expected result" in other.text
    case.refresh_from_db()
    assert case.asked == ASKED


def test_what_is_expected_now_is_shown_with_its_history(office, cast):
    case = keep(cast)
    april = dearer(cast)
    accept(cast, april)
    publish(price_list=april, by=cast.admin, now=NOW)
    assert "¥297,330 (SMP-CC D" in office.get("/admin/pricing/goldencase/").text
    with time_machine.travel("2027-04-01T03:00:00Z", tick=False):
        office = sign_in(cast.admin)
        page = office.get(change_of(case)).text
        assert "Expected result (prices of 版 2027-04-01)" in page
        assert "¥307,890 (SMP-CC D" in office.get("/admin/pricing/goldencase/").text
        rows = [row | {"expires": "75"} for row in E2]
        assert confirm(office, change_of(case), case_data(*rows)).status_code == 302
    for text in ("メーカーの改定", "¥297,330 (SMP-CC D · SMP-IM D)", "¥307,890 (SMP-CC D · SMP-IM D)"):
        assert text in page
    case.refresh_from_db()
    assert case.expected == RESULT  # nothing new was confirmed: it is expected already


def test_a_case_that_is_gone_leads_back(office, cast):
    for number in ("0", "x", "9" * 30):
        answer = office.get(f"/admin/pricing/goldencase/{number}/change/")
        assert (answer.status_code, answer.url) == (302, "/admin/pricing/goldencase/")


# --- A list against the cases ----------------------------------------------------------------------------------------


def seen_of(office, price_list):
    return re.findall(r'name="seen" value="([\w:]+)"', office.get(page_of(price_list, "golden")).text)


def test_a_difference_is_looked_at_and_accepted(office, cast):
    keep(cast)
    draft = dearer(cast)
    publishing = office.get(page_of(draft, "publish")).text
    assert "1 gives another result" in publishing
    assert page_of(draft, "golden") in publishing
    assert page_of(draft, "golden") in office.get(page_of(draft, "change")).text
    page = office.get(page_of(draft, "golden")).text
    for text in ("¥1,920", "¥2,000", "+9,600 (+4.2%)", "+10,560 (+3.6%)", "Expected: the prices of 2026年10月版."):
        assert text in page
    [seen] = seen_of(office, draft)
    refused = office.post(page_of(draft, "golden"), {"seen": seen, "reason": " "})
    assert refused.status_code == 422
    assert "Write why the difference is right." in refused.text
    answer = office.post(page_of(draft, "golden"), {"seen": seen, "reason": "改定 4%"})
    assert said(answer) == ["Accepted: E2"]
    page = office.get(page_of(draft, "golden")).text
    assert "改定 4%" in page
    assert "Accept the difference" not in page
    assert "E2; 改定 4%" in office.get(page_of(draft, "change")).text
    assert office.post(page_of(draft, "publish")).status_code == 302
    assert "Accept the difference" not in office.get(page_of(draft, "golden")).text


def test_all_differences_are_accepted_at_once(office, cast):
    keep(cast)
    keep(cast, "second")
    draft = dearer(cast)
    seen = seen_of(office, draft)
    assert len(seen) == 4  # one form for each, one for both
    assert office.post(page_of(draft, "golden"), {"seen": seen[2:], "reason": "改定"}).status_code == 302
    assert GoldenAcceptance.objects.count() == 2


@pytest.mark.parametrize("seen", [None, "", "x", "1:", ":", "x:y", "0:abc", "9" * 30 + ":a", "1\0:a", "1:2:3"])
def test_what_was_not_on_the_page_is_not_accepted(office, cast, seen):
    keep(cast)
    draft = dearer(cast)
    answer = office.post(page_of(draft, "golden"), {"reason": "x"} | ({} if seen is None else {"seen": seen}))
    assert answer.status_code == 422
    assert GoldenAcceptance.objects.count() == 0


def test_without_cases_the_pages_say_so(office, cast):
    draft = dearer(cast)
    for name in ("golden", "publish"):
        assert "There are no golden cases yet" in office.get(page_of(draft, name)).text
    assert office.get("/admin/pricing/pricelist/0/golden/").status_code == 302


def test_a_refusal_beside_a_price(office, cast):
    keep(cast)
    draft = dearer(cast)
    draft.tables.filter(product__code="SMP-IM").delete()
    page = office.get(page_of(draft, "golden")).text
    assert "a product has no price table" in page


@pytest.mark.parametrize("who", ["staff", "contact"])
def test_only_administrators_come_in(cast, who):
    desk = sign_in(getattr(cast, who))
    case = keep(cast)
    for url in (ADD, change_of(case), page_of(cast.price_list, "golden")):
        assert desk.get(url).status_code in {302, 403}
        assert desk.post(url, {"action": "keep"}).status_code in {302, 403}
    assert GoldenCase.objects.count() == 1


def test_many_cases_take_the_queries_of_one(office, cast):
    keep(cast)
    draft = dearer(cast, date(2027, 5, 1))
    urls = [page_of(draft, "golden"), page_of(draft, "publish"), "/admin/pricing/goldencase/"]

    def count():
        counts = []
        for url in urls:
            office.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert office.get(url).status_code == 200
            counts.append(len(queries))
        return counts

    of_one = count()
    for number in range(12):
        keep(cast, f"E2 {number}")
    assert count() == of_one
    assert PriceList.objects.filter(published_at__isnull=True).count() == 1
