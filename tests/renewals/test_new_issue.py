"""Issuing from the renewal form: warnings are read first, and one form is one quote."""

import pytest

from licensing.models import Product
from quotes.models import Quote
from renewals.models import QuoteDraft
from tests.cast import EXPIRY, make_license_id
from tests.making import everything_written, holding_of
from tests.page import Page, open_form, send
from tests.quotes.answers import URL, kept, refuse

TO_TICK = (
    "The quote was not issued. Read the warnings below the quoted amount and tick each of them, then issue the quote. "
    "To the warnings"
)
TICKED = {"acknowledge": ["reduction-does-not-save"]}

# --- Warnings -------------------------------------------------------------------------------------------------------


@pytest.fixture
def reduced(cast, desk):
    """E4: 100 reduced to 99 costs more than keeping all."""
    licenseid = make_license_id(cast.customer, "LIC-1003", ("SMP-CC", 100))
    url = "/license-ids/LIC-1003/quote/"
    typed = open_form(desk, url).fields | {"is_reduced": ["on"], f"quantity-{holding_of(licenseid).pk}": ["99"]}
    return url, Page(send(desk, url, typed, "calculate"))


def test_a_warning_is_shown_with_its_box(reduced):
    _url, page = reduced
    assert page.refusals == []
    assert list(page.warnings) == ["reduction-does-not-save"]
    assert "215,820" in page.warnings["reduction-does-not-save"]
    assert "192,000" in page.warnings["reduction-does-not-save"]
    assert "acknowledge" not in page.fields


@pytest.mark.parametrize("ticked", [None, ["support-expired"], ["mixed-programmes", "rank-basis-tie"]])
def test_a_warning_must_be_ticked(desk, reduced, ticked):
    url, page = reduced
    answer = refuse(desk, page.fields | {"acknowledge": ticked}, url)
    assert answer.notices == [TO_TICK]
    assert kept(answer, page.fields) == {}


def test_a_code_that_is_none_is_refused(desk, reduced):
    url, page = reduced
    answer = refuse(desk, page.fields | {"acknowledge": ["reduction-does-not-save", "everything"]}, url)
    assert answer.refusals == [
        ("invalid_choice", "Select a valid choice. everything is not one of the available choices.")
    ]


def test_a_ticked_warning_is_recorded(desk, reduced):
    url, page = reduced
    ticked = page.fields | {"acknowledge": ["reduction-does-not-save"]}
    answer = Page(send(desk, url, ticked, "calculate"))
    assert answer.fields["acknowledge"] == ["reduction-does-not-save"]
    response = send(desk, url, answer.fields, "issue", follow=True)
    assert [warning["code"] for warning in Quote.objects.get().acknowledged] == ["reduction-does-not-save"]
    assert "Read by 青木 陽子, 2027-01-15 10:00" in Page(response).text


def test_a_tick_counts_for_the_sentences_beside_it_alone(desk, reduced):
    url, page = reduced
    [quantity] = [name for name in page.fields if name.startswith("quantity-")]
    ticked = page.fields | {"acknowledge": ["reduction-does-not-save"]}
    another = ticked | {quantity: ["98"], "seen_total": [""]}  # the same warning, of other amounts
    answer = Page(send(desk, url, another, "calculate"))
    assert "213,640" in answer.warnings["reduction-does-not-save"]
    assert "acknowledge" not in answer.fields
    assert refuse(desk, answer.fields | {"seen_warnings": page.fields["seen_warnings"]} | TICKED, url).notices == [
        TO_TICK
    ]
    assert refuse(desk, ticked | {"seen_warnings": None}, url).notices == [TO_TICK]
    send(desk, url, answer.fields | TICKED, "issue")
    assert Quote.objects.get().acknowledged[0]["code"] == "reduction-does-not-save"


def test_one_tick_stands_below_all_sentences_of_its_kind(cast, desk):
    for code, segment in (("SMP-AG", "官公庁"), ("SMP-CC", "教育")):
        Product.objects.filter(code=code).update(segment=segment)
    licenseid = make_license_id(cast.customer, "LIC-1004", ("SMP-AG", 100))
    url = f"/license-ids/{licenseid.code}/quote/"
    one = open_form(desk, url)
    entry = one.fields | {"acknowledge": ["segment-differs"]}
    added = entry | {"addition-0-product": ["SMP-CC"], "addition-0-quantity": ["50"], "seen_total": [""]}
    both = Page(send(desk, url, added, "calculate"))
    assert "public sector" in both.warnings["segment-differs"]
    assert "education" in both.warnings["segment-differs"]
    assert "acknowledge" not in both.fields, "the second sentence was not there when the first was ticked"
    ticks = both.all(lambda element: element["name"] == "acknowledge" and element["value"] == "segment-differs")
    assert len(ticks) == 1


# --- Once -----------------------------------------------------------------------------------------------------------


def test_a_double_click_issues_one_quote(desk, entry):
    first, second = (send(desk, URL, entry, "issue") for _ in range(2))
    assert Quote.objects.count() == 1
    assert first.url == second.url
    assert set(open_form(desk, second.url).messages) == {"Quote Q2701-0001-00 was issued."}


def test_a_changed_form_sent_again_is_told_of_its_quote(desk, entry):
    send(desk, URL, entry, "issue", follow=True)
    before = everything_written()
    response = send(desk, URL, entry | {"years": ["2"]}, "issue", follow=True)
    assert Page(response).messages == [
        "This form was issued already as Q2701-0001-00. For a changed quote open the license ID again."
    ]
    assert everything_written() == before


def test_an_issued_form_cannot_be_saved_as_a_draft(desk, entry):
    response = send(desk, URL, entry, "issue", follow=True)
    address = response.redirect_chain[-1][0]
    response = send(desk, URL, entry | {"note": ["x"]}, "save", follow=True)
    assert response.redirect_chain[-1][0] == address
    assert QuoteDraft.objects.count() == 0


def test_a_key_of_another_license_id_is_exchanged(cast, desk, entry):
    make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 20))
    send(desk, URL, entry, "issue", follow=True)
    url = "/license-ids/LIC-1002/quote/"
    typed = open_form(desk, url).fields | {"key": entry["key"]}
    for action in ("issue", "save"):
        page = refuse(desk, typed, url, action)
        assert page.notices == [
            f"{'The quote was not issued. ' * (action == 'issue')}This form was already used for something else. "
            "It has been renewed: check it and try again."
        ]
        assert page.fields["key"] != entry["key"]
    send(desk, url, page.fields, "issue")
    assert Quote.objects.count() == 2


def test_expired_support_is_named_on_the_page(cast, desk):
    make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45), expires=EXPIRY.replace(year=2026))
    page = open_form(desk, "/license-ids/LIC-1002/quote/")
    assert list(page.warnings) == ["support-expired"]
    assert "expired 290 days ago" in page.text
