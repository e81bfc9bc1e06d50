"""New prices at midnight in Japan: what the form, a draft and an issue do on either side of it (R13)."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from quotes.models import Quote
from renewals.models import QuoteDraft
from tests.cast import make_license_id, publish_prices, sign_in
from tests.making import count_rows, everything_written, holding_of
from tests.page import Page, open_form, send
from tests.renewals.sheets import saved

URL = "/license-ids/LIC-1001/quote/"
LAST_SECOND = datetime(2027, 1, 31, 14, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2027, 1, 31, 15, 0, 0, tzinfo=UTC)
BEFORE, AFTER = "¥222,750", "¥445,500"
AMOUNT_CHANGED = (
    "The quote was not issued. The amount has changed since it was last shown. Check it, then issue the quote."
)


@pytest.fixture
def desk(cast, licenseid, clock):
    """Aoba's staff, in the last second before all prices double."""
    publish_prices("2027年2月版", date(2027, 2, 1), by=cast.admin, percent=200)
    clock.move_to(LAST_SECOND)
    return sign_in(cast.staff)


@pytest.fixture
def draft(cast, desk, licenseid):
    """Saved in the last second before."""
    with translation.override("en"):
        return saved(licenseid, by=cast.staff, now=LAST_SECOND)


def test_the_form_shows_the_prices_of_the_day(desk, clock):
    page = open_form(desk, URL)
    assert page.total == BEFORE
    assert page.sums["Valid until"] == "31 January 2027 (before new prices)"
    clock.move_to(MIDNIGHT)
    page = open_form(desk, URL)
    assert page.total == AFTER
    assert page.sums["Valid until"] == "3 March 2027"
    assert "“2027年2月版”, SMP-BS rank C: renewal price" in page.lines[0]


def test_the_preview_shows_the_prices_of_the_day(desk, clock):
    entry = open_form(desk, URL).fields
    assert Page(send(desk, f"{URL}preview/", entry)).total == BEFORE
    clock.move_to(MIDNIGHT)
    assert Page(send(desk, f"{URL}preview/", entry)).total == AFTER


def test_issued_before_midnight_at_the_old_price(desk):
    send(desk, URL, open_form(desk, URL).fields, "issue")
    quote = Quote.objects.get()
    assert (quote.total, quote.issued_on, quote.price_list.name) == (222_750, date(2027, 1, 31), "2026年10月版")
    assert (quote.number, quote.valid_until) == ("Q2701-0001-00", date(2027, 1, 31))


def test_issued_after_midnight_at_the_new_price(desk, clock):
    clock.move_to(MIDNIGHT)
    send(desk, URL, open_form(desk, URL).fields, "issue")
    quote = Quote.objects.get()
    assert (quote.total, quote.issued_on, quote.price_list.name) == (445_500, date(2027, 2, 1), "2027年2月版")
    assert (quote.number, quote.valid_until) == ("Q2702-0001-00", date(2027, 3, 3))


def test_a_page_opened_before_midnight_is_not_issued_unseen(desk, clock):
    entry = open_form(desk, URL).fields
    clock.move_to(MIDNIGHT)
    nothing = count_rows()
    page = Page(send(desk, URL, entry, "issue"))
    assert (page.status, page.notices, page.total) == (422, [AMOUNT_CHANGED], AFTER)
    assert page.fields["seen_total"] == ["445500"]
    assert {
        name: value for name, value in page.fields.items() if name not in {"seen_total", "csrfmiddlewaretoken"}
    } == {name: value for name, value in entry.items() if name not in {"seen_total", "csrfmiddlewaretoken"}}
    assert count_rows() == nothing
    send(desk, URL, page.fields, "issue")
    assert Quote.objects.get().total == 445_500


def test_without_the_amount_that_was_on_screen_nothing_is_issued(desk):
    nothing, entry = count_rows(), open_form(desk, URL).fields
    for seen in ("", None, "222751", "0", "-1"):
        page = Page(send(desk, URL, entry | {"seen_total": seen}, "issue"))
        assert (page.status, page.notices, page.total) == (422, [AMOUNT_CHANGED], BEFORE), seen
    assert count_rows() == nothing


def test_an_entry_that_was_not_calculated_is_shown_first(desk):
    """Without JavaScript somebody changes the term and presses issue at once."""
    page = Page(send(desk, URL, open_form(desk, URL).fields | {"years": "2"}, "issue"))
    assert (page.status, page.notices, page.total) == (422, [AMOUNT_CHANGED], "¥445,500")
    assert Quote.objects.count() == 0


