"""The page 粗利: months at three stages, its picture and its file, and where else margins are shown; for the right."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from licensing.models import User
from pricing.models import CostRate
from quotes.margins.picture import BOTTOM, TOP, bars_of, zero_of
from quotes.margins.queries import Month, month_after, months_until, quotes_between
from quotes.margins.views import read_month
from quotes.models import Quote, QuoteMargin
from quotes.record.margins import Figures
from quotes.record.transitions import record_order, withdraw
from renewals.revisions.operations import begin_revision
from tests.cast import NOW, TODAY, Cast, make_license_id, sign_in
from tests.making import fill, given_quote, issue_quote

MARGINS, FILE = "/margins/", "/margins/file.xlsx"
JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)


@pytest.fixture
def quote(cast: Cast, licenseid: Any) -> Quote:
    """¥202,500 at 73.31 %: a cost of ¥148,453, of which ¥54,047 is left."""
    give(cast, "SMP-BS", "73.31", TODAY)
    return given_quote(licenseid, by=cast.staff)


def give(cast: Cast, code: str, percent: str, on: date) -> None:
    product = cast.products[code]
    CostRate.objects.create(reseller=cast.aoba, product=product, percent=Decimal(percent), effective_on=on)


def shown(user: User, last: date) -> dict[str, dict[str, tuple[Any, ...]]]:
    """What is in the months that are not empty."""
    return {
        f"{month.first:%Y-%m}": {
            stage: (its.subtotal, its.covered, its.cost, its.margin) for stage, its in month.stages.items()
        }
        for month in months_until(user, last)
        if month.stages
    }


def test_each_stage_counts_in_the_month_of_its_own_day(cast: Cast, quote: Quote) -> None:
    give(cast, "SMP-BS", "50", FEBRUARY)
    record_order(quote=quote, ordered_on=date(2027, 1, 31), by=cast.staff, now=NOW)
    second = given_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45)), by=cast.staff)
    record_order(quote=second, ordered_on=FEBRUARY, by=cast.staff, now=NOW)
    third = given_quote(make_license_id(cast.customer, "LIC-1003", ("SMP-AO", 40)), by=cast.staff)
    assert third.subtotal == 288_000  # without a rate
    one, two = (202_500, 202_500, 148_453, 54_047), (202_500, 202_500, 101_250, 101_250)
    assert shown(cast.manager, FEBRUARY) == {
        "2027-01": {"quoted": (693_000, 405_000, 296_906, 108_094), "ordered": one},
        "2027-02": {"ordered": two},
    }
    assert shown(cast.manager, JANUARY) == {"2027-01": shown(cast.manager, FEBRUARY)["2027-01"]}
    assert shown(cast.staff, FEBRUARY) == {}
    listed = [row.quote.number for row in quotes_between(cast.manager, FEBRUARY, date(2027, 3, 1))]
    assert listed == [second.number]


def test_what_was_withdrawn_or_superseded_is_in_no_sum(cast: Cast, quote: Quote) -> None:
    draft, _new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    revision = issue_quote(quote.parts.get().licenseid, by=cast.staff, key=draft.key, now=NOW + timedelta(minutes=1))
    assert shown(cast.manager, JANUARY) == {"2027-01": {"quoted": (202_500, 202_500, 148_453, 54_047)}}
    assert QuoteMargin.objects.count() == 2
    withdraw(quote=revision, reason="誤り", by=cast.staff, now=NOW + timedelta(minutes=2))
    assert shown(cast.manager, JANUARY) == {}


def test_the_page_shows_months_quotes_and_customers(cast: Cast, quote: Quote) -> None:
    page = sign_in(cast.manager).get(MARGINS)
    text = " ".join(page.text.split())
    assert (page.status_code, text.count("¥54,047"), text.count("(26.68 %)")) == (200, 3, 3)
    assert f'href="/quotes/{quote.key}/"' in text
    assert [one.name for one in page.context["customers"]] == [cast.customer.name]
    assert 'href="?until=2027-01&amp;month=2027-01#quotes"' in text
    earlier = sign_in(cast.manager).get(MARGINS + "?until=2026-12")
    assert "¥54,047" not in earlier.text
    assert "No quote reached a stage in this month." in earlier.text
    for wrong in ("x", "2027-13", "1999-01", "２０２７-01", "2027-1", "9999-12", "2027-01\0"):
        assert sign_in(cast.manager).get(MARGINS, {"until": wrong, "month": wrong}).status_code == 200
        assert read_month(wrong) is None


def test_what_has_no_rate_is_said_and_not_guessed(cast: Cast, licenseid: Any) -> None:
    give(cast, "SMP-AO", "80", TODAY)
    quote = given_quote(licenseid, by=cast.staff)
    [row] = quotes_between(cast.manager, JANUARY, FEBRUARY)
    figures = row.stages["quoted"]
    assert (figures.subtotal, figures.covered, figures.cost, figures.margin, figures.percent) == (
        202_500, 0, None, None, None,
    )  # fmt: skip
    desk = sign_in(cast.manager)
    for address in (MARGINS, f"/quotes/{quote.key}/", "/quotes/"):
        page = desk.get(address)
        assert "no cost rate" in page.text, address
        assert "(0.00 %)" not in page.text, address


def test_the_file_has_every_quote_customer_and_month(cast: Cast, quote: Quote) -> None:
    record_order(quote=quote, by=cast.staff, now=NOW)
    answer = sign_in(cast.manager).get(FILE + "?until=2027-02")
    assert 'filename="margins_202603-202702.xlsx"' in answer["Content-Disposition"]
    book = load_workbook(BytesIO(answer.content))
    quotes, customers, months = (list(sheet.values) for sheet in book)
    assert quotes[0][:8] == (
        "Number", "Customer", "Subject", "State", "Issue day", "quoted: offered without tax",
        "quoted: of which with a cost rate", "quoted: cost",
    )  # fmt: skip
    known = (202_500, 202_500, 148_453, 54_047, 26.68, 0)
    assert quotes[1][0] == quote.number
    assert tuple(quotes[1][5:]) == (*known, *known, *[None] * 6)
    assert customers[1][:2] == (cast.customer.name, 1)
    assert [row[0] for row in months[1:]] == [f"{month_after(date(2026, 3, 1), at):%Y-%m}" for at in range(12)]
    assert tuple(months[11][1:7]) == known


def test_as_many_queries_for_many_quotes_as_for_one(cast: Cast, quote: Quote) -> None:
    desk = sign_in(cast.manager)
    counts = []
    for more in (0, 12):
        for number in range(more):
            given_quote(make_license_id(cast.customer, f"LIC-3{number:03}", ("SMP-BS", 45)), by=cast.staff)
        for address in (MARGINS, "/quotes/", FILE):
            desk.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


# --- The picture -----------------------------------------------------------------------------------------------------


def test_bars_stand_on_the_line_of_nothing_and_losses_hang_from_it() -> None:
    def month(quoted: int, ordered: int) -> Month:
        sold = {
            "quoted": Figures(1_000, 1_000, 1_000 - quoted, 0),
            "ordered": Figures(1_000, 1_000, 1_000 - ordered, 0),
        }
        return Month(JANUARY, sold)

    months = [month(300, 100), month(-100, 0)]
    zero = zero_of(months)
    assert zero == TOP + round((BOTTOM - TOP) * 3 / 4)
    first, second = bars_of(months)
    assert [(piece.stage, piece.y, piece.height) for piece in first.pieces] == [
        ("quoted", TOP, zero - TOP),
        ("ordered", zero - 27, 27),
    ]
    assert [(piece.stage, piece.y, piece.height) for piece in second.pieces] == [("quoted", zero, 27)]


def test_without_any_margin_there_are_no_bars() -> None:
    months = [Month(JANUARY), Month(FEBRUARY, {"quoted": Figures(100, 0, 0, 1)})]
    assert [bar.pieces for bar in bars_of(months)] == [[], []]
    assert TOP <= zero_of(months) <= BOTTOM


@pytest.mark.parametrize(
    ("first", "count", "there"),
    [(JANUARY, 1, FEBRUARY), (JANUARY, -1, date(2026, 12, 1)), (date(2026, 12, 1), 1, JANUARY), (JANUARY, 0, JANUARY)],
)
def test_months_are_counted_over_the_years(first: date, count: int, there: date) -> None:
    assert month_after(first, count) == there


# --- Beside the form, the record and the list ------------------------------------------------------------------------


def preview(client: Client, licenseid: Any, **changes: str) -> str:
    data = fill(licenseid, changes).data
    return " ".join(client.post(reverse("renewals:preview", args=[licenseid.code]), data).text.split())


def test_the_preview_says_cost_and_margin_of_each_line_and_of_the_whole(cast: Cast, licenseid: Any) -> None:
    give(cast, "SMP-BS", "73.31", TODAY)
    desk = sign_in(cast.manager)
    text = preview(desk, licenseid)
    assert "Cost ¥148,453 (73.31 %), margin ¥54,047 (26.68 %)" in text
    assert '<dd class="num">¥148,453</dd>' in text
    assert '<dd class="num">¥54,047 (26.68 %)</dd>' in text
    less = preview(desk, licenseid, reduction="100000")
    assert '<dd class="num">▲¥45,953 (▲44.84 %)</dd>' in less
    CostRate.objects.all().delete()
    assert "No cost rate, so no margin" in preview(desk, licenseid)
    assert "148,453" not in preview(desk, licenseid)


def test_staff_see_it_with_the_right_alone(cast: Cast, quote: Quote) -> None:
    desk, licenseid = sign_in(cast.staff), quote.parts.get().licenseid
    pages = (f"/quotes/{quote.key}/", "/quotes/", f"/license-ids/{licenseid.code}/quote/")
    for address in pages:
        text = desk.get(address).text
        assert "54,047" not in text, address
        assert "Margin" not in text, address
    assert "54,047" not in preview(desk, licenseid)
    assert (desk.get(MARGINS).status_code, desk.get(FILE).status_code) == (403, 403)
    User.objects.filter(pk=cast.staff.pk).update(may_see_margins=True)
    for address in (*pages, MARGINS):
        assert "¥54,047" in desk.get(address).text, address
    assert "¥54,047" in preview(desk, licenseid)
    assert desk.get(FILE).status_code == 200
    assert desk.get("/manage/cost-rates/").status_code == 403


def test_the_record_shows_how_the_margin_moved(cast: Cast, quote: Quote) -> None:
    give(cast, "SMP-BS", "60", TODAY + timedelta(days=1))
    record_order(quote=quote, ordered_on=TODAY + timedelta(days=1), by=cast.staff, now=NOW)
    text = " ".join(sign_in(cast.manager).get(f"/quotes/{quote.key}/").text.split())
    assert '<b>¥54,047</b> <span class="small">(26.68 %)</span>' in text
    assert '<b>¥81,000</b> <span class="small">(40.00 %)</span>' in text
    assert "since the stage before +¥26,953" in text
    assert "Cost ¥121,500 (60.00 %), margin ¥81,000 (40.00 %)" in text
    listed = " ".join(sign_in(cast.manager).get("/quotes/").text.split())
    assert "¥81,000" in listed
    assert "¥54,047" not in listed


def test_the_record_names_lines_of_ones_own_and_the_form_counts_them(cast: Cast, licenseid: Any) -> None:
    give(cast, "SMP-BS", "73.31", TODAY)
    work = {"free-0-description": "設定作業費", "free-0-quantity": "1", "free-0-unit": "式", "free-0-price": "50000",
            "free-0-tax": "standard"}  # fmt: skip
    desk = sign_in(cast.manager)
    assert '<span class="chip due">1 line without cost rate</span>' in preview(desk, licenseid, **work)
    quote = given_quote(licenseid, by=cast.staff, changes=work)
    text = " ".join(desk.get(f"/quotes/{quote.key}/").text.split())
    assert "<span>2. 設定作業費 <span" in text
    assert "No cost rate, so no margin" in text
    assert '<span class="chip due">1 line without cost rate</span>' in text
    assert "<b>¥54,047</b>" in text
