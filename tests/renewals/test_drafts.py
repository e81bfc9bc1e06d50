"""Drafts: what was typed is kept, priced afresh, shared among colleagues, issued once, and discarded."""

import uuid

import pytest

from quotes.models import Quote
from quotes.record.refusals import AlreadyIssued, FormKeyTaken
from renewals.drafts.operations import save_draft
from renewals.models import QuoteDraft
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import everything_written, fill, given_quote, holding_of, typed
from tests.page import Page, open_form, send
from tests.quotes.paper.reading import count_pages, join, read_text
from tests.renewals.sheets import saved

URL = "/license-ids/LIC-1001/quote/"


@pytest.fixture
def draft(cast, licenseid):
    """Saved by Aoba's staff."""
    typed_in = {"years": ["2"], "note": ["下書きの備考\n二行目"], "subject": ["更新の件"]}
    return saved(licenseid, typed_in, by=cast.staff)


@pytest.fixture
def address(draft):
    return f"/drafts/{draft.key}/"


# --- Saving ---------------------------------------------------------------------------------------------------------


def test_saving_keeps_what_was_typed(cast, desk, licenseid):
    pk = holding_of(licenseid).pk
    entry = open_form(desk, URL).fields | {
        "years": ["２"],
        "is_reduced": ["on"],
        f"quantity-{pk}": ["　２０本"],
        "addition-1-product": ["SMP-AO"],
        "addition-1-quantity": ["5"],
        "addition-1-offered": [""],
        "note": ["備考\r\n二行目"],
        "subject": ["更新の件"],
        "acknowledge": ["mixed-programmes"],
    }
    response = send(desk, URL, entry, "save", follow=True)
    draft = QuoteDraft.objects.get()
    assert response.redirect_chain == [(f"/drafts/{draft.key}/", 302)]
    page = Page(response)
    assert page.messages == ["The draft was saved. Show the drafts"]
    assert (draft.license_ids.get(), draft.created_by, draft.saved_by, draft.saved_at) == (
        licenseid, cast.staff, cast.staff, NOW,
    )  # fmt: skip
    assert (draft.subject, draft.priced_on) == ("更新の件", TODAY)
    assert draft.priced_total == (4_750 * 20 * 2 + 7_200 * 5 * 2) * 110 // 100
    left_out = {"csrfmiddlewaretoken", "seen_total", "seen_version", "page", "license_id", "acknowledge"}
    [part] = draft.asked["parts"]
    assert (part["years"], part["is_reduced"], part["additions"]) == (2, True, [{"product": "SMP-AO", "quantity": 5}])
    assert [row["renewal_quantity"] for row in part["holdings"]] == [20]
    assert draft.as_typed[f"quantity-{pk}"] == ["　２０本"]
    shown = {name: value for name, value in page.fields.items() if name not in left_out}
    typed_in = {name: value for name, value in entry.items() if name not in left_out}
    assert shown == typed_in | {"years": ["2"]}, "a choice is shown as chosen, a text as it was typed"
    assert Quote.objects.count() == 0


def test_saving_again_is_the_same_draft(cast, desk, colleague_desk, draft, address):
    entry = open_form(colleague_desk, address).fields | {"years": ["3"]}
    send(colleague_desk, address, entry, "save")
    again = QuoteDraft.objects.get()
    assert (again.pk, again.key, again.created_by, again.saved_by) == (draft.pk, draft.key, cast.staff, cast.colleague)
    assert again.asked["parts"][0]["years"] == 3
    assert again.priced_total == 668_250
    assert open_form(desk, address).total == "¥668,250"


def test_a_draft_with_errors_is_saved_as_it_is(desk, licenseid):
    pk = holding_of(licenseid).pk
    entry = open_form(desk, URL).fields | {
        "years": ["9"],
        "is_reduced": ["on"],
        f"quantity-{pk}": ["たくさん"],
        "addition-0-quantity": ["5"],
        "subject": [""],
        "note": ["続きは明日"],
    }
    response = send(desk, URL, entry, "save", follow=True)
    draft = QuoteDraft.objects.get()
    assert (draft.priced_on, draft.priced_total, draft.subject) == (None, None, "")
    page = Page(response)
    assert (page.status, page.messages) == (200, ["The draft was saved. Show the drafts"])
    assert page.fields[f"quantity-{pk}"] == ["たくさん"]
    assert page.fields["addition-0-quantity"] == ["5"]
    assert page.fields["note"] == ["続きは明日"]
    assert sorted(page.codes) == ["not_a_number", "required", "required", "term-out-of-range"]
    assert page.notices == []
    assert draft.asked["parts"][0]["years"] == 9


