"""What own lines cost a reseller: said by those who see margins, counted for everybody, seen by nobody else."""

from decimal import Decimal

import pytest
from django.urls import reverse

from pricing.models import CostRate
from quotes.archive.verification import Report, verify_records
from quotes.margins.uncovered import uncovered_between
from quotes.models import Quote, QuoteMargin
from quotes.record.margins import own_costs_of, stages_of
from quotes.record.transitions import record_order
from renewals.approval.operations import answer
from renewals.asked import AskedFreeLine, from_json, to_json
from renewals.batch.operations import follow, open_row
from renewals.calculation.own_costs import KnownCosts
from renewals.issue.thresholds import say_passed
from renewals.models import ApprovalRequest, QuoteDraft, QuoteRun, StandingLine
from renewals.revisions.operations import begin_revision
from renewals.standing_lines.operations import Standing, save_standing_lines
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.page import Page, open_form, send
from tests.renewals.approving import let
from tests.renewals.batches import issue_all, reviewed, row_of
from tests.renewals.test_margins_unseen import told_in

LINE = {"description": "設定作業費", "quantity": "2", "unit": "式", "price": "25,000", "tax": "standard"}
TYPED = {f"free-0-{name}": [text] for name, text in LINE.items()}
MARKS = ("7,321", "7321", "14,642", "14642", "35,358", "35358")
"""What one costs; both of them; what is left of ¥50,000."""


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-7001", ("SMP-CC", 100))


@pytest.fixture
def rate(cast):
    product = cast.products["SMP-CC"]
    return CostRate.objects.create(reseller=cast.aoba, product=product, percent=Decimal(80), effective_on=TODAY)


def standing(cast, cost):
    save_standing_lines(
        reseller=cast.aoba, lines=[Standing("設定作業費", "式", 25_000, "standard", cost)], look=lambda _reseller: None
    )


def press(client, address, changes, action):
    """Look at what stands there with these changes, then press."""
    page = open_form(client, address)
    shown = Page(send(client, address, {**page.fields, **changes}))
    return send(client, address, {**shown.fields, **changes}, action)


def seen_in(page):
    return [mark for mark in MARKS if mark in page.content.decode()]


def own_line(quote):
    [row] = QuoteMargin.objects.filter(quote=quote, stage="quoted")
    return row.lines[-1]


def test_a_manager_says_it_in_the_form_and_the_quote_keeps_it(cast, rate, licenseid):
    desk, address = sign_in(cast.manager, language="ja"), reverse("renewals:new", args=["LIC-7001"])
    page = open_form(desk, address)
    typed = {**page.fields, **TYPED, "free-0-cost": ["￥７，３２１"]}
    shown = Page(send(desk, address, typed))
    assert "原価 ¥14,642 (¥7,321 × 2), 粗利 ¥35,358 (70.71 %)" in shown.text
    send(desk, address, shown.fields, "issue")
    quote = Quote.objects.get()
    assert own_line(quote) == {
        "number": 2, "product_code": "", "list_amount": 50_000, "amount": 50_000, "quantity": 2, "unit_cost": 7_321,
    }  # fmt: skip
    [quoted, *_later] = stages_of(cast.manager, quote)
    assert (quoted.figures.cost, quoted.figures.margin, quoted.figures.is_covered) == (168_242, 73_758, True)
    assert told_of(quote) == []
    record_order(quote=quote, by=cast.staff, now=NOW)
    assert {stage.stage: stage.cost for stage in stages_of(cast.manager, quote)}["ordered"] == 168_242
    assert [*verify_records(report=Report())] == []
    assert own_costs_of(quote.pk) == [("設定作業費", 7_321)]


def told_of(quote):
    stored = str((quote.document, quote.asked, quote.trace, quote.acknowledged, [e.detail for e in quote.events.all()]))
    return [mark for mark in MARKS if mark in stored] + told_in(bytes(quote.pdf.content))


