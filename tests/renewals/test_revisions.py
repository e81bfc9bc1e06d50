"""Quotes made from quotes: the draft of a revision, copies, and what both say they change."""

import uuid
from datetime import date, timedelta

import pytest

from licensing.models import Holding
from quotes.models import LOSE, ORDER, SUPERSEDE, WITHDRAW, Quote, QuoteStatus
from quotes.record.refusals import AlreadyIssued, CustomerMoved, FormKeyTaken, WrongState
from quotes.record.transitions import record_loss, record_order, withdraw
from renewals.calculation.calculate import calculate
from renewals.calculation.differences import compare_with_quote, holding_changes
from renewals.models import QuoteDraft
from renewals.revisions.operations import begin_revision, duplicate
from tests.cast import EXPIRY, NOW, make_license_id, sign_in
from tests.making import everything_written, fill, given_quote, holding_of
from tests.page import Page, open_form, send
from tests.quotes.test_sharing import make
from tests.renewals.test_issue_at_once import at_once

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def quote(cast, licenseid) -> Quote:
    return given_quote(licenseid, by=cast.staff, changes={"note": "三月中に", "years": "2"})


def row_texts(page: Page) -> list[list[str]]:
    """The differences: what is said of each line, cell by cell."""
    rows = [e for e in page.by_id("differences").walk() if e.tag == "tr" and e["class"]]
    return [[cell.text() for cell in row.walk() if cell.tag == "td"] for row in rows]


def total_text(page: Page) -> str:
    [said] = page.all(lambda e: e.has_class("difference-total"))
    return said.text()


# --- The draft of a revision ----------------------------------------------------------------------------------------


def test_a_revision_begins_as_the_quote_was_typed(cast, quote):
    draft, is_new = begin_revision(quote=quote, by=cast.colleague, now=LATER)
    assert is_new
    assert (draft.basis, draft.is_revision, draft.created_by, draft.saved_at) == (quote, True, cast.colleague, LATER)
    assert draft.key != quote.key
    assert (draft.asked, draft.as_typed) == (quote.asked, {})
    assert QuoteStatus.objects.get(pk=quote.pk).state == "issued", "until the revision is issued"


def test_whoever_revises_second_goes_on_with_the_first_ones_draft(cast, quote):
    first, _ = begin_revision(quote=quote, by=cast.staff, now=NOW)
    second, is_new = begin_revision(quote=quote, by=cast.colleague, now=LATER)
    assert (second, is_new) == (first, False)
    assert QuoteDraft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_too(cast, quote):
    results = at_once(*[lambda by=by: begin_revision(quote=quote, by=by, now=LATER) for by in (cast.staff,) * 4])
    assert sorted(is_new for _draft, is_new in results) == [False, False, False, True]
    assert len({draft.pk for draft, _is_new in results}) == 1


@pytest.mark.parametrize("state", ["ordered", "superseded"])
def test_what_cannot_be_superseded_is_not_revised(cast, quote, state):
    QuoteStatus.objects.filter(pk=quote.pk).update(state=state)
    before = everything_written()
    with pytest.raises(WrongState) as refused:
        begin_revision(quote=quote, by=cast.staff, now=LATER)
    assert (refused.value.transition, refused.value.state) == (SUPERSEDE, state)
    assert everything_written() == before


def test_a_number_stays_with_its_customer_and_reseller(cast, licenseid, quote):
    licenseid.customer = cast.english_customer
    licenseid.save()
    before = everything_written()
    with pytest.raises(CustomerMoved):
        begin_revision(quote=quote, by=cast.staff, now=LATER)
    assert everything_written() == before
    copy = duplicate(quote=quote, key=uuid.uuid4(), by=cast.staff, now=LATER)
    assert (list(copy.license_ids.all()), copy.customer) == ([licenseid], cast.english_customer)
    licenseid.customer = cast.foreign_customer
    licenseid.save()
    before = everything_written()
    for door in (begin_revision, duplicate):
        more = {"key": uuid.uuid4()} if door is duplicate else {}
        with pytest.raises(CustomerMoved):
            door(quote=quote, by=cast.staff, now=LATER, **more)
    assert everything_written() == before


def test_a_revision_is_not_issued_by_the_new_reseller(cast, licenseid, quote):
    """Whoever knows the draft's key cannot go on with another reseller's number."""
    draft, _ = begin_revision(quote=quote, by=cast.staff, now=NOW)
    cast.customer.reseller = cast.minato
    cast.customer.save()
    before = everything_written()
    with pytest.raises(CustomerMoved):
        given_quote(licenseid, by=cast.stranger, key=draft.key)
    assert everything_written() == before


