"""The pages on which customers and license IDs come to somebody else: the effect first, then the deed."""

import pytest
from django.urls import reverse
from django.utils import translation

from licensing.models import Customer, LicenseID
from quotes.models import Quote
from quotes.record.transitions import record_order
from tests.cast import NOW, sign_in
from tests.licensing.test_admin_files import told, upload
from tests.making import given_quote, load
from tests.page import Page
from tests.renewals.transferring import all_written, contact_of


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def other(cast):
    """Another customer of the same reseller."""
    return Customer.objects.create(reseller=cast.aoba, name="株式会社高崎製作所", address="見本県高崎町7-8")


def mark_on(page) -> str:
    [mark] = page.all(lambda e: e.tag == "input" and e["name"] == "mark")
    return mark["value"]


def rows_on(page) -> list[list[str]]:
    """What there is and how much of it."""
    rows = page.all(lambda e: e.tag == "tr")
    cells = [[" ".join(cell.text().split()) for cell in row.walk() if cell.tag == "td"][:2] for row in rows]
    return [row for row in cells if row and row[1] != "0"]


def test_the_page_of_a_move_shows_what_happens_and_does_it(cast, licenseid, other):
    quote, url = given_quote(licenseid, by=cast.staff), reverse("renewals:move-license-id", args=[licenseid.code])
    desk = sign_in(cast.manager)
    assert url in desk.get(reverse("renewals:license-id", args=[licenseid.code])).text
    assert f"{url}?to={other.pk}" in desk.get(url + "?q=髙崎").text
    for text, status in (("abc", 404), (str(cast.foreign_customer.pk), 404), (str(cast.customer.pk), 404)):
        assert desk.get(url + f"?to={text}").status_code == status
    page = Page(desk.get(url + f"?to={other.pk}"))
    assert rows_on(page) == [["Holdings", "1"], ["Quotes without an outcome", "1"], ["Issued quotes", "1"]]
    [tick] = page.all(lambda e: e.tag == "input" and e["name"] == "quote")
    assert (tick["value"], "checked" in tick.attributes) == (str(quote.key), True)
    stale = desk.post(url, {"to": other.pk, "mark": "x", "quote": tick["value"]})
    assert (stale.status_code, load(licenseid).customer) == (422, cast.customer)
    assert "Something has changed since this page was opened" in stale.text
    done = desk.post(url, {"to": other.pk, "mark": mark_on(Page(stale)), "quote": tick["value"]}, follow=True)
    assert f"{licenseid.code} belongs to {other.name} now." in done.text
    assert Quote.objects.get(pk=quote.pk).status.state == "lost"


def test_the_page_of_a_move_leads_to_the_order_that_is_in_the_way(cast, licenseid, other):
    quote, url = given_quote(licenseid, by=cast.staff), reverse("renewals:move-license-id", args=[licenseid.code])
    desk = sign_in(cast.manager)
    mark = mark_on(Page(desk.get(url + f"?to={other.pk}")))
    record_order(quote=quote, by=cast.staff, now=NOW)
    answer = desk.post(url, {"to": other.pk, "mark": mark})
    assert answer.status_code == 422
    assert reverse("renewals:carry-out", args=[quote.key]) in answer.text
    assert "Move the license ID" not in answer.text


def test_the_page_of_a_merging_shows_what_happens_and_does_it(cast, licenseid, other):
    contact_of(cast.customer), given_quote(licenseid, by=cast.staff)
    url, desk = reverse("renewals:merge-customer", args=[cast.customer.pk]), sign_in(cast.manager)
    assert url in desk.get(reverse("customer", args=[cast.customer.pk])).text
    assert f"{url}?into={other.pk}" in desk.get(url + "?q=髙崎").text
    page = Page(desk.get(url + f"?into={other.pk}"))
    assert rows_on(page)[:6] == [
        ["License IDs", "1"], ["Holdings", "1"], ["Contacts", "1"], ["Log-ins", "1"], ["Issued quotes", "1"],
        ["of these without an outcome", "1"],
    ]  # fmt: skip
    swapped = reverse("renewals:merge-customer", args=[other.pk]) + f"?into={cast.customer.pk}"
    assert len(page.all(lambda e: e["href"] == swapped)) == 1
    done = desk.post(url, {"into": other.pk, "mark": mark_on(page)}, follow=True)
    assert f"{cast.customer.name} is {other.name} now." in done.text
    assert Customer.objects.get(pk=cast.customer.pk).merged_into == other


def test_the_page_of_a_change_of_reseller_shows_what_happens_and_does_it(cast, licenseid):
    given_quote(licenseid, by=cast.staff)
    twin = Customer.objects.create(reseller=cast.minato, name="㈱髙﨑製作所")
    url, desk = reverse("renewals:change-reseller", args=[cast.customer.pk]), sign_in(cast.admin)
    assert url in desk.get(reverse("customer", args=[cast.customer.pk])).text
    assert "Choose a reseller of the list." in desk.get(url + f"?to={cast.aoba.pk}").text
    page = Page(desk.get(url + f"?to={cast.minato.pk}"))
    assert rows_on(page) == [
        ["License IDs", "1"], ["Holdings", "1"], ["Log-ins", "1"], ["Issued quotes", "1"],
        ["of these without an outcome", "1"],
    ]  # fmt: skip
    assert twin.name in page.text
    done = desk.post(url, {"to": cast.minato.pk, "mark": mark_on(page)}, follow=True)
    assert f"{cast.customer.name} is a customer of {cast.minato.name} now." in done.text


def test_the_administration_leads_to_these_pages_and_changes_no_owner_itself(cast, licenseid, other):
    desk = sign_in(cast.admin)
    page = desk.get(reverse("admin:licensing_licenseid_change", args=[licenseid.pk])).text
    assert reverse("renewals:move-license-id", args=[licenseid.code]) in page
    assert 'name="customer"' not in page
    page = desk.get(reverse("admin:licensing_customer_change", args=[cast.customer.pk])).text
    assert reverse("renewals:change-reseller", args=[cast.customer.pk]) in page
    assert 'name="reseller"' not in page
    content = f"license ID,customer: number in the portal\r\n{licenseid.code},{other.pk}\r\n"
    before = all_written()
    assert "Not by a file" in str(told(upload(desk, LicenseID, content)))
    assert all_written() == before
