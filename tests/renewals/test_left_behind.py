"""What the old reseller still has of a customer or a license ID that has come to another one: records, and no view."""

import uuid

import pytest
from django.urls import reverse
from django.utils import translation

from foundation.mail.models import OutgoingMail
from licensing.keeping.operations import correct_code
from licensing.models import Customer, LicenseID
from quotes.letters.operations import is_mail_wanted
from quotes.record.refusals import CustomerMoved
from quotes.record.transitions import has_left, record_order, reopen
from renewals.carrying_out.queries import standing_of_parts
from renewals.checks.others import not_carried_out
from renewals.checks.scope import scope_of
from renewals.drafts.codes import tell_drafts
from renewals.drafts.operations import save_draft
from renewals.drafts.queries import find_drafts
from renewals.models import QuoteDraft
from renewals.transfers.queries import effect_of_leaving, effect_of_merging, effect_of_move
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import ask_several, everything_written, fill, given_quote, holding_of, load, typed
from tests.renewals.transferring import LATER, all_written, change, move


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def brought_in_by_hand(quote, licenseid):
    """What was ordered stands in the holding, and nothing was carried out."""
    record_order(quote=quote, by=quote.issued_by, now=NOW)
    holding = holding_of(licenseid)
    holding.support_expires_on = quote.lines.get().term_until
    holding.save()


def test_what_is_held_by_now_is_not_shown_to_the_old_reseller(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    brought_in_by_hand(quote, licenseid)
    change(cast, cast.customer, cast.minato)
    holding = holding_of(licenseid)
    holding.quantity = 77_777
    holding.save()
    correct_code(licenseid=load(licenseid), code="NEW-CODE", seen=licenseid.code)
    customer = Customer.objects.get(pk=cast.customer.pk)
    customer.name, customer.kana = "新しい社名", "アタラシイ"
    customer.save()
    [one] = standing_of_parts([quote])[quote.pk]
    assert (one.has_left, one.plan) == (True, None)
    desk = sign_in(cast.staff)
    many = f"{reverse('renewals:carry-out-many')}?quote={quote.key}"
    pages = [desk.get(page).text for page in (reverse("renewals:carry-out", args=[quote.key]), many)]
    pages.append(desk.get(reverse("quotes:detail", args=[quote.key])).text)
    for page in pages:
        assert quote.number in page
        assert [text for text in ("77,777", "NEW-CODE", "新しい社名", cast.minato.name) if text in page] == []
    assert ["This license ID has come to another reseller." in page for page in pages] == [True, True, False]
    for found in ("quotes:list", "quotes:records"):
        answer = desk.get(reverse(found), {"q": "アタラシイ", "customer": "アタラシイ"}).text
        assert quote.number not in answer, "what the new reseller calls it finds nothing"
    assert quote.number in desk.get(reverse("quotes:list"), {"q": "髙﨑"}).text


def test_of_a_license_id_that_has_left_nothing_is_taken_back_or_sent(cast, licenseid):
    """It had come to another customer, who changed the reseller; the customer of the quote is still there."""
    other = Customer.objects.create(reseller=cast.aoba, name="株式会社高崎製作所")
    make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))
    quote = given_quote(licenseid, by=cast.staff)
    mail = OutgoingMail(about=f"quote:{quote.key}", entry={})
    move(cast, licenseid, other)
    assert (has_left(quote), is_mail_wanted(mail)) == (False, True)
    change(cast, other, cast.minato)
    assert (has_left(quote), is_mail_wanted(mail)) == (True, False)
    before = all_written()
    with pytest.raises(CustomerMoved):
        reopen(quote=quote, reason="x", by=cast.staff, now=LATER)
    assert all_written() == before
    page = sign_in(cast.staff).get(reverse("quotes:detail", args=[quote.key])).text
    assert not [way for way in ("reopen", "send", "revise", "duplicate") if f"{quote.key}/{way}/" in page]
    assert reverse("renewals:new", args=[licenseid.code]) not in page
    change(cast, other, cast.aoba)
    assert not has_left(quote)