# --- Copies ---------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize("state", ["issued", "ordered", "superseded"])
def test_any_quote_is_copied_and_once_by_one_key(cast, licenseid, quote, state):
    QuoteStatus.objects.filter(pk=quote.pk).update(state=state)
    key = uuid.uuid4()
    draft = duplicate(quote=quote, key=key, by=cast.colleague, now=LATER)
    assert duplicate(quote=quote, key=key, by=cast.colleague, now=LATER) == draft
    assert (draft.basis, draft.is_revision, draft.asked["note"]) == (quote, False, "三月中に")
    issued = given_quote(licenseid, by=cast.staff, key=draft.key)
    assert (issued.number, issued.revises) == ("Q2701-0002-00", None)
    assert QuoteStatus.objects.get(pk=quote.pk).state == state
    with pytest.raises(AlreadyIssued):
        duplicate(quote=quote, key=key, by=cast.staff, now=LATER)


def test_a_copys_key_is_not_anothers(cast, licenseid, quote):
    other = given_quote(licenseid, by=cast.staff)
    draft = duplicate(quote=quote, key=uuid.uuid4(), by=cast.staff, now=LATER)
    with pytest.raises(FormKeyTaken):
        duplicate(quote=other, key=draft.key, by=cast.staff, now=LATER)


# --- Holdings since then --------------------------------------------------------------------------------------------


def test_changed_holdings_are_told(cast, desk):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-CC", 120), ("SMP-IM", 30))
    quote = given_quote(licenseid, by=cast.staff)
    holding_of(licenseid, "SMP-IM").delete()
    Holding.objects.filter(licenseid=licenseid).update(quantity=150)
    make = Holding.objects.create
    make(licenseid=licenseid, product=cast.products["SMP-CS"], quantity=9, support_expires_on=EXPIRY)
    told = holding_changes(quote=quote, lines=quote.lines.all(), holdings=list(licenseid.holdings.order_by("pk")))
    assert told.gone == (cast.products["SMP-IM"].name,)
    assert [(holding.product.code, before) for holding, before in told.changed] == [("SMP-CC", 120)]
    assert [holding.product.code for holding in told.new] == ["SMP-CS"]
    draft, _ = begin_revision(quote=quote, by=cast.staff, now=NOW)
    page = open_form(desk, f"/drafts/{draft.key}/")
    said = page.by_id("differences").text()
    assert f"{cast.products['SMP-IM'].name} is no longer held." in said
    assert f"Of {cast.products['SMP-CC'].name}, 150 are held now; it was 120 then." in said
    assert f"{cast.products['SMP-CS'].name} is held since then" in said
    assert page.notices == []
    assert [row[0].split()[0] for row in row_texts(page)] == ["changed", "removed"]


# --- Line by line ---------------------------------------------------------------------------------------------------


def test_lines_of_a_product_that_is_held_several_times_find_their_own(cast):
    """By expiry and quantities; what has no counterpart is added or removed."""
    march, april, may = date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)
    licenseid = make_license_id(
        cast.customer, "LIC-1003", ("SMP-BS", 45, march), ("SMP-BS", 45, april), ("SMP-BS", 10, may)
    )
    every = {f"renew-{holding.pk}": "on" for holding in licenseid.holdings.all()}
    quote = given_quote(licenseid, by=cast.staff, changes=every)
    first = licenseid.holdings.get(support_expires_on=march)
    small = licenseid.holdings.get(quantity=10)
    changes = every | {f"renew-{first.pk}": None, "is_reduced": "on", f"quantity-{small.pk}": "4"}
    form = fill(licenseid, changes | {"addition-0-product": "SMP-BS", "addition-0-quantity": "10"})
    pricing = calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=form.on).pricing
    compared = compare_with_quote(
        lines=quote.lines.all(),
        total=quote.total,
        pricing=pricing,
    )

    def said(side):
        return side and (side.support_expires_on, side.quantity, side.is_addition)

    assert sorted((line.kind, said(line.old), said(line.new)) for line in compared.lines) == [
        ("added", None, (None, 10, True)),
        ("changed", (may, 10, False), (may, 4, False)),
        ("removed", (march, 45, False), None),
        ("same", (april, 45, False), (april, 45, False)),
    ]
    assert (compared.old_total, compared.new_total) == (quote.total, pricing.total)