def test_a_refused_draft_has_no_total(cast, licenseid):
    draft = saved(licenseid, {"years": ["7"]}, by=cast.staff)
    assert (draft.priced_on, draft.priced_total) == (None, None)


def test_a_subject_that_is_too_long_is_kept_with_the_entry(cast, desk, licenseid):
    draft = saved(licenseid, {"subject": ["件" * 300]}, by=cast.staff)
    assert draft.subject == "件" * 200
    assert open_form(desk, f"/drafts/{draft.key}/").fields["subject"] == ["件" * 300]


def test_opening_a_draft_writes_nothing(desk, draft, address):
    before = everything_written()
    page = open_form(desk, address)
    send(desk, address, page.fields | {"years": ["5"]}, "calculate")
    send(desk, URL + "preview/", page.fields | {"years": ["5"]})
    assert everything_written() == before
    assert page.fields["key"] == [str(draft.key)]
    assert "Saved 2027-01-15 10:00 青木 陽子" in page.text


def test_the_key_of_the_draft_counts_not_one_that_was_sent(desk, draft, address):
    entry = open_form(desk, address).fields | {"key": [str(uuid.uuid4())]}
    send(desk, address, entry, "save")
    assert QuoteDraft.objects.get().key == draft.key
    send(desk, address, open_form(desk, address).fields | {"key": [str(uuid.uuid4())]}, "issue")
    assert Quote.objects.get().key == draft.key
    assert QuoteDraft.objects.count() == 0


def test_the_form_names_the_drafts_of_its_license_id(desk, draft):
    page = open_form(desk, URL)
    assert "There are drafts for this license ID: 更新の件 (2027-01-15 10:00)" in page.text
    assert any(element["href"] == f"/drafts/{draft.key}/" for element in page.all(lambda e: e.tag == "a"))


# --- Changes since it was saved ---------------------------------------------------------------------------------------


def test_holdings_that_changed_since_it_was_saved(desk, licenseid, draft, address):
    licenseid.holdings.update(quantity=50)
    page = open_form(desk, address)
    assert page.notices == [
        "The holdings of this license ID have changed since the draft was saved. Check the quantities.",
        "The price has changed since the draft was saved: ¥445,500 then, ¥462,000 today.",
    ]
    assert page.total == "¥462,000"
    assert page.codes == []


def test_a_holding_that_is_gone_since_it_was_saved(cast, desk):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45), ("SMP-AO", 50))
    saved(licenseid, by=cast.staff)
    gone = holding_of(licenseid, "SMP-AO")
    gone.delete()
    page = open_form(desk, f"/drafts/{QuoteDraft.objects.get().key}/")
    assert page.notices[0].startswith("The holdings of this license ID have changed")
    assert (page.codes, page.total) == ([], "¥222,750")
    assert f"renew-{gone.pk}" not in page.fields
    send(desk, f"/drafts/{QuoteDraft.objects.get().key}/", page.fields, "issue")
    assert Quote.objects.get().total == 222_750


# --- Issuing --------------------------------------------------------------------------------------------------------


def test_an_issued_draft_is_a_quote_at_the_same_key(desk, draft, address):
    response = send(desk, address, open_form(desk, address).fields, "issue", follow=True)
    quote = Quote.objects.get()
    assert (quote.key, quote.total, quote.document["note"]) == (draft.key, 445_500, "下書きの備考\n二行目")
    assert response.redirect_chain == [(f"/quotes/{draft.key}/", 302)]
    assert Page(response).messages == ["Quote Q2701-0001-00 was issued."]
    assert QuoteDraft.objects.count() == 0
    assert desk.get(address).url == f"/quotes/{draft.key}/"


def test_two_people_issue_the_same_draft(cast, desk, colleague_desk, draft, address):
    """Both have it open; the second is told who was first, and under which number."""
    first, second = open_form(desk, address).fields, open_form(colleague_desk, address).fields
    send(desk, address, first, "issue")
    before = everything_written()
    response = send(colleague_desk, address, second, "issue", follow=True)
    assert response.redirect_chain == [(f"/quotes/{draft.key}/", 302)]
    assert Page(response).messages == ["青木 陽子 has issued this already as Q2701-0001-00. No second quote was made."]
    assert everything_written() == before


def test_a_double_click_on_a_draft_is_answered_with_its_quote(desk, draft, address):
    entry = open_form(desk, address).fields
    first, second = (send(desk, address, entry, "issue") for _ in range(2))
    assert Quote.objects.count() == 1
    assert first.url == second.url == f"/quotes/{draft.key}/"
    assert set(Page(desk.get(second.url)).messages) == {"Quote Q2701-0001-00 was issued."}


