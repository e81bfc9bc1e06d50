"""Approval for the sake of margins: to the yen, by the cost rates of the day, told only to those who see them."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from licensing.models import Reseller
from pricing.models import CostRate
from quotes.models import QuoteEvent
from renewals.approval.operations import NotNeeded, answer
from renewals.approval.present import present_of
from renewals.approval.shown import lines_of, margins_of
from renewals.issue.thresholds import say_passed
from renewals.models import ApprovalRequest
from renewals.refusals import NeedsApproval
from tests.cast import NOW, make_license_id, sign_in
from tests.making import issue_quote
from tests.renewals.approving import let, request_for
from tests.renewals.batches import issue_all, reviewed, stands

REDUCED = {"reduction": "9,600"}
"""SMP-CC 100: 192,000 by the list, 182,400 offered."""


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))


def rate(cast, code, percent, on=date(2026, 1, 1)):
    CostRate.objects.create(reseller=cast.aoba, product=cast.products[code], percent=Decimal(percent), effective_on=on)


def limits(cast, **fields):
    """`line`, `quote`: percent; `unrated`."""
    values = {"line": "approval_line_margin", "quote": "approval_quote_margin", "unrated": "approval_unrated"}
    Reseller.objects.filter(pk=cast.aoba.pk).update(**{values[name]: value for name, value in fields.items()})
    cast.aoba.refresh_from_db()
    return let(cast.manager)


def passed(licenseid, by, changes=None):
    """What keeps it from being issued."""
    try:
        with transaction.atomic():
            issue_quote(licenseid, by=by, changes=changes or {})
            raise RuntimeError
    except NeedsApproval as needs:
        return list(needs.passed)
    except RuntimeError:
        return []


@pytest.mark.parametrize(
    ("limit", "is_passed"), [("20", False), ("20.01", True), ("19.99", False), ("0", False), ("100", True)]
)
def test_the_margin_of_a_line_to_two_decimals(cast, licenseid, limit, is_passed):
    """192,000 at a rate of 80 % leave 38,400: 20 %."""
    rate(cast, "SMP-CC", "80")
    limits(cast, line=limit)
    assert [one["kind"] for one in passed(licenseid, cast.staff)] == ["line-margin"] * is_passed


def test_a_reduction_on_the_whole_lowers_the_quotes_margin_only(cast, licenseid):
    """182,400 - 153,600 = 28,800: 15.78… %."""
    rate(cast, "SMP-CC", "80")
    limits(cast, line="20", quote="15.79")
    found = passed(licenseid, cast.staff, REDUCED)
    assert found == [{"kind": "quote-margin", "limit": "15.79", "value": "15.78", "value_yen": 28_800, "short": 1}]
    limits(cast, quote="15.78")
    assert passed(licenseid, cast.staff, REDUCED) == []


def test_a_loss_and_what_is_given_away_are_below_any_threshold(cast, licenseid):
    rate(cast, "SMP-CC", "100")
    limits(cast, quote="0")
    with override("en"):
        [loss] = passed(licenseid, cast.staff, REDUCED)
        assert say_passed(loss, with_margins=True) == (
            "The margin of the quote, ▲5.27 % (▲¥9,600), is ¥9,600 below the threshold of 0 %."
        )
        [free] = passed(licenseid, cast.staff, {"reduction": "192,000"})
        assert "– % (▲¥192,000)" in say_passed(free, with_margins=True)


def test_a_line_without_a_rate_asks_only_where_the_reseller_says_so(cast, licenseid):
    limits(cast, line="50", quote="50")
    assert passed(licenseid, cast.staff) == []
    limits(cast, unrated=True)
    with override("en"):
        [found] = passed(licenseid, cast.staff)
        assert say_passed(found, with_margins=False).startswith("Without a cost rate, so nobody can say what is left: ")


def test_a_line_of_ones_own_has_no_rate_and_is_named(cast, licenseid):
    """It has neither a margin of a line nor a part in that of the quote; its page shows the lines of the list."""
    rate(cast, "SMP-CC", "80")
    work = {"free-0-description": "設定作業費", "free-0-quantity": "1", "free-0-unit": "式", "free-0-price": "50,000",
            "free-0-tax": "standard"}  # fmt: skip
    approver = limits(cast, line="20.01", quote="20.01", unrated=True)
    line, quote, unrated = passed(licenseid, cast.staff, work)
    assert [one["value_yen"] for one in line["lines"]] == [38_400]
    assert (quote["value"], quote["value_yen"]) == ("20", 38_400)
    assert unrated == {"kind": "unrated", "lines": [{"name": {"ja": "設定作業費", "en": "設定作業費"}}]}
    asked = request_for(licenseid, by=cast.staff, changes=work)
    shown = lines_of(asked, margins_of(asked, approver))
    assert [one.margin.margin for one in shown] == [38_400]


def test_the_rates_of_another_reseller_say_nothing(cast, licenseid):
    CostRate.objects.create(
        reseller=cast.minato, product=cast.products["SMP-CC"], percent=Decimal(99), effective_on=date(2026, 1, 1)
    )
    limits(cast, line="50")
    assert passed(licenseid, cast.staff) == []


def test_issued_as_approved_but_not_at_other_costs(cast, licenseid):
    rate(cast, "SMP-CC", "80")
    approver = limits(cast, quote="30")
    asked = request_for(licenseid, by=cast.staff, changes=REDUCED)
    assert asked.rates == {"SMP-CC": "80"}
    answer(request=asked, is_approved=True, words="", by=approver, now=NOW)
    with pytest.raises(NotNeeded):
        request_for(licenseid, by=cast.staff, changes=REDUCED, key=asked.key)
    rate(cast, "SMP-CC", "81", on=NOW.date())
    with override("en"), pytest.raises(NeedsApproval) as needs, transaction.atomic():
        issue_quote(licenseid, by=cast.staff, changes=REDUCED, key=asked.key)
    assert needs.value.changes == ["Otherwise: cost rates."]
    with override("en"):
        assert present_of(asked, user=cast.staff, now=NOW).changes == []  # as it was loaded: it waits
        asked.refresh_from_db()
        assert present_of(asked, user=cast.staff, now=NOW).changes == ["Otherwise: cost rates."]
    CostRate.objects.filter(percent=81).delete()
    quote = issue_quote(licenseid, by=cast.staff, changes=REDUCED, key=asked.key)
    [event] = QuoteEvent.objects.filter(quote=quote)
    assert event.detail["approval"]["passed"] == [{"kind": "quote-margin"}]
    assert "80" not in str(event.detail["approval"]["passed"])


def test_costs_matter_only_where_a_threshold_asks_for_them(cast, licenseid):
    rate(cast, "SMP-CC", "80")
    let(cast.manager)
    Reseller.objects.filter(pk=cast.aoba.pk).update(approval_reduction=1)
    asked = request_for(licenseid, by=cast.staff, changes=REDUCED)
    answer(request=asked, is_approved=True, words="", by=cast.manager, now=NOW)
    rate(cast, "SMP-CC", "95", on=NOW.date())
    assert issue_quote(licenseid, by=cast.staff, changes=REDUCED, key=asked.key).subtotal == 182_400


def test_figures_are_shown_to_those_who_see_margins_only(cast, licenseid, desk):
    rate(cast, "SMP-CC", "80")
    approver = limits(cast, line="25", quote="30")
    form = desk.post(f"/license-ids/{licenseid.code}/quote/preview/", {}).content.decode()
    asked = request_for(licenseid, by=cast.staff, changes=REDUCED)
    here = reverse("renewals:approval", args=[asked.key])
    theirs = sign_in(approver).get(here).content.decode()
    for figure in ("¥28,800", "15.78", "¥38,400", "20.00", "threshold of 30 %"):
        assert figure in theirs, figure
    blind = [form, desk.get(here).content.decode(), desk.get(reverse("renewals:draft", args=[asked.key])).text]
    for page in blind[1:2]:
        assert "The margin of a line is below the threshold." in page
        assert "The margin of the quote is below the threshold." in page
    for page in blind:
        for figure in ("28,800", "15.78", "38,400", "20.00", "of 30 %", "of 25 %"):
            assert figure not in page, figure


def test_a_batch_knows_of_margins(cast, licenseid):
    rate(cast, "SMP-CC", "80")
    limits(cast, line="25")
    other = make_license_id(cast.customer, "LIC-2002", ("SMP-BS", 45))
    run = reviewed([licenseid, other], cast.staff)
    issue_all(run, cast.staff)
    assert [(code, state) for code, state, _total, _unread in stands(run)] == [
        ("LIC-2001", "approval"),
        ("LIC-2002", "issued"),
    ]
    assert not ApprovalRequest.objects.exists()
