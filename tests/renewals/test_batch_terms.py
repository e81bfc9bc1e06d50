"""A batch with terms of its own, and with what was offered and charged in a row that was opened."""

from datetime import timedelta

from quotes.models import Quote
from renewals.asked import AskedTerms, from_json
from renewals.batch.forms import SettingsForm
from renewals.batch.operations import open_row, price_again
from renewals.batch.review import lay_out
from renewals.drafts.operations import save_draft
from tests.cast import NOW, TODAY, make_license_id
from tests.making import fill, holding_of
from tests.renewals.batches import issue_all, price, reviewed, row_of, stands

TERMS = AskedTerms(payment_terms="検収後30日以内", remarks="分割納品可", valid_days=10)
REASON = "競合対策のため"


def test_terms_of_the_run_are_those_of_its_quotes(cast):
    form = SettingsForm(
        {
            "years": "1",
            "per": "each",
            "payment_terms": "検収後30日以内",
            "remarks": "分割納品可",
            "valid_days": "１０日",
        }
    )
    assert form.is_valid(), form.errors
    assert form.settings().terms == TERMS
    wrong = SettingsForm({"years": "1", "per": "each", "valid_days": "0"})
    assert wrong.errors == {"valid_days": ["1～365日で入力してください。"]}
    run = reviewed([make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))], cast.staff, terms=TERMS)
    issue_all(run, cast.staff)
    quote = Quote.objects.get()
    assert from_json(quote.asked).terms == TERMS
    assert (quote.document["payment_terms"], quote.document["remarks"]) == ("検収後30日以内", "分割納品可")
    assert quote.valid_until == TODAY + timedelta(days=10)
    assert quote.document["delivery"] == cast.aoba.delivery


def opened(cast, changes):
    """A run of one row that was opened, changed and priced again."""
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-CC", 100))
    run = reviewed([licenseid], cast.staff)
    row = row_of(run, "LIC-1")
    open_row(row=row, by=cast.staff, now=NOW)
    form = fill(licenseid, {**changes(licenseid), "key": str(row.key)})
    save_draft(
        key=row.key, licenseids=[licenseid], asked=form.to_asked(), as_typed=form.as_typed(), pricing=None,
        saved_by=cast.staff, now=NOW, seen_version=1,
    )  # fmt: skip
    price_again(run=run, keys=[row.key], by=cast.staff, now=NOW)
    return price(run)


def test_offers_and_free_lines_of_an_opened_row_are_issued_with_it(cast):
    run = opened(
        cast,
        lambda one: {
            f"offered-{holding_of(one).pk}": "10 %", "reduction": "2,800", "offer_reason": REASON,
            "free-0-description": "設定作業費", "free-0-quantity": "1", "free-0-price": "30,000",
            "free-0-tax": "standard",
        },
    )  # fmt: skip
    assert stands(run) == [("LIC-1", "ready", 220_000, "")]
    [shown] = lay_out(run.rows.all(), user=cast.staff)
    assert [line.name for line in shown.lines][-1] == "設定作業費"
    assert REASON not in str([line for line in shown.lines])
    issue_all(run, cast.staff)
    quote = Quote.objects.get()
    assert (quote.subtotal, quote.total) == (200_000, 220_000)
    asked = from_json(quote.asked)
    assert (asked.reduction, asked.offer_reason, asked.free_lines[0].description) == (2_800, REASON, "設定作業費")
    assert quote.document["offers"]["list_subtotal"] == 192_000


def test_what_is_wrong_with_the_whole_refuses_the_row_and_says_why(cast):
    run = opened(cast, lambda one: {"reduction": "192,001"})
    row = row_of(run, "LIC-1")
    assert (row.state, row.total) == ("refused", None)
    assert [(one["code"], one["ja"]) for one in row.problems] == [
        (
            "reduction-out-of-range",
            "見積全体の値引きが ¥192,001 です。値引きは0円から明細の合計 ¥192,000（税抜）までです。",
        ),
    ]
    assert row.problems[0]["do_ja"]
