"""The renewal form as a page: open it, calculate, the live preview, additions, issue."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes.models import Quote
from tests.cast import make_license_id, sign_in
from tests.making import everything_written, holding_of
from tests.page import Page, open_form, send
from tests.quotes.answers import URL, kept

# --- The way without JavaScript -------------------------------------------------------------------------------------


def test_the_page_shows_what_is_held_and_what_it_costs(desk, licenseid):
    page = open_form(desk, URL)
    assert page.total == "¥222,750"
    assert page.sums == {
        "Subtotal (10 % tax)": "¥202,500",
        "Consumption tax": "¥20,250",
        "Valid until": "14 February 2027",
    }
    assert [page.by_id(f"total-{years}").text() for years in range(1, 7)] == [
        "¥222,750", "¥445,500", "¥668,250", "¥891,000", "¥1,113,750", "¥1,336,500",
    ]  # fmt: skip
    assert page.by_id(f"rank-{holding_of(licenseid).pk}").text() == "C"
    assert (page.refusals, page.warnings, page.notices) == ([], {}, [])
    for said in ("株式会社髙﨑製作所", "LIC-1001", "31 March 2027", "75 days left", "SMP-BS"):
        assert said in page.text
    assert [element["value"] for element in page.all(lambda e: e.tag == "button" and e["name"] == "action")] == [
        "calculate", "remove-0", "add-row", "decision LIC-1001", "remove-free-0", "add-free-row", "add-contact",
        "calculate", "save", "issue",
    ]  # fmt: skip


def test_calculate_shows_the_new_amount_and_keeps_what_was_typed(desk, licenseid, entry):
    before = everything_written()
    typed = entry | {
        "years": ["3"],
        "is_reduced": ["on"],
        f"quantity-{holding_of(licenseid).pk}": ["２０"],
        "note": ["備考\n二行目"],
        "subject": ['<b>更新</b> & "引用"'],
        "with_calculation": ["on"],
    }
    page = Page(send(desk, URL, typed, "calculate"))
    assert (page.status, page.total) == (200, "¥313,500")
    assert kept(page, typed) == {}
    assert page.fields["seen_total"] == ["313500"]
    assert page.by_id(f"rank-{holding_of(licenseid).pk}").text() == "C →becomes B"
    assert "Keeping everything would cost ¥607,500 (tax excluded). The reduction saves ¥322,500." in page.text
    assert everything_written() == before


def test_enter_calculates(desk, entry):
    """The first button of the form is the one that Enter presses; without any, nothing is issued either."""
    for action in ("calculate", "", "unknown"):
        page = Page(send(desk, URL, entry | {"years": ["2"]}, action))
        assert (page.status, page.total) == (200, "¥445,500")
    assert Quote.objects.count() == 0


def test_rows_are_added_one_by_one(desk, entry):
    typed = entry | {"addition-0-product": ["SMP-BS"], "addition-0-quantity": ["5"]}
    page = Page(send(desk, URL, typed, "add-row"))
    assert (page.status, page.total) == (200, "¥231,000")  # 50 reach rank D: 4,200 x 45 + 4,200 x 5
    assert kept(page, typed) == {}
    assert [name for name in page.fields if name.startswith("addition-")] == [
        "addition-0-product", "addition-0-quantity", "addition-0-offered",
        "addition-1-product", "addition-1-quantity", "addition-1-offered",
    ]  # fmt: skip
    page = Page(send(desk, URL, page.fields, "add-row"))
    assert "addition-2-product" in page.fields
    page = Page(send(desk, URL, page.fields, "calculate"))
    assert "addition-2-product" in page.fields
    assert "addition-3-product" not in page.fields


def test_there_is_an_end_to_adding_rows(desk, entry):
    page = Page(send(desk, URL, entry | {"addition-19-product": [""], "addition-19-quantity": [""]}, "add-row"))
    assert page.status == 200
    assert "addition-19-product" in page.fields
    assert "addition-20-product" not in page.fields


def test_issue_leads_to_the_quote(desk, entry):
    response = send(desk, URL, entry, "issue")
    quote = Quote.objects.get()
    assert (response.status_code, response.url) == (302, f"/quotes/{quote.key}/")
    assert str(quote.key) == entry["key"][0]
    page = open_form(desk, response.url)
    assert page.messages == ["Quote Q2701-0001-00 was issued."]
    assert page.total == "¥222,750"
    again = open_form(desk, URL)
    assert again.fields["key"] != entry["key"]
    assert "Last quote Q2701-0001-00" in again.text


def test_the_forms_texts_in_japanese(cast, licenseid):
    desk = sign_in(cast.staff, language="ja")
    page = Page(send(desk, URL, open_form(desk, URL).fields | {"years": ["7"]}, "issue"))
    assert page.refusals == [
        ("term-out-of-range", "更新は1年から6年までです（入力：7年）。 1〜6年から選んでください。")
    ]


# --- Live preview ---------------------------------------------------------------------------------------------------


def test_the_preview_writes_nothing(desk, licenseid, entry):
    before = everything_written()
    page = Page(send(desk, f"{URL}preview/", entry | {"years": ["6"]}, headers={"hx-request": "true"}))
    assert (page.status, page.total) == (200, "¥1,336,500")
    assert page.by_id("total-1").text() == "¥222,750"
    assert page.by_id(f"rank-{holding_of(licenseid).pk}").text() == "C"
    assert not page.has_id("main")
    assert everything_written() == before


def test_the_preview_asks_for_seven_things(desk, entry):
    """Session; user with reseller; license ID with customer; what it holds; price lists; taxes; other quotes of it."""
    send(desk, f"{URL}preview/", entry)
    for typed in (entry, entry | {"years": ["6"], "note": ["備考"]}):
        with CaptureQueriesContext(connection) as asked:
            assert send(desk, f"{URL}preview/", typed).status_code == 200
        tables = [one["sql"].split(' FROM "')[-1].split('"')[0] for one in asked.captured_queries]
        assert tables == [
            "django_session", "licensing_user", "licensing_licenseid", "licensing_holding", "pricing_pricelist",
            "pricing_taxrate", "quotes_quotedholding",
        ]  # fmt: skip


def test_the_preview_answers_a_bad_entry_in_its_place(desk, licenseid, entry):
    pk = holding_of(licenseid).pk
    typed = entry | {"is_reduced": ["on"], f"quantity-{pk}": ["50"], "subject": [""], "years": ["9"]}
    page = Page(send(desk, f"{URL}preview/", typed))
    assert (page.status, page.total) == (200, "–")
    assert page.codes == ["required", "term-out-of-range", "renewal-exceeds-held"]
    assert page.errors_of(str(pk)) == ["SMP-BS: 50 to renew, but only 45 are held."]
    assert page.errors_of("years") == ["A renewal is for 1 to 6 years, not 9."]
    assert page.errors_of("subject") == ["Enter the subject of the quote."]


def test_a_further_row_alone(desk, entry):
    page = Page(send(desk, f"{URL}change/", entry, "add-row"))
    names = [element["name"] for element in page.all(lambda e: e["name"].startswith("addition-"))]
    assert names == ["addition-1-product", "addition-1-quantity", "addition-1-offered"]
    assert not page.has_id("preview")


@pytest.mark.parametrize("action", ["add-row", "remove-0", "save", "issue", "detach", "apart", "replace-1"])
def test_the_preview_presses_no_button(desk, entry, action):
    """The button that just got the focus may be sent along: it was not pressed."""
    typed = entry | {"addition-0-product": ["SMP-BS"], "addition-0-quantity": ["10"]}
    before = everything_written()
    page = Page(send(desk, f"{URL}preview/", typed, action))
    assert page.total == Page(send(desk, f"{URL}preview/", typed)).total
    assert len(page.lines) == 2
    assert [element["name"] for element in page.all(lambda e: e["name"].startswith("addition-"))] == []
    assert everything_written() == before


# --- Additions ------------------------------------------------------------------------------------------------------


def test_an_addition_is_summed_with_its_renewal(cast, desk):
    make_license_id(cast.customer, "LIC-1002", ("SMP-CC", 45))
    url = "/license-ids/LIC-1002/quote/"
    added = {"addition-0-product": ["SMP-CC"], "addition-0-quantity": ["１０"]}
    page = Page(send(desk, url, open_form(desk, url).fields | added, "calculate"))
    assert page.sums["Subtotal (10 % tax)"] == "¥141,800"
    assert [line.split(" Reasons")[0] for line in page.lines] == [
        "TRSL ウイルスバスター Corp.Client renewal ¥98,100 C 45 クライアント × ¥2,180 × 1 year 2027-04-01–2028-03-31",
        "TRSL ウイルスバスター Corp.Client addition ¥43,700 C 10 クライアント × ¥4,370 2027-04-01–2028-03-31",
    ]


def test_an_addition_alone(desk, licenseid, entry):
    typed = entry | {
        f"renew-{holding_of(licenseid).pk}": None,
        "addition-0-product": ["SMP-BS"],
        "addition-0-quantity": ["10"],
        "years": ["2"],
    }
    page = Page(send(desk, URL, typed, "calculate"))
    assert page.sums["Subtotal (10 % tax)"] == "¥95,000"  # ranked by 10 alone: 10 x (4,750 + 4,750)
    assert "2027-01-15–2029-01-14" in page.lines[0]
    send(desk, URL, page.fields, "issue")
    line = Quote.objects.get().lines.get()
    assert (line.kind, line.held_quantity, line.quantity, line.rank) == ("addition", None, 10, "B")


def test_a_license_id_that_holds_nothing(cast, desk):
    make_license_id(cast.customer, "LIC-1002")
    url = "/license-ids/LIC-1002/quote/"
    page = open_form(desk, url)
    assert "This license ID holds nothing yet." in page.text
    assert page.codes == ["nothing-to-quote"]
    typed = page.fields | {"addition-0-product": ["SMP-DS"], "addition-0-quantity": ["10"]}
    page = Page(send(desk, url, typed, "calculate"))
    assert page.sums["Subtotal (10 % tax)"] == "¥825,600"
    send(desk, url, page.fields, "issue")
    assert Quote.objects.get().total == 908_160