def test_a_draft_says_both_amounts_when_the_price_has_changed(desk, draft, clock):
    assert (draft.priced_on, draft.priced_total) == (date(2027, 1, 31), 222_750)
    url = f"/drafts/{draft.key}/"
    assert open_form(desk, url).notices == []
    clock.move_to(MIDNIGHT)
    rows = everything_written()
    page = open_form(desk, url)
    assert page.notices == ["The price has changed since the draft was saved: ¥222,750 then, ¥445,500 today."]
    assert page.total == AFTER
    assert everything_written() == rows, "opening a draft does not save it"
    send(desk, url, page.fields, "save")
    draft.refresh_from_db()
    assert (draft.priced_on, draft.priced_total) == (date(2027, 2, 1), 445_500)
    assert open_form(desk, url).notices == []


def test_a_draft_opened_before_midnight_is_not_issued_unseen(desk, draft, clock):
    url = f"/drafts/{draft.key}/"
    entry = open_form(desk, url).fields
    clock.move_to(MIDNIGHT)
    page = Page(send(desk, url, entry, "issue"))
    assert (page.status, page.notices, page.total) == (422, [AMOUNT_CHANGED], AFTER)
    assert (Quote.objects.count(), QuoteDraft.objects.count()) == (0, 1)


def test_a_draft_that_cannot_be_quoted_any_more_says_so(cast, desk, draft, clock):
    publish_prices("欠版", date(2027, 2, 2), by=cast.admin, without="SMP-BS")
    clock.move_to(datetime(2027, 2, 1, 15, tzinfo=UTC))
    page = open_form(desk, f"/drafts/{draft.key}/")
    assert page.notices == ["The draft was saved at ¥222,750, but cannot be quoted today."]
    assert page.codes == ["no-price-table"]
    assert page.total == "–"


def test_a_list_without_the_product_is_refused_by_name(cast, desk, licenseid, clock):
    """Bad input of the price admin: named are the product and the list."""
    entry = open_form(desk, URL).fields
    publish_prices("欠版", date(2027, 2, 2), by=cast.admin, without="SMP-BS")
    clock.move_to(datetime(2027, 2, 1, 15, tzinfo=UTC))
    nothing = count_rows()
    page = Page(send(desk, URL, entry, "issue"))
    assert (page.status, page.codes) == (422, ["no-price-table"])
    assert page.errors_of(str(holding_of(licenseid).pk)) == [
        "SMP-BS has no price table in “欠版”, the price list in force on 2027-02-02."
    ]
    japanese = Page(send(sign_in(cast.staff, language="ja"), URL, entry, "issue"))
    assert japanese.refusals == [
        (
            "no-price-table",
            "2027/02/02 に有効な価格表「欠版」に ウイルスバスター ビジネスセキュリティサービス（SMP-BS） が"
            "ありません。 "
            "この製品を見積から外すか、価格表の管理者に公開を依頼してください。",
        )
    ]
    assert count_rows() == nothing


def test_before_the_first_list_nothing_has_a_price(cast, clock):
    make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45))
    clock.move_to(datetime(2026, 9, 30, 14, 59, 59, tzinfo=UTC))
    page = open_form(sign_in(cast.staff), "/license-ids/LIC-1002/quote/")
    assert page.codes == ["no-price-table"]
    assert page.refusals[0][1].startswith(
        "No price list is in force on 2026-09-30, so "
        "ウイルスバスター ビジネスセキュリティサービス (SMP-BS) has no price."
    )


def test_the_addition_is_summed_until_the_day_of_expiry_ends(cast, clock):
    """R7 by the clock: 45 + 10 is rank C, 45 alone is rank B."""
    make_license_id(cast.customer, "LIC-1002", ("SMP-CC", 45), expires=date(2027, 1, 20))
    url = "/license-ids/LIC-1002/quote/"
    totals = []
    for moment in (datetime(2027, 1, 20, 14, 59, 59, tzinfo=UTC), datetime(2027, 1, 20, 15, tzinfo=UTC)):
        clock.move_to(moment)
        desk = sign_in(cast.staff)
        added = {"addition-0-product": "SMP-CC", "addition-0-quantity": "10"}
        page = Page(send(desk, url, open_form(desk, url).fields | added, "calculate"))
        totals.append((page.sums["Subtotal (10 % tax)"], list(page.warnings)))
    # 2,180 x 45 + 4,370 x 10; then 2,390 x 45 + 5,200 x 10
    assert totals == [("¥141,800", []), ("¥159,550", ["support-expired"])]
