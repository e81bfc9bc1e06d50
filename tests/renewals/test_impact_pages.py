"""The pages of an impact in the administration: start, progress, result, workbook."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.jobs.models import Batch
from licensing.models import Customer
from pricing.lists.operations.publish import publish
from pricing.models import PriceRank, PriceTable
from renewals.models import ImpactRun
from tests.cast import NOW, TODAY, make_license_id, publish_prices, sign_in
from tests.html import tight
from tests.making import given_quote
from tests.renewals.impacts import calculate, days_ahead, given_run, make_draft, work


@pytest.fixture
def office(cast):
    return sign_in(cast.admin)


@pytest.fixture
def draft(cast):
    return make_draft(cast)


def start_of(draft) -> str:
    return f"/admin/renewals/impactrun/of/{draft.pk}/"


def result_of(run, query: str = "") -> str:
    return f"/admin/renewals/impactrun/{run.pk}/change/{query}"


def codes(answer) -> list[str]:
    """The license IDs of the rows that are shown, in their order."""
    return [shown["row"].license_codes for shown in answer.context["rows"]]


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_from_the_draft_to_the_result(office, cast, draft, licenseid):
    given_quote(licenseid, by=cast.staff)
    for name in ("change", "publish"):
        assert start_of(draft) in office.get(f"/admin/pricing/pricelist/{draft.pk}/{name}/").text
    page = tight(office.get(start_of(draft)).text)
    assert "1 license IDs with support that ends in the next 90 days" in page
    assert "<dd>2026年10月版</dd>" in page
    assert 'name="days" value="90"' in page
    answer = office.post(start_of(draft), {"days": "90"})
    run = ImpactRun.objects.get()
    assert (answer.status_code, answer.url) == (302, result_of(run))
    assert (run.days, run.on, run.priced_on, run.batch.created_by) == (90, TODAY, date(2027, 2, 1), cast.admin)
    page = tight(office.get(result_of(run)).text)
    assert "Waits for its turn" in page
    assert f'data-hx-get="/admin/renewals/impactrun/{run.pk}/progress/"' in page
    assert f'<noscript><p><a href="{result_of(run)}">See how far it is</a>' in page
    work(run)
    page = tight(office.get(result_of(run)).text)
    assert "2027年2月版 compared with 2026年10月版, as of 1 February 2027; calculated on 15 January 2027." in page
    assert "<dd>¥202,500</dd>" in page
    assert "<dd>¥222,750</dd>" in page
    assert "+20,250<small>+10.00\N{NO-BREAK SPACE}%</small>" in page
    assert "Coming renewal (1)" in page
    assert "Open quote (1)" in page
    assert "out of date" not in page.lower()
    page = tight(office.get(result_of(run, "?kind=quote")).text)
    assert "Q2701-0001-00" in page


def test_without_tasks_done_the_progress_is_told_and_then_the_page_is_loaded_again(office, cast, draft, licenseid):
    office.post(start_of(draft), {"days": "90"})
    run = ImpactRun.objects.get()
    progress = f"/admin/renewals/impactrun/{run.pk}/progress/"
    Batch.objects.update(state="running", item_count=4, done_count=1, doing="pricing")
    ImpactRun.objects.update(chunks=[["renewal", 1, 1], ["renewal", 2, 2], ["quote", 1, 1]])
    part = office.get(progress)
    assert "Prices are being calculated" in part.text
    assert '<progress max="100" value="25"' in part.text
    assert "<html" not in part.text
    Batch.objects.update(done_count=3, doing="workbook")
    assert office.get(progress).headers["HX-Refresh"] == "true"
    whole = office.get(result_of(run))
    assert "The workbook is being written" in whole.text
    assert f'data-hx-get="{progress}?priced"' in whole.text
    assert "HX-Refresh" not in office.get(f"{progress}?priced").headers
    Batch.objects.update(state="done", done_count=4, finished_at=NOW)
    assert office.get(f"{progress}?priced").headers["HX-Refresh"] == "true"


def test_whoever_is_logged_out_meanwhile_is_sent_to_log_in_by_the_whole_page(office, cast, draft, licenseid):
    """And not shown a log-in form in the place of the bar."""
    office.post(start_of(draft), {"days": "90"})
    run = ImpactRun.objects.get()
    progress = f"/admin/renewals/impactrun/{run.pk}/progress/"
    for desk in (Client(), sign_in(cast.staff)):
        answer = desk.get(progress, headers={"hx-request": "true"})
        assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (200, "true", b"")
        assert desk.get(progress).url == f"/admin/login/?next={progress}"
        assert desk.get(result_of(run)).status_code == 302
    assert "HX-Refresh" not in office.get(progress).headers
    gone = office.get("/admin/renewals/impactrun/999/progress/")
    assert gone.headers["HX-Refresh"] == "true"


def test_a_worker_that_does_not_come_is_pointed_out(office, draft, licenseid, clock):
    office.post(start_of(draft), {"days": "90"})
    run = ImpactRun.objects.get()
    hint = "No worker has taken it up yet."
    assert hint not in office.get(result_of(run)).text
    clock.move_to(NOW + timedelta(seconds=16))
    assert hint in office.get(result_of(run)).text


def test_what_failed_says_why(office, draft, licenseid):
    office.post(start_of(draft), {"days": "90"})
    PriceRank.objects.filter(price_table__price_list=draft).update(renewal_price=1)
    run = work(ImpactRun.objects.get())
    page = office.get(result_of(run)).text
    assert "It could not be calculated." in page
    assert "The draft was changed while its impact was calculated. Start again." in page
    assert "data-hx-get" not in page


def test_a_result_is_out_of_date_when_the_draft_changes_or_another_list_is_published(office, cast, draft, licenseid):
    run = given_run(draft, cast.admin)
    told = "Out of date: the list, or the one it is compared with, was changed after this was calculated."
    assert told not in office.get(result_of(run)).text
    rank = PriceRank.objects.filter(price_table__price_list=draft).first()
    PriceRank.objects.filter(pk=rank.pk).update(renewal_price=rank.renewal_price + 1)
    assert told in office.get(result_of(run)).text
    assert "out of date" in office.get(start_of(draft)).text
    PriceRank.objects.filter(pk=rank.pk).update(renewal_price=rank.renewal_price)
    assert told not in office.get(result_of(run)).text
    publish_prices("2027年1月版", TODAY + timedelta(days=5), by=cast.admin)
    assert told in office.get(result_of(run)).text


def test_once_the_list_is_in_force_the_result_stays_and_nothing_is_started(office, cast, draft, licenseid):
    run = given_run(draft, cast.admin)
    publish(price_list=draft, by=cast.admin, now=NOW)
    assert "Calculate the impact" in office.get(start_of(draft)).text
    assert reverse("renewals:price-change", args=[draft.pk]) in office.get(result_of(run)).text
    draft = make_draft(cast, effective_on=TODAY, name="2027年1月版")
    run = given_run(draft, cast.admin)
    publish(price_list=draft, by=cast.admin, now=NOW)
    page = office.get(start_of(draft)).text
    assert "This list is in force." in page
    assert result_of(run) in page
    assert "Calculate the impact" not in page
    answer = office.post(start_of(draft), {"days": "90"})
    assert answer.status_code == 422
    assert ImpactRun.objects.filter(price_list=draft).count() == 1


def test_a_first_day_far_away_is_pointed_out(office, cast):
    draft = make_draft(cast, effective_on=days_ahead(91))
    assert "The list takes effect in 91 days." in office.get(start_of(draft)).text
    draft.effective_on = days_ahead(90)
    draft.save()
    assert "The list takes effect in" not in office.get(start_of(draft)).text


@pytest.mark.parametrize(
    ("days", "error"),
    [
        ("", "This field is required."),
        ("0", "Ensure this value is greater than or equal to 1."),
        ("731", "Ensure this value is less than or equal to 730."),
        ("x", "Enter a whole number."),
        ("9" * 40, "Ensure this value is less than or equal to 730."),
    ],
)
def test_days_that_cannot_be(office, draft, days, error):
    answer = office.post(start_of(draft), {"days": days})
    assert answer.status_code == 422
    assert error in answer.text
    assert not ImpactRun.objects.exists()


def test_days_in_full_width(office, draft):
    assert office.post(start_of(draft), {"days": "１２０"}).status_code == 302
    assert ImpactRun.objects.get().days == 120


@pytest.fixture
def rich(cast, draft):
    """A run with a row of each outcome, of two resellers."""
    make_license_id(cast.customer, "LIC-BS", ("SMP-BS", 45))
    make_license_id(cast.customer, "LIC-WM", ("SMP-WM", 100))
    make_license_id(cast.foreign_customer, "LIC-CC", ("SMP-CC", 120), ("SMP-IM", 30))
    make_license_id(cast.foreign_customer, "LIC-IW", ("SMP-IW", 1))
    ranks = PriceRank.objects.filter(price_table__price_list=draft)
    for rank in ranks.filter(price_table__product__code="SMP-CC", from_quantity=100):
        PriceRank.objects.filter(pk=rank.pk).update(from_quantity=150)
    PriceTable.objects.filter(price_list=draft, product__code="SMP-WM").delete()
    return given_run(draft, cast.admin)


def test_filters(office, cast, rich):
    def shown(query: str) -> list[str]:
        return sorted(codes(office.get(result_of(rich, query))))

    assert shown("") == ["LIC-BS", "LIC-CC", "LIC-IW", "LIC-WM"]
    assert shown("?only=changed") == ["LIC-BS", "LIC-CC", "LIC-WM"]
    assert shown("?only=refused") == ["LIC-IW", "LIC-WM"]
    assert shown("?only=ranks") == ["LIC-CC"]
    assert shown(f"?reseller={cast.minato.pk}") == ["LIC-CC", "LIC-IW"]
    assert shown("?product=SMP-IM") == ["LIC-CC"]
    assert shown("?product=SMP-I") == []
    assert shown("?q=ﾊﾄﾊﾞ") == ["LIC-CC", "LIC-IW"]
    assert shown("?q=lic-bs") == ["LIC-BS"]
    assert shown("?q=zzz") == []
    assert "None of them is so." in office.get(result_of(rich, "?q=zzz")).text


def test_orders(office, rich):
    def shown(order: str) -> list[str]:
        return codes(office.get(result_of(rich, f"?order={order}")))

    assert shown("-difference") == ["LIC-CC", "LIC-BS", "LIC-IW", "LIC-WM"]
    assert shown("difference") == ["LIC-BS", "LIC-CC", "LIC-IW", "LIC-WM"]
    assert shown("-old") == ["LIC-CC", "LIC-WM", "LIC-BS", "LIC-IW"]
    assert shown("license") == ["LIC-BS", "LIC-CC", "LIC-IW", "LIC-WM"]
    assert shown("-license") == ["LIC-WM", "LIC-IW", "LIC-CC", "LIC-BS"]
    page = office.get(result_of(rich, "?order=old&resellers=name&products=-count")).text
    assert re.findall(r'aria-sort="(\w+)"', page) == ["ascending", "descending", "ascending"]


def test_rank_changes_and_reasons_are_written_out(office, rich):
    page = office.get(result_of(rich)).text
    assert "SMP-CC × 120<b>D → C</b>" in tight(page)
    assert "no-price-table" not in page  # codes are for programs
    assert 'class="state newly_refused">refused only with the draft</span>' in page


def test_the_chart_says_the_same_as_its_table(office, rich):
    answer = office.get(result_of(rich))
    counts = [bar.count for bar in answer.context["bars"]]
    assert counts == rich.totals["renewal"]["percents"]
    drawn = re.findall(r'<text x="\d+" y="\d+">([\d,]+)</text>', answer.text)
    assert [int(text) for text in drawn] == [count for count in counts if count]
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td class="figure">(\d+)</td></tr>', answer.text)
    assert [label for label, _ in rows] == [
        "≤ −20", "−20…−10", "−10…−5", "−5…−2", "−2…0", "±0", "0…+2", "+2…+5", "+5…+10", "+10…+20", "≥ +20",
    ]  # fmt: skip
    assert [int(count) for _, count in rows] == counts


ODD = ["?kind=x", "?only=x", "?order=x", "?order=-", "?reseller=x", f"?reseller={'9' * 30}", "?product=%00", "?page=x",
       "?page=-1", "?q=%00", "?resellers=x&products=--name", "?reseller=１", "?kind=quote&page=99",
       f"?q={'x+' * 500}"]  # fmt: skip


def test_whatever_is_asked_for_gets_a_page(office, rich):
    assert {query: office.get(result_of(rich, query)).status_code for query in ODD} == dict.fromkeys(ODD, 200)


@pytest.mark.parametrize("number", ["999", "x", "9" * 30, "1_00"])
def test_a_run_that_is_not_there(office, draft, number):
    answer = office.get(f"/admin/renewals/impactrun/{number}/change/")
    assert (answer.status_code, answer.url) == (302, "/admin/renewals/impactrun/")
    assert said(answer) == ["This calculation is not there any more."]


def test_a_draft_that_is_not_there(office, draft):
    url = start_of(draft)
    draft.delete()
    answer = office.get(url)
    assert (answer.status_code, answer.url) == (302, "/admin/pricing/pricelist/")
    assert said(answer) == ["This price list is not there any more."]


def test_the_result_outlives_the_draft(office, cast, draft, licenseid):
    run = given_run(draft, cast.admin)
    draft.delete()
    page = office.get(result_of(run))
    assert page.status_code == 200
    assert "2027年2月版 compared with" in page.text


def test_the_workbook_is_downloaded_under_the_lists_name(office, cast, draft, licenseid):
    run = given_run(draft, cast.admin)
    url = f"/admin/renewals/impactrun/{run.pk}/workbook/"
    assert url in office.get(result_of(run)).text
    answer = office.get(url)
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Content-Disposition"].endswith("2027%E5%B9%B42%E6%9C%88%E7%89%88_2027-01-15.xlsx")
    assert answer.content.startswith(b"PK")
    run.file.delete()
    answer = office.get(url)
    assert (answer.status_code, answer.url) == (302, result_of(run))
    assert said(answer) == ["There is no workbook yet. It is made at the end."]


def test_nobody_else_has_business_here(cast, draft, licenseid):
    run = given_run(draft, cast.admin)
    for user in (cast.staff, cast.contact):
        desk = sign_in(user)
        for url in (start_of(draft), result_of(run), f"/admin/renewals/impactrun/{run.pk}/workbook/"):
            assert desk.get(url).status_code in (302, 403)
            assert desk.post(url, {"days": "90"}).status_code in (302, 403, 405)
    assert ImpactRun.objects.filter(price_list=draft).count() == 1


def test_the_same_queries_for_many_rows(office, cast, draft):
    def asked(run) -> list[int]:
        counts = []
        for url in (result_of(run), start_of(draft), "/admin/renewals/impactrun/"):
            with CaptureQueriesContext(connection) as queries:
                assert office.get(url).status_code == 200
            counts.append(len(queries))
        return counts

    make_license_id(cast.customer, "LIC-0", ("SMP-BS", 45), ("SMP-WM", 100))
    office.get("/admin/")
    run = given_run(draft, cast.admin)
    one = asked(run)
    for number in range(1, 30):
        customer = Customer.objects.create(reseller=cast.aoba, name=f"見本{number}")
        make_license_id(customer, f"LIC-{number}", ("SMP-BS", 45), ("SMP-WM", 100), ("SMP-CC", 100))
    assert asked(calculate(draft, cast.admin)) == one
    assert max(one) <= 16