def test_saving_what_a_colleague_has_issued(cast, desk, colleague_desk, draft, address):
    entry = open_form(colleague_desk, address).fields
    send(desk, address, open_form(desk, address).fields, "issue")
    before = everything_written()
    response = send(colleague_desk, address, entry | {"note": ["später"]}, "save", follow=True)
    assert Page(response).messages == ["青木 陽子 has issued this already as Q2701-0001-00. No second quote was made."]
    assert everything_written() == before


# --- As PDF ---------------------------------------------------------------------------------------------------------


def test_a_draft_as_pdf_is_marked_and_has_no_number(desk, draft, address):
    before = everything_written()
    response = desk.get(f"{address}pdf/")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == (
        'attachment; filename="20270115_445500_draft.pdf"; '
        "filename*=UTF-8''20270115_%E6%A0%AA%E5%BC%8F%E4%BC%9A%E7%A4%BE%E9%AB%99%EF%A8%91"
        "%E8%A3%BD%E4%BD%9C%E6%89%80_445500_%E4%B8%8B%E6%9B%B8%E3%81%8D.pdf"
    )
    text = read_text(response.content)
    assert "下書き" in join(text)
    assert "Q2701" not in text
    assert "445,500" in text
    assert count_pages(response.content) == 1
    assert everything_written() == before


def test_a_draft_that_cannot_be_priced_has_no_pdf(cast, desk, licenseid):
    key = saved(licenseid, {"years": ["7"]}, by=cast.staff).key
    open_form(desk, f"/drafts/{key}/")
    response = desk.get(f"/drafts/{key}/pdf/", follow=True)
    assert response.redirect_chain == [(f"/drafts/{key}/", 302)]
    assert Page(response).messages == ["This draft cannot be printed before what is marked below is put right."]


# --- Discarding -----------------------------------------------------------------------------------------------------


def test_discarding(desk, licenseid, draft, address):
    other = fill(licenseid)
    kept = save_draft(
        key=uuid.uuid4(), licenseids=[licenseid], **typed(other), pricing=None,
        saved_by=draft.saved_by, now=NOW,
    )  # fmt: skip
    open_form(desk, address)
    response = desk.post(f"{address}discard/", follow=True)
    assert response.redirect_chain == [("/quotes/", 302)]
    assert Page(response).messages == ["The draft was deleted."]
    assert list(QuoteDraft.objects.all()) == [kept]
    assert desk.get(address).status_code == 404
    assert desk.post(f"{address}discard/").status_code == 404


def test_an_issued_quote_is_not_discarded(desk, draft, address):
    send(desk, address, open_form(desk, address).fields, "issue")
    before = everything_written()
    assert desk.post(f"{address}discard/").status_code == 404
    assert everything_written() == before


def test_discarding_takes_a_button(desk, draft, address):
    for method in ("get", "head", "put", "delete"):
        assert getattr(desk, method)(f"{address}discard/").status_code == 405, method
    assert QuoteDraft.objects.get() == draft


# --- The operation --------------------------------------------------------------------------------------------------


def save(licenseid, by, **changes):
    return save_draft(
        **{"key": uuid.uuid4(), "licenseids": [licenseid], **typed(fill(licenseid)), "pricing": None,
           "saved_by": by, "now": NOW} | changes
    )  # fmt: skip


def test_a_key_that_is_issued_is_not_saved(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    other = make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45))
    before = everything_written()
    with pytest.raises(AlreadyIssued) as issued:
        save(licenseid, cast.staff, key=quote.key)
    assert issued.value.quote == quote
    with pytest.raises(FormKeyTaken):
        save(other, cast.staff, key=quote.key)
    assert everything_written() == before


def test_a_key_of_another_license_ids_draft_is_not_saved(cast, licenseid):
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    draft = save(foreign, cast.stranger)
    before = everything_written()
    with pytest.raises(FormKeyTaken):
        save(licenseid, cast.staff, key=draft.key)
    assert everything_written() == before


def test_an_administrator_can_look_at_drafts(cast, draft, address):
    desk = sign_in(cast.admin)
    assert desk.get(address).status_code == 403
    assert desk.get(f"{address}pdf/").status_code == 200
    assert desk.get(f"/admin/renewals/quotedraft/{draft.pk}/change/").status_code == 200
    assert desk.post(f"/admin/renewals/quotedraft/{draft.pk}/delete/", {"post": "yes"}).status_code == 403
    assert QuoteDraft.objects.get() == draft