def test_a_draft_says_at_its_top_what_it_changes(desk, cast, licenseid, quote):
    draft, _ = begin_revision(quote=quote, by=cast.staff, now=NOW)
    page = open_form(desk, f"/drafts/{draft.key}/")
    assert "Revision of Q2701-0001-00" in page.by_id("differences-title").text()
    assert "All lines are the same." in page.by_id("differences").text()
    assert total_text(page) == "Total with tax ¥445,500 →becomes ¥445,500 the same"
    assert "Issued as Q2701-0001-01. Q2701-0001-00 then counts as superseded" in page.text
    typed = page.fields | {"years": ["3"], "is_reduced": ["on"], f"quantity-{holding_of(licenseid).pk}": ["20"]}
    changed = [
        [
            "changed ウイルスバスター ビジネスセキュリティサービス SMP-BS New support period 2027-04-01–2029-03-31 "
            "→becomes 2027-04-01–2030-03-31",
            "45 →becomes 20",
            "C →becomes B",
            "¥4,500 →becomes ¥4,750",
            "2 →becomes 3",
            "¥405,000 →becomes ¥285,000",
        ]
    ]
    without_script = Page(send(desk, f"/drafts/{draft.key}/", typed, "calculate"))
    live = send(desk, "/license-ids/LIC-1001/quote/preview/", typed, headers={"hx-request": "true"})
    for answered in (without_script, Page(live)):
        assert row_texts(answered) == changed
        assert total_text(answered) == "Total with tax ¥445,500 →becomes ¥313,500 ▲¥132,000"
    refused = Page(send(desk, f"/drafts/{draft.key}/", typed | {"years": ["9"]}, "calculate"))
    assert "The differences are shown as soon as this can be quoted." in refused.by_id("differences").text()
    assert total_text(refused) == "Total with tax ¥445,500 →becomes –"


def test_a_copy_says_so_and_a_new_draft_says_nothing(desk, cast, licenseid, quote, entry):
    page = Page(desk.post(f"/quotes/{quote.key}/duplicate/", {"key": str(uuid.uuid4())}, follow=True))
    assert "Copy of Q2701-0001-00" in page.by_id("differences-title").text()
    assert "then counts as superseded" not in page.text
    send(desk, "/license-ids/LIC-1001/quote/", entry, "save")
    fresh = open_form(desk, f"/drafts/{QuoteDraft.objects.get(basis=None).key}/")
    assert not fresh.has_id("differences")
    listed = open_form(desk, "/drafts/").text
    assert listed.count("Copy of Q2701-0001-00") == 1


