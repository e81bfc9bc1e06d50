"""What is left of the rows of a batch, and of the renewals of the list: for those who see margins, and nobody else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from licensing.models import Product
from pricing.costs.queries import rates_of_days
from pricing.models import CostRate
from renewals.batch.operations import leave_out, price_again
from renewals.batch.queries import margin_sums
from renewals.batch.review import lay_out
from renewals.desk.margins import margins_of_rows
from renewals.models import DeskRow, DeskTable
from tests.cast import EXPIRY, NOW, TODAY, Cast, make_license_id, sign_in
from tests.renewals.batches import issue_all, reviewed, row_of
from tests.renewals.desk.test_refresh import refresh_all

RATE = Decimal("73.31")
OF_WHICH_DAY = "未発行の行の粗利は、最後に計算した日の仕切率によるものです。"
MARKS = ("73.31", "148,453", "148453", "54,047", "54047", "26.68")
"""The rate; the cost of ¥202,500 at it; what is left, in yen and in percent."""


@pytest.fixture
def rate(cast: Cast) -> CostRate:
    row: CostRate = CostRate.objects.create(
        reseller=cast.aoba, product=cast.products["SMP-BS"], percent=RATE, effective_on=TODAY
    )
    return row


@pytest.fixture
def two(cast: Cast):
    return [
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45)),
        make_license_id(cast.english_customer, "LIC-2", ("SMP-BS", 45), ("SMP-AO", 40)),
    ]


def address(run):
    return reverse("renewals:batch", args=[run.key])


def figures(run, user):
    return {
        one.row.license_codes: one.figures
        and (one.figures.margin, str(one.figures.percent), one.figures.uncovered_lines)
        for one in lay_out(run.rows.order_by("position"), user=user)
    }


def sums(run, user):
    with translation.override("en"):
        return {words: (one.subtotal, one.covered, one.cost, one.margin) for words, one in margin_sums(run, user)}


def test_each_row_and_all_of_them(cast, rate, two):
    run = reviewed(two, cast.staff)
    assert figures(run, cast.manager) == {"LIC-1": (54_047, "26.68", 0), "LIC-2": (54_047, "26.68", 1)}
    assert sums(run, cast.manager) == {"ready": (693_000, 405_000, 296_906, 108_094)}
    leave_out(run=run, keys=[row_of(run, "LIC-2").key], is_left_out=True)
    assert sums(run, cast.manager) == {"ready": (202_500, 202_500, 148_453, 54_047)}
    rate.percent = Decimal(80)
    rate.save()
    assert figures(run, cast.manager)["LIC-1"] == (54_047, "26.68", 0)  # as it was priced
    price_again(run=run, keys=[row_of(run, "LIC-1").key], by=cast.staff, now=NOW)
    assert figures(run, cast.manager)["LIC-1"] == (40_500, "20.00", 0)
    issue_all(run, cast.staff)
    CostRate.objects.update(percent=Decimal(10))
    assert figures(run, cast.manager)["LIC-1"] == (40_500, "20.00", 0)  # as it was kept
    assert sums(run, cast.manager) == {"issued": (202_500, 202_500, 162_000, 40_500)}


def test_without_any_rate_there_is_nothing_to_say(cast, two):
    run = reviewed(two, cast.staff)
    assert figures(run, cast.manager) == {"LIC-1": None, "LIC-2": None}
    assert sums(run, cast.manager) == {}
    CostRate.objects.create(reseller=cast.aoba, product=cast.products["SMP-CC"], percent=RATE, effective_on=TODAY)
    run = reviewed(two, cast.staff)  # it works with margins, but none of these has a rate
    assert figures(run, cast.manager) == {"LIC-1": (None, "None", 1), "LIC-2": (None, "None", 2)}


def test_what_is_refused_has_none(cast, rate):
    run = reviewed([make_license_id(cast.customer, "LIC-3", ("SMP-IW", 20))], cast.staff)
    row = row_of(run, "LIC-3")
    assert (row.state, row.subtotal, row.covered, row.cost, row.uncovered_lines) == ("refused", None, None, None, None)
    assert sums(run, cast.manager) == {}


def test_the_review_tells_those_who_see_margins_and_nobody_else(cast, rate, two):
    run = reviewed(two, cast.staff)
    page = sign_in(cast.manager, language="ja").get(address(run)).content.decode()
    assert "粗利・発行できる（社内）" in page
    assert OF_WHICH_DAY in page
    assert [mark for mark in MARKS if mark in page] == ["54,047", "26.68"]
    desk = sign_in(cast.staff, language="ja")
    with CaptureQueriesContext(connection) as without:
        answer = desk.get(address(run))
    assert [mark for mark in MARKS if mark in answer.content.decode()] == []
    assert "粗利" not in answer.content.decode().split("<main", 1)[1]
    assert not [one for one in without if "quotemargin" in one["sql"]]
    assert (sums(run, cast.staff), figures(run, cast.staff)) == ({}, {"LIC-1": None, "LIC-2": None})
    cast.staff.may_see_margins = True
    cast.staff.save()
    page = desk.get(address(run)).content.decode()
    assert ("54,047" in page, OF_WHICH_DAY in page) == (True, True)
    issue_all(run, cast.staff)
    assert OF_WHICH_DAY not in desk.get(address(run)).content.decode()  # a quote keeps those of its own day
    cast.staff.may_see_margins = False
    cast.staff.save()
    assert [mark for mark in MARKS if mark in desk.get(address(run)).content.decode()] == []


def test_the_list_has_a_column_for_those_who_see_margins(cast, rate, two):
    refresh_all()
    manager, desk = sign_in(cast.manager, language="ja"), sign_in(cast.staff, language="ja")
    page = manager.get("/?due=all").content.decode()
    assert page.count("¥54,047") == 2
    assert "概算粗利" in page
    for answer in (desk.get("/?due=all"), desk.get("/?due=all", headers={"HX-Request": "true"})):
        assert [mark for mark in MARKS if mark in answer.content.decode()] == []
        assert "概算粗利" not in answer.content.decode()
    manager.post(reverse("renewals:desk-table"), {"column": ["amount", "license"], "per_page": "20"})
    assert "margin" in DeskTable.objects.get(user=cast.manager).hidden
    page = manager.get("/?due=all").content.decode()
    assert "¥54,047" not in page
    desk.post(reverse("renewals:desk-table"), {"column": ["amount", "margin"], "per_page": "20"})
    assert "margin" not in DeskTable.objects.get(user=cast.staff).hidden  # should they get the right one day
    assert [mark for mark in MARKS if mark in desk.get("/?due=all").content.decode()] == []


def test_the_list_has_the_rates_of_the_day_of_expiry(cast, rate, two):
    CostRate.objects.create(reseller=cast.aoba, product=cast.products["SMP-BS"], percent=80, effective_on=EXPIRY)
    later = EXPIRY + timedelta(days=1)
    CostRate.objects.create(reseller=cast.aoba, product=cast.products["SMP-BS"], percent=90, effective_on=later)
    CostRate.objects.create(reseller=cast.minato, product=cast.products["SMP-BS"], percent=5, effective_on=TODAY)
    refresh_all()
    rows = list(DeskRow.objects.filter(code__in=["LIC-1", "LIC-2"]).order_by("code"))
    with CaptureQueriesContext(connection) as for_one:
        margins_of_rows(rows[:1], reseller=cast.aoba.pk)
    with CaptureQueriesContext(connection) as for_two:
        found = margins_of_rows(rows, reseller=cast.aoba.pk)
    assert len(for_two) <= len(for_one)
    assert [(found[row.pk].margin, found[row.pk].uncovered_lines) for row in rows] == [(40_500, 0), (40_500, 1)]
    assert [found[row.pk].subtotal for row in rows] == [row.amount for row in rows]


def test_rates_of_many_days_are_those_of_each(cast):
    product: Product = cast.products["SMP-BS"]
    days = [TODAY + timedelta(days=at) for at in range(4)]
    for of, percent, day in (("programme", 70, days[0]), ("product", 60, days[1]), ("programme", 50, days[2])):
        CostRate.objects.create(
            reseller=cast.aoba,
            percent=percent,
            effective_on=day,
            **{of: product if of == "product" else product.programme},
        )
    found = rates_of_days(reseller=cast.aoba, codes={"SMP-BS", "SMP-AO"}, days=days)
    assert [found[day]["SMP-BS"].percent for day in days] == [70, 60, 60, 60]
    assert [found[day]["SMP-AO"].percent for day in days] == [70, 70, 50, 50]