def test_staff_take_a_standing_line_and_never_see_what_it_costs(cast, rate, licenseid):
    standing(cast, 7_321)
    cast.staff.may_see_margins = False
    desk, address = sign_in(cast.staff, language="ja"), reverse("renewals:new", args=["LIC-7001"])
    page = open_form(desk, address)
    taken = send(desk, address, page.fields, f"take-free {StandingLine.objects.get().pk}")
    assert seen_in(taken) == []
    assert "free-0-cost" not in Page(taken).fields
    fields = {**Page(taken).fields, "free-0-quantity": ["2"]}
    saved = send(desk, address, fields, "save")
    draft = QuoteDraft.objects.get()
    assert (saved.status_code, draft.own_costs, "unit_cost" in str(draft.asked)) == (302, [], False)
    opened = desk.get(reverse("renewals:draft", args=[draft.key]))
    assert seen_in(opened) == []
    send(desk, reverse("renewals:draft", args=[draft.key]), Page(opened).fields, "issue")
    quote = Quote.objects.get()
    assert own_line(quote)["unit_cost"] == 7_321
    assert told_of(quote) == []
    assert seen_in(desk.get(reverse("quotes:detail", args=[quote.key]))) == []
    assert "¥35,358" in sign_in(cast.manager).get(reverse("quotes:detail", args=[quote.key])).content.decode()


def test_what_a_manager_said_stays_when_staff_save_the_draft(cast, rate, licenseid):
    standing(cast, 9_999)
    boss, desk = sign_in(cast.manager, language="ja"), sign_in(cast.staff, language="ja")
    address = reverse("renewals:new", args=["LIC-7001"])
    page = open_form(boss, address)
    typed = {**page.fields, **TYPED, "free-0-cost": ["7321"]}
    send(boss, address, typed, "save")
    draft = QuoteDraft.objects.get()
    assert draft.own_costs == [["設定作業費", 7_321]]
    here = reverse("renewals:draft", args=[draft.key])
    opened = desk.get(here)
    assert seen_in(opened) == []
    changed = {**Page(opened).fields, "free-0-quantity": ["3"], "free-0-price": ["26,000"]}
    assert send(desk, here, changed, "save").status_code == 302
    draft.refresh_from_db()
    assert (draft.version, draft.own_costs) == (2, [["設定作業費", 7_321]])
    assert Page(boss.get(here)).fields["free-0-cost"] == ["7,321"]
    emptied = {**Page(boss.get(here)).fields, "free-0-cost": [""]}
    send(boss, here, emptied, "save")
    draft.refresh_from_db()
    assert (draft.version, draft.own_costs) == (3, [["設定作業費", None]])  # it is not known, the standing line aside
    send(boss, here, Page(boss.get(here)).fields, "issue")
    assert "unit_cost" not in own_line(Quote.objects.get())


def test_a_revision_knows_what_was_known_of_the_quote(cast, rate, licenseid):
    standing(cast, 7_321)
    desk, address = sign_in(cast.staff, language="ja"), reverse("renewals:new", args=["LIC-7001"])
    press(desk, address, TYPED, "issue")
    first = Quote.objects.get()
    standing(cast, 100)
    draft, *_others = begin_revision(quote=first, by=cast.staff, now=NOW)
    here = reverse("renewals:draft", args=[draft.key])
    press(desk, here, {"free-0-quantity": ["5"]}, "issue")
    assert own_line(Quote.objects.get(revision=1))["unit_cost"] == 7_321


@pytest.mark.parametrize(
    ("typed", "error"),
    [("-1", ""), ("abc", ""), ("1.5", ""), ("99999999999", "¥9999999999以下で入力してください。")],
)
def test_what_is_typed_wrongly_is_said_at_its_field_and_stays(cast, rate, licenseid, typed, error):
    desk, address = sign_in(cast.manager, language="ja"), reverse("renewals:new", args=["LIC-7001"])
    page = open_form(desk, address)
    fields = {**page.fields, **TYPED, "free-0-cost": [typed]}
    refused = send(desk, address, fields, "issue")
    shown = Page(refused)
    assert (refused.status_code, Quote.objects.count(), shown.fields["free-0-cost"]) == (422, 0, [typed])
    assert error in shown.text


def test_nobody_without_the_right_can_send_it(cast, rate, licenseid):
    desk, address = sign_in(cast.staff, language="ja"), reverse("renewals:new", args=["LIC-7001"])
    page = open_form(desk, address)
    fields = {**page.fields, **TYPED, "free-0-cost": ["1"]}
    assert send(desk, address, fields, "issue").status_code == 422
    assert Quote.objects.count() == 0


