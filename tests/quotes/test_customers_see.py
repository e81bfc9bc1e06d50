"""From when a customer with a log-in sees a quote: once it was sent or shared, or as soon as it is issued."""

import pytest

from licensing.models import Reseller
from quotes.letters.words import Letter
from quotes.links.operations import make_link, revoke_link
from quotes.models import Quote, ShareLink
from tests.cast import NOW, make_license_id, sign_in
from tests.making import everything_written, given_quote
from tests.quotes.test_letters import send
from tests.quotes.test_transitions import revise


@pytest.fixture
def quote(cast, licenseid):
    return given_quote(licenseid, by=cast.staff)


@pytest.fixture
def contact(cast):
    return sign_in(cast.contact, language="ja")


def share(quote: Quote) -> ShareLink:
    day, by = quote.valid_until, quote.issued_by
    link, _token = make_link(
        quote=quote, recipient="佐伯様", expires_on=day, max_downloads=None, seen=None, by=by, now=NOW
    )
    return link


def sees(contact, quote: Quote) -> list[bool]:
    """In the list, on its page, as a PDF."""
    url = f"/received/{quote.key}/"
    answers = [contact.get(path).status_code for path in (url, f"{url}pdf/")]
    assert set(answers) <= {200, 404}
    return [f'href="{url}"' in contact.get("/received/").text, *(status == 200 for status in answers)]


YES, NO = [True] * 3, [False] * 3


def test_a_customer_finds_no_quote_that_staff_have_not_sent_yet(contact, quote):
    assert Reseller.objects.get(pk=quote.reseller_id).customers_see_quotes == "sent"
    before = everything_written()
    assert sees(contact, quote) == NO
    assert contact.post(f"/received/{quote.key}/answer/", {"answer": "order"}).status_code == 404
    assert everything_written() == before
    assert "まだありません" in contact.get("/received/").text


def test_sharing_shows_it_and_stopping_the_link_does_not_hide_it_again(contact, cast, quote):
    link = share(quote)
    assert sees(contact, quote) == YES
    revoke_link(link=link, by=cast.staff, now=NOW)
    assert sees(contact, quote) == YES


@pytest.mark.parametrize("with_link", [True, False], ids=["link", "PDF"])
def test_sending_shows_it(contact, quote, with_link):
    letter = Letter("見積", "{link}" if with_link else "添付をご覧ください。")
    send(quote, letter=letter, with_link=with_link, with_pdf=not with_link)
    assert sees(contact, quote) == YES


def test_a_reseller_may_show_quotes_as_soon_as_they_are_issued(contact, cast, quote):
    other = given_quote(make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45)), by=cast.stranger)
    Reseller.objects.filter(pk=cast.aoba.pk).update(customers_see_quotes="issued")
    assert sees(contact, quote) == YES
    assert sees(sign_in(cast.foreign_contact), other) == NO, "the other reseller did not choose so"
    assert sees(contact, other) == NO


def test_what_a_customer_has_seen_does_not_vanish_with_the_setting(contact, cast, quote):
    unseen = given_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45)), by=cast.staff)
    Reseller.objects.filter(pk=cast.aoba.pk).update(customers_see_quotes="issued")
    assert contact.get(f"/received/{quote.key}/").status_code == 200
    Reseller.objects.filter(pk=cast.aoba.pk).update(customers_see_quotes="sent")
    assert sees(contact, quote) == YES
    assert sees(contact, unseen) == NO


def test_what_staff_do_with_it_shows_nothing(contact, cast, quote):
    desk = sign_in(cast.staff)
    assert desk.get(f"/quotes/{quote.key}/").status_code == 200
    assert desk.get(f"/quotes/{quote.key}/pdf/").status_code == 200
    assert sees(contact, quote) == NO


def test_a_replaced_quote_leads_to_the_new_one_only_once_that_was_sent_too(contact, cast, quote):
    share(quote)
    new = revise(quote, by=cast.staff)
    assert sees(contact, new) == NO
    page = contact.get(f"/received/{quote.key}/").text
    assert str(new.key) not in page
    assert "青葉見本システム株式会社" in page
    share(new)
    assert f'href="/received/{new.key}/"' in contact.get(f"/received/{quote.key}/").text


def test_managers_choose_it_and_the_history_says_so(cast):
    desk = sign_in(cast.manager, language="ja")
    page = desk.get("/manage/company/")
    assert [value for value, _name in page.context["form"].fields["customers_see_quotes"].choices] == ["sent", "issued"]
    fields = {
        bound.html_name: bound.value() or "" for bound in page.context["form"] if bound.name not in ("seal", "logo")
    }
    before = list(Reseller.objects.values())
    refused = desk.post("/manage/company/", fields | {"customers_see_quotes": "never"})
    assert refused.status_code == 422
    assert list(Reseller.objects.values()) == before
    assert desk.post("/manage/company/", fields | {"customers_see_quotes": "issued"}).status_code == 302
    assert Reseller.objects.get(pk=cast.aoba.pk).customers_see_quotes == "issued"
    assert Reseller.objects.get(pk=cast.minato.pk).customers_see_quotes == "sent"
    assert Reseller.history.filter(id=cast.aoba.pk).latest("pk").customers_see_quotes == "issued"
    office = sign_in(cast.admin).get(f"/admin/licensing/reseller/{cast.aoba.pk}/change/").text
    assert 'name="customers_see_quotes"' in office