def test_an_order_that_was_brought_in_by_hand_or_has_left_is_not_to_be_carried_out(cast, licenseid):
    quote, late = given_quote(licenseid, by=cast.staff), TODAY.replace(year=TODAY.year + 1)
    record_order(quote=quote, by=cast.staff, now=NOW)

    def found():
        return [row.pk for row in not_carried_out(scope_of(on=late, reseller=None))]

    assert found() == [quote.pk]
    LicenseID.objects.filter(pk=licenseid.pk).update(customer=cast.foreign_customer)
    assert found() == []
    LicenseID.objects.filter(pk=licenseid.pk).update(customer=cast.customer)
    holding = holding_of(licenseid)
    holding.support_expires_on = quote.lines.get().term_until
    holding.save()
    assert found() == []


def test_drafts_of_others_go_on_without_what_leaves_and_the_new_reseller_learns_nothing_of_them(cast, licenseid):
    other = Customer.objects.create(reseller=cast.aoba, name="株式会社高崎製作所")
    two = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))
    kept, gone = (
        save_draft(key=uuid.uuid4(), licenseids=[load(one) for one in ids], asked=ask_several(*ids), as_typed={},
                   pricing=None, saved_by=cast.staff, now=NOW)
        for ids in ([licenseid, two], [licenseid])
    )  # fmt: skip
    quote = given_quote(licenseid, by=cast.staff)
    move(cast, licenseid, other)
    effect = effect_of_leaving(other, to=cast.minato, on=TODAY)
    assert (effect.drafts, effect.left_drafts, effect.open_quotes) == ((gone.pk,), 1, (quote,))
    change(cast, other, cast.minato)
    assert list(QuoteDraft.objects.all()) == [kept]
    [told] = tell_drafts(load(licenseid))
    assert told.count == 0
    correct_code(licenseid=load(licenseid), code="NEW-CODE", seen=licenseid.code)
    before, kept = kept.asked, QuoteDraft.objects.get()
    assert kept.asked == before
    effect = effect_of_move(load(licenseid), on=TODAY)
    assert (effect.drafts, effect.left_drafts, effect.issued) == ((), 0, 0)
    assert effect_of_merging(other, cast.foreign_customer).issued == 0
    assert [list(find_drafts(user=cast.staff, text=text)) for text in ("NEW-CODE", "LIC-2")] == [[], [kept]]
    desk = sign_in(cast.staff)
    pages = [desk.get(reverse("renewals:draft", args=[kept.key])), desk.get(reverse("renewals:drafts"))]
    assert [(page.status_code, "LIC-2" in page.text, "NEW-CODE" in page.text) for page in pages] == [
        (200, True, False)
    ] * 2
    assert licenseid.code in pages[0].text


def test_a_quote_left_open_is_no_order_of_the_former_customer(cast, licenseid):
    """Carried out, it would change what the new customer holds. A customer that was merged is the same one."""
    quote = given_quote(licenseid, by=cast.staff)
    move(cast, licenseid, cast.english_customer)
    before = everything_written()
    with pytest.raises(CustomerMoved):
        record_order(quote=quote, by=cast.staff, now=LATER)
    page = sign_in(cast.staff).post(reverse("quotes:record-order", args=[quote.key]), {"ordered_on": "2027-01-16"})
    assert page.status_code == 422
    assert f"A license ID of {quote.number} belongs to another customer by now." in page.text
    assert everything_written() == before
    move(cast, licenseid, cast.customer)
    record_order(quote=quote, by=cast.staff, now=LATER)
    assert quote.status.__class__.objects.get(pk=quote.pk).state == "ordered"


def test_a_corrected_code_changes_no_longer_one_in_a_subject(cast, licenseid):
    licenseid = LicenseID.objects.get(pk=licenseid.pk)
    draft = save_draft(
        key=uuid.uuid4(), licenseids=[load(licenseid)], pricing=None, saved_by=cast.staff, now=NOW,
        **typed(fill(licenseid, {"subject": "LIC-1001とLIC-10012、X-LIC-1001の更新（LIC-1001）"})),
    )  # fmt: skip
    correct_code(licenseid=load(licenseid), code="LIC-1009", seen=licenseid.code)
    draft.refresh_from_db()
    assert draft.subject == "LIC-1009とLIC-10012、X-LIC-1001の更新（LIC-1009）"