def test_thresholds_know_it_and_what_was_approved_is_asked_anew_at_another_cost(cast, rate, licenseid):
    cast.aoba.approval_unrated, cast.aoba.approval_quote_margin = True, Decimal(35)
    cast.aoba.save()
    let(cast.manager)
    standing(cast, None)
    desk, address = sign_in(cast.staff, language="ja"), reverse("renewals:new", args=["LIC-7001"])
    press(desk, address, TYPED, "ask-approval")
    request = ApprovalRequest.objects.get()
    assert [one["kind"] for one in request.passed] == ["quote-margin", "unrated"]
    assert "設定作業費" in say_passed(request.passed[1], with_margins=False)
    answer(request=request, is_approved=True, words="", by=cast.manager, now=NOW)
    standing(cast, 7_321)  # 73,758 of 242,000 are 30.47 %
    here = reverse("renewals:draft", args=[QuoteDraft.objects.get().key])
    press(desk, here, {}, "issue")
    assert Quote.objects.count() == 0
    press(desk, here, {}, "ask-approval")
    request = ApprovalRequest.objects.filter(state="waiting").get()
    assert [one["kind"] for one in request.passed] == ["quote-margin"]
    assert request.rates == {"SMP-CC": "80", " free:0": "7321"}
    shown = sign_in(cast.manager, language="ja").get(reverse("renewals:approval", args=[request.key]))
    assert "¥73,758" in shown.content.decode()
    assert "73,758" not in desk.get(reverse("renewals:approval", args=[request.key])).content.decode()


def test_a_batch_counts_them(cast, rate, licenseid):
    standing(cast, 7_321)
    run: QuoteRun = reviewed([licenseid], cast.staff)
    row = row_of(run, "LIC-7001")
    open_row(row=row, by=cast.staff, now=NOW)
    desk, here = sign_in(cast.staff, language="ja"), reverse("renewals:draft", args=[row.key])
    fields = {**Page(desk.get(here)).fields, **TYPED}
    send(desk, here, fields, "save")
    follow(run=run, by=cast.staff, now=NOW)
    row = row_of(run, "LIC-7001")
    assert (row.subtotal, row.covered, row.cost, row.uncovered_lines) == (242_000, 242_000, 168_242, 0)
    issue_all(run, cast.staff)
    assert own_line(Quote.objects.get())["unit_cost"] == 7_321


def test_the_margin_page_names_what_is_still_without(cast, rate, licenseid):
    other = make_license_id(cast.customer, "LIC-7002", ("SMP-CC", 100), ("SMP-BS", 45))
    desk = sign_in(cast.staff, language="ja")
    address = reverse("renewals:new", args=[other.code])
    press(desk, address, {**TYPED, "acknowledge": ["mixed-programmes"]}, "issue")
    assert Quote.objects.count() == 1
    after = TODAY.replace(day=28)
    told = [(one.code, one.lines, one.amount) for one in uncovered_between(cast.manager, TODAY.replace(day=1), after)]
    assert told == [("SMP-BS", 1, 202_500), ("", 1, 50_000)]
    assert uncovered_between(cast.staff, TODAY.replace(day=1), after) == []
    shown = sign_in(cast.manager, language="ja").get(f"/margins/?month={TODAY:%Y-%m}").content.decode()
    assert "原価が未登録のもの" in shown
    assert "設定作業費" in shown


def test_of_lines_that_are_called_alike_each_has_its_own():
    known = KnownCosts({"作業": [1, None, 3]}, {"作業": 9, "出張費": 4})
    assert known.of(["作業", "出張費", "作業", "作業", "作業", "他"]) == [1, 4, None, 3, 3, None]


def test_it_is_no_part_of_what_is_stored(cast, licenseid):
    line = AskedFreeLine("作業", 1, "式", 10, "standard", 7_321)
    asked = from_json({"parts": [{"license_id": "L", "years": 1, "is_reduced": False, "holdings": []}]})
    stored = to_json(type(asked)(parts=asked.parts, free_lines=(line,), says_costs=True))
    assert "7321" not in str(stored)
    assert from_json(stored).free_lines[0].unit_cost is None
    assert line == AskedFreeLine("作業", 1, "式", 10, "standard")
