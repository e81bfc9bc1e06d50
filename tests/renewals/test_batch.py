"""Many quotes in one go: priced first, reviewed, numbered last."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import Holding
from quotes.models import Quote, QuoteEvent, QuoteNumber
from quotes.record.transitions import withdraw
from renewals.batch.operations import (
    RunRefused,
    Settings,
    acknowledge,
    follow,
    leave_out,
    open_row,
    pause,
    price_again,
    resume,
    start_issue,
    start_run,
)
from renewals.batch.tasks import issue_run, price_run
from renewals.drafts.operations import save_draft
from renewals.models import QuoteDraft, QuoteRun
from tests.cast import NOW, TODAY, make_license_id, publish_prices
from tests.making import NOTHING, count_rows, fill, given_quote, typed
from tests.renewals.batches import begin, decline, issue_all, press, price, reviewed, row_of, stands, work_issue


@pytest.fixture
def three(cast):
    """One ready (E1), one with a warning (E4's neighbour: two programmes), one refused (E10's product)."""
    return [
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45)),
        make_license_id(cast.customer, "LIC-2", ("SMP-BS", 45), ("SMP-CC", 120)),
        make_license_id(cast.english_customer, "LIC-3", ("SMP-IW", 20)),
    ]


def test_rows_are_ready_to_be_looked_at_or_refused(cast, three):
    run = reviewed(three, cast.staff)
    assert stands(run) == [
        ("LIC-1", "ready", 222_750, ""),
        ("LIC-2", "look", 476_190, "mixed-programmes"),
        ("LIC-3", "refused", None, "below-minimum"),
    ]
    [refusal] = row_of(run, "LIC-3").problems
    assert (refusal["code"], refusal["do_en"]) == (
        "below-minimum",
        "Enter 5 more of it as an addition, or do not renew it.",
    )
    assert refusal["do_ja"].startswith("更新数量は保有数量までのため、不足する 5 を「追加」に入力するか、")
    assert count_rows() == NOTHING


def test_a_tick_for_all_rows_is_the_persons_and_sealed_with_each_quote(cast, three):
    run = reviewed(three, cast.staff)
    assert acknowledge(run=run, code="mixed-programmes", seen_version=run.version, by=cast.colleague, now=NOW) == 1
    issue_all(run, cast.staff)
    first, second = Quote.objects.order_by("pk")
    assert (first.number, second.number) == ("Q2701-0001-00", "Q2701-0002-00")
    assert (first.issued_by, first.acknowledged) == (cast.staff, [])
    [sealed] = second.acknowledged
    assert (sealed["license_id"], sealed["code"], sealed["rule"]) == ("LIC-2", "mixed-programmes", "R6")
    assert (sealed["by"], sealed["by_name"], sealed["at"]) == (
        cast.colleague.pk, cast.colleague.name, "2027-01-15T10:00:00+09:00",
    )  # fmt: skip
    event = QuoteEvent.objects.get(quote=second)
    assert (event.kind, event.position, event.detail["acknowledged"]) == ("issued", 2, ["mixed-programmes"])
    assert [row[1] for row in stands(run)] == ["issued", "issued", "refused"]
    assert {one.key for one in (first, second)} == {row.key for row in run.rows.filter(state="issued")}


def test_what_is_quoted_already_is_left_out_until_it_is_taken_in_and_read(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    quote = given_quote(one, by=cast.staff, changes={"years": "2"})
    run = reviewed([one], cast.staff)
    row = row_of(run, "LIC-1")
    assert (row.state, row.is_left_out, row.unread, row.problems[0]["number"]) == (
        "look", True, " already-quoted ", quote.number,
    )  # fmt: skip
    assert acknowledge(run=run, code="already-quoted", seen_version=run.version, by=cast.staff, now=NOW) == 0
    assert leave_out(run=run, keys=[row.key], is_left_out=False) == 1
    with pytest.raises(RunRefused, match="このページを開いた後に行が変わりました"):  # seen without that row
        acknowledge(run=run, code="already-quoted", seen_version=run.version, by=cast.staff, now=NOW)
    run.refresh_from_db()
    assert acknowledge(run=run, code="already-quoted", seen_version=run.version, by=cast.staff, now=NOW) == 1
    issue_all(run, cast.staff)
    assert Quote.objects.get(key=row.key).number == "Q2701-0002-00"


def test_what_a_colleague_entered_as_not_renewed_is_left_out_and_named(cast):
    """Until somebody takes it in, reads why, and quotes it all the same; what is written anew is read anew."""
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-IM", 30, date(2027, 5, 31)))
    decline(one, "クラウド版へ移行", by=cast.colleague)
    run = reviewed([one], cast.staff)
    row = row_of(run, "LIC-1")
    assert (row.state, row.is_left_out, row.unread) == ("look", True, " mixed-programmes not-renewed ")
    [said] = [one for one in row.problems if one["code"] == "not-renewed"]
    assert (said["license_id"], said["is_refusal"], said["ja"], said["en"]) == (
        "LIC-1",
        False,
        "2027年3月31日満了分は「更新しない」と記録されています（理由：クラウド版へ移行）。",
        "It was entered that what expires on 31 March 2027 is not renewed: クラウド版へ移行",
    )
    leave_out(run=run, keys=[row.key], is_left_out=False)
    run.refresh_from_db()
    for code in ("mixed-programmes", "not-renewed"):
        assert acknowledge(run=run, code=code, seen_version=run.version, by=cast.staff, now=NOW) == 1
    assert row_of(run, "LIC-1").state == "ready"
    press(run, cast.staff)
    decline(one, "他社へ", by=cast.colleague)
    work_issue(run)
    assert (row_of(run, "LIC-1").state, row_of(run, "LIC-1").unread) == ("look", " not-renewed ")
    decline(one, "", by=cast.colleague)
    assert price_again(run=run, keys=[row.key], by=cast.staff, now=NOW) == 1
    assert row_of(run, "LIC-1").problems[-1]["code"] == "mixed-programmes"


def test_one_quote_for_each_customer(cast, three):
    run = reviewed(three[:2], cast.staff, is_per_customer=True, years=3, note="よろしく", with_calculation=True)
    assert [(one[0], one[3]) for one in stands(run)] == [("LIC-1 / LIC-2", "mixed-programmes")]
    acknowledge(run=run, code="mixed-programmes", seen_version=run.version, by=cast.staff, now=NOW)
    issue_all(run, cast.staff)
    quote = Quote.objects.get()
    assert [(part.license_code, part.years) for part in quote.parts.order_by("position")] == [
        ("LIC-1", 3),
        ("LIC-2", 3),
    ]
    assert (quote.total, quote.document["note"]) == (row_of(run, "LIC-1 / LIC-2").total, "よろしく")
    assert quote.document["calculation"] != []


def test_the_same_quote_as_by_the_form(cast):
    """But for number, key and check code, nothing tells them apart."""
    for code in ("LIC-1", "LIC-2"):
        make_license_id(cast.customer, code, ("SMP-CC", 120), ("SMP-IM", 30))
    first, second = (holding.licenseid for holding in Holding.objects.filter(product__code="SMP-CC").order_by("pk"))
    by_form = given_quote(first, by=cast.staff)
    run = reviewed([second], cast.staff)
    issue_all(run, cast.staff)
    in_batch = Quote.objects.get(key=row_of(run, "LIC-2").key)

    def told(quote):
        document = {name: value for name, value in quote.document.items() if name not in ("number", "check")}
        lines = list(quote.lines.order_by("position").values_list("product_code", "quantity", "rank", "amount"))
        steps = [part["steps"] for part in quote.trace]
        told = (document, steps, lines, quote.total, str(quote.valid_until))
        return json.dumps(told, sort_keys=True, default=str).replace("LIC-2", "LIC-1")

    assert told(in_batch) == told(by_form)
    assert bytes(in_batch.pdf.content).startswith(b"%PDF")


def test_nothing_of_another_resellers_and_not_too_many(cast, three):
    foreign = make_license_id(cast.foreign_customer, "LIC-9", ("SMP-BS", 45))
    for license_ids, said in [
        ([three[0].pk, foreign.pk], "貴社のお客様のものではないものがあります"),
        ([], "ライセンスIDを1件以上選択してください。"),
        (range(1, 10_002), "一括見積は一度に 10,000 件までです"),
    ]:
        with pytest.raises(RunRefused, match=said):
            start_run(license_ids=license_ids, settings=Settings(), task=price_run, by=cast.staff, now=NOW)
    assert not QuoteRun.objects.exists()


def test_whoever_presses_has_seen_how_many_and_what_they_come_to(cast, three):
    run = reviewed(three, cast.staff)
    for seen in [(2, 222_750), (1, 222_751)]:
        with pytest.raises(RunRefused, match="現在 1 件、合計 ¥222,750 です"):
            start_issue(run=run, seen_count=seen[0], seen_total=seen[1], task=issue_run, by=cast.staff, now=NOW)
    assert press(run, cast.staff) == 1
    with pytest.raises(RunRefused, match="この一括見積は処理中です"):
        press(run, cast.colleague)
    with pytest.raises(RunRefused, match="行が変わりました"):
        acknowledge(run=run, code="mixed-programmes", seen_version=run.version - 1, by=cast.staff, now=NOW)


def test_what_changed_since_the_review_is_not_issued_and_says_what(cast):
    rows = [make_license_id(cast.customer, f"LIC-{at}", ("SMP-BS", 45)) for at in range(1, 5)]
    run = reviewed(rows, cast.staff)
    Holding.objects.filter(licenseid=rows[0]).update(quantity=50)
    given_quote(rows[1], by=cast.colleague, changes={"years": "2"})
    rows[2].customer = cast.foreign_customer
    rows[2].save()
    issue_all(run, cast.staff)
    assert stands(run) == [
        ("LIC-1", "look", 231_000, "changed"),
        ("LIC-2", "look", 222_750, "already-quoted"),
        ("LIC-3", "refused", None, "license-id-gone"),
        ("LIC-4", "issued", 222_750, ""),
    ]
    assert row_of(run, "LIC-1").changed["en"] == "What is held has changed: LIC-1."
    assert Quote.objects.filter(key__in=run.rows.values("key")).count() == 1
    assert QuoteNumber.objects.get().last == 2
    run.refresh_from_db()
    acknowledge(run=run, code="changed", seen_version=run.version, by=cast.staff, now=NOW)
    issue_all(run, cast.staff)
    assert Quote.objects.get(key=row_of(run, "LIC-1").key).total == 231_000


def test_a_price_list_published_since_is_told_and_not_issued(cast):
    run = reviewed([make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))], cast.staff)
    publish_prices("2027年1月改定", TODAY, by=cast.admin, percent=110)
    issue_all(run, cast.staff)
    row = row_of(run, "LIC-1")
    assert (row.state, row.total) == ("look", 245_025)
    assert row.changed["en"].startswith("The amount has changed: ¥222,750, now ¥245,025. Prices: ")
    assert not Quote.objects.exists()


def test_a_row_opened_in_the_form_follows_its_draft(cast, three):
    run = reviewed(three[:1], cast.staff)
    row = row_of(run, "LIC-1")
    assert open_row(row=row, by=cast.staff, now=NOW) == open_row(row=row, by=cast.staff, now=NOW) == row.key
    form = fill(three[0], {"years": "2", "subject": "別の件名", "key": str(row.key), "seen_version": "1"})
    save_draft(
        key=row.key, licenseids=[three[0]], pricing=None, saved_by=cast.staff, now=NOW, seen_version=1, **typed(form)
    )
    assert follow(run=run, by=cast.staff, now=NOW) == 1
    assert follow(run=run, by=cast.staff, now=NOW) == 0
    assert stands(run) == [("LIC-1", "ready", 445_500, "")]
    issue_all(run, cast.staff)
    quote = Quote.objects.get()
    assert (quote.key, quote.subject, quote.total) == (row.key, "別の件名", 445_500)
    assert not QuoteDraft.objects.exists()


def test_a_draft_saved_after_the_review_is_not_issued_unseen(cast, three):
    run = reviewed(three[:1], cast.staff)
    open_row(row=row_of(run, "LIC-1"), by=cast.staff, now=NOW)
    issue_all(run, cast.staff)
    row = row_of(run, "LIC-1")
    assert (row.state, row.changed["en"]) == ("look", "Its draft was saved since.")
    assert (Quote.objects.count(), QuoteDraft.objects.count()) == (0, 1)


def test_what_its_form_issued_is_issued(cast, three):
    run = reviewed(three[:1], cast.staff)
    row = row_of(run, "LIC-1")
    given_quote(three[0], by=cast.staff, key=row.key, changes={"years": "2"})
    assert follow(run=run, by=cast.staff, now=NOW) == 1
    assert stands(run) == [("LIC-1", "issued", 445_500, "")]
    with pytest.raises(RunRefused):
        open_row(row=row_of(run, "LIC-1"), by=cast.staff, now=NOW)


def test_an_identical_quote_of_the_day_is_asked_about_once(cast, three):
    quote = given_quote(three[0], by=cast.staff)
    withdraw(quote=quote, by=cast.staff, reason="誤り", now=NOW)
    run = reviewed(three[:1], cast.staff)
    issue_all(run, cast.staff)
    row = row_of(run, "LIC-1")
    assert (row.state, row.changed["code"]) == ("look", "issued-alike")
    run.refresh_from_db()
    acknowledge(run=run, code="changed", seen_version=run.version, by=cast.staff, now=NOW)
    issue_all(run, cast.staff)
    assert Quote.objects.get(key=row.key).number == "Q2701-0002-00"


def test_paused_and_gone_on_with(cast, three):
    run = reviewed(three[:1], cast.staff)
    press(run, cast.staff)
    pause(run=run, kind="issue", by=cast.colleague, now=NOW)
    work_issue(run)
    assert not Quote.objects.exists()
    leave_out(run=run, keys=[row_of(run, "LIC-1").key], is_left_out=True)
    resume(run=run, kind="issue", by=cast.colleague, now=NOW)
    work_issue(run)
    assert not Quote.objects.exists()
    leave_out(run=run, keys=[row_of(run, "LIC-1").key], is_left_out=False)
    issue_all(run, cast.staff)
    assert Quote.objects.get().issued_by == cast.staff


def test_who_lost_the_right_issues_nothing(cast, three):
    run = reviewed(three[:1], cast.staff)
    press(run, cast.staff)
    cast.staff.is_active = False
    cast.staff.save()
    work_issue(run)
    assert not Quote.objects.exists()
    assert run.works.filter(kind="issue").get().batch.state == "failed"


def test_what_was_put_right_is_priced_again(cast, three):
    run = reviewed(three, cast.staff)
    row = row_of(run, "LIC-3")
    Holding.objects.filter(licenseid=three[2]).update(quantity=25)
    assert price_again(run=run, keys=[row.key], by=cast.staff, now=NOW) == 1
    assert row_of(run, "LIC-3").state == "ready"


def test_many_rows_take_as_many_queries_as_few(cast):
    counts = []
    for first, count in ((0, 1), (50, 1), (100, 20)):  # the first reads the price list
        rows = [make_license_id(cast.customer, f"LIC-{first + at}", ("SMP-BS", 45)) for at in range(count)]
        run = begin(rows, cast.staff)
        with CaptureQueriesContext(connection) as pricing:
            price(run)
        press(run, cast.staff)
        with CaptureQueriesContext(connection) as issuing:
            work_issue(run)
        each = ('UPDATE "quotes_eventchain"', 'INSERT INTO "quotes_quote"', 'INSERT INTO "quotes_quotedocument"')
        chain = [one for one in issuing.captured_queries if one["sql"].startswith(each)]
        counts.append((len(pricing), len(issuing) - len(chain)))
    assert counts[1] == counts[2]