def test_a_preview_tells_nothing_of_anothers_draft(cast, foreign_desk, quote):
    """A key from elsewhere brings no differences, and no draft of another license ID."""
    draft, _ = begin_revision(quote=quote, by=cast.staff, now=NOW)
    make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    typed = open_form(foreign_desk, "/license-ids/LIC-2001/quote/").fields
    typed |= {"key": [str(draft.key)], "seen_version": ["1"]}
    answer = send(foreign_desk, "/license-ids/LIC-2001/quote/preview/", typed, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert b"Q2701-0001-00" not in answer.content


# --- Issuing it -----------------------------------------------------------------------------------------------------


def revise(desk, quote: Quote) -> Page:
    """Press 改訂, and see the draft."""
    page = Page(desk.post(f"/quotes/{quote.key}/revise/", follow=True))
    assert page.status == 200
    return page


def test_the_revision_is_issued_and_says_what_it_replaces(desk, colleague_desk, quote):
    pdf = bytes(quote.pdf.content)
    entry = revise(desk, quote).fields
    draft = QuoteDraft.objects.get()
    told = revise(colleague_desk, quote).text
    assert "There is a draft of this revision already, last saved by 青木 陽子 (2027-01-15 10:00). Go on here." in told
    for _ in range(2):  # a double click
        answer = send(desk, f"/drafts/{draft.key}/", entry | {"years": ["1"], "seen_total": ["222750"]}, "issue")
        assert answer.url == f"/quotes/{draft.key}/"
    new = Quote.objects.get(number="Q2701-0001-01")
    assert new.document["conditions"][0] == "本見積書は Q2701-0001-00 を改訂したものです。"
    assert Quote.objects.count() == 2
    page = open_form(desk, f"/quotes/{quote.key}/")
    assert "This revision is no longer current." in page.text
    assert f"/quotes/{new.key}/" in {e["href"] for e in page.by_id("main").walk() if e.tag == "a"}
    assert "Continue the revision" not in page.text
    assert desk.get(f"/quotes/{quote.key}/pdf/").content == pdf
    assert b"Q2701-0001-00" in desk.get(f"/quotes/{new.key}/").content


def test_whoever_has_a_link_to_the_former_revision_is_remembered(desk, quote):
    assert "does not lead to this one" not in revise_and_issue(desk, quote).text
    second = Quote.objects.get(revision=1)
    make(second)
    page = revise_and_issue(desk, second)
    told = "The customer has a link to the former revision, which does not lead to this one. Send this revision"
    assert told in page.text
    third = Quote.objects.get(revision=2)
    assert f"/quotes/{third.key}/send/" in {e["href"] for e in page.by_id("main").walk() if e.tag == "a"}


def revise_and_issue(desk, quote):
    """By the pages; and what is shown then."""
    entry = revise(desk, quote).fields | {"years": ["1"], "seen_total": ["222750"]}
    return Page(desk.get(send(desk, f"/drafts/{QuoteDraft.objects.get().key}/", entry, "issue").url))


def test_an_english_revision_says_so_in_english(cast):
    licenseid = make_license_id(cast.english_customer, "LIC-3001", ("SMP-BS", 45))
    quote = given_quote(licenseid, by=cast.staff)
    assert not any("revise" in line.split(".")[0] for line in quote.document["conditions"][:1])
    draft, _ = begin_revision(quote=quote, by=cast.staff, now=NOW)
    new = given_quote(licenseid, by=cast.staff, key=draft.key)
    assert new.document["conditions"][0] == "This is a revised quote. It takes the place of Q2701-0001-00."


@pytest.mark.parametrize("way", [WITHDRAW, LOSE])
def test_what_was_closed_meanwhile_is_revised_all_the_same(cast, desk, quote, way):
    entry = revise(desk, quote).fields
    door = withdraw if way is WITHDRAW else record_loss
    door(quote=quote, reason="理由", by=cast.colleague, now=LATER)
    key = QuoteDraft.objects.get().key
    assert send(desk, f"/drafts/{key}/", entry, "issue").url == f"/quotes/{key}/"
    assert QuoteStatus.objects.get(pk=quote.pk).state == "superseded"


def test_what_was_ordered_meanwhile_is_said_and_what_was_typed_goes_on(cast, desk, quote):
    entry = revise(desk, quote).fields | {"note": ["改めました"]}
    url = f"/drafts/{QuoteDraft.objects.get().key}/"
    record_order(quote=quote, by=cast.colleague, now=LATER)
    before = everything_written()
    page = Page(send(desk, url, entry, "issue"))
    assert page.status == 422
    assert page.fields["note"] == ["改めました"]
    assert page.notices[0].startswith("The quote was not issued. The quote that it revises no longer stands as it did")
    assert (
        "This revision can no longer be issued. Q2701-0001-00 was recorded as ordered by 速水 悠斗 (2027-01-15 12:00). "
        "It cannot be revised."
    ) in page.text
    assert everything_written() == before
    assert send(desk, url, page.fields, "detach").url == url
    draft = QuoteDraft.objects.get()
    assert (draft.is_revision, draft.basis, draft.asked["note"]) == (False, quote, "改めました")
    ticked = open_form(desk, url).fields | {"acknowledge": ["already-ordered"]}
    assert send(desk, url, ticked, "issue").url == f"/quotes/{draft.key}/"
    assert Quote.objects.get(key=draft.key).number == "Q2701-0002-00"
    assert QuoteStatus.objects.get(pk=quote.pk).state == ORDER.target


def test_revising_what_cannot_be_is_told_on_the_quotes_page(cast, desk, licenseid, quote):
    record_order(quote=quote, by=cast.colleague, now=LATER)
    page = revise(desk, quote)
    assert "Q2701-0001-00 was recorded as ordered by 速水 悠斗 (2027-01-15 12:00). It cannot be revised." in page.text
    licenseid.customer = cast.foreign_customer
    licenseid.save()
    for way in ("revise", "duplicate"):
        operations_page = Page(desk.post(f"/quotes/{quote.key}/{way}/", follow=True))
        assert "has come to somebody else" in operations_page.text or way == "revise"
    assert not QuoteDraft.objects.exists()


def test_the_last_quote_is_the_revision_that_counts(cast, desk, licenseid, quote):
    other = given_quote(licenseid, by=cast.staff, now=NOW + timedelta(minutes=1), changes={"years": "3"})
    draft, _ = begin_revision(quote=other, by=cast.staff, now=LATER)
    given_quote(licenseid, by=cast.staff, key=draft.key, now=LATER)
    [link] = [
        e for e in open_form(desk, "/license-ids/LIC-1001/quote/").all(lambda e: e.tag == "a")
        if e.text().startswith("Q27")
    ]  # fmt: skip
    assert link.text() == "Q2701-0002-01"


def test_the_foreign_reseller_presses_nothing(cast, quote):
    desk = sign_in(cast.stranger)
    before = everything_written()
    assert desk.post(f"/quotes/{quote.key}/revise/").status_code == 404
    assert desk.post(f"/quotes/{quote.key}/duplicate/").status_code == 404
    assert everything_written() == before
