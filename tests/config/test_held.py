"""What is typed into a page of staff while the session has ended waits for its writer, and stands there again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
import zeal
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse

from foundation.held import HELD, LONGEST, PAGE, PAGE_SECONDS, SALT
from licensing.models import Contact, Customer, Holding
from pricing.models import CostRate
from renewals.models import ChatSettings
from tests.cast import NOW, PASSWORD, TODAY, Cast, make_cast, make_license_id, sign_in
from tests.forms import sent_by

NOTICE = "You had typed this when your session ended."
TYPED = "1234"
Pages = dict[str, Callable[[Cast], tuple[str, str]]]
PAGES: Pages = {
    "approval": lambda cast: (reverse("renewals:approval-settings"), "approval_reduction"),
    "chat": lambda cast: (reverse("renewals:chat"), "with_prices"),
    "code": lambda cast: (reverse("license_id_code", args=["LIC-1001"]), "code"),
    "columns": lambda cast: (reverse("quotes:table-columns"), "head_quote_number"),
    "company": lambda cast: (reverse("manage_company"), "delivery"),
    "confirmations": lambda cast: (reverse("renewals:confirmation-settings"), "subject_en"),
    "contact": lambda cast: (reverse("contact", args=[Contact.objects.get().pk]), "department"),
    "cost rate": lambda cast: (reverse("pricing:cost-rate", args=[CostRate.objects.get().pk]), "percent"),
    "cost rates": lambda cast: (reverse("pricing:cost-rates"), "percent"),
    "customer": lambda cast: (reverse("manage_customer", args=[cast.customer.pk]), "department"),
    "holdings": lambda cast: (reverse("holdings", args=["LIC-1001"]), f"held-{Holding.objects.get().pk}-quantity"),
    "letters": lambda cast: (reverse("quotes:letter-templates"), "subject_en"),
    "new contact": lambda cast: (reverse("contact_new", args=[cast.customer.pk]), "name"),
    "new customer": lambda cast: (reverse("manage_new_customer"), "name"),
    "new license ID": lambda cast: (reverse("license_id_new", args=[cast.customer.pk]), "code"),
    "own words": lambda cast: (reverse("own_words"), "department"),
    "person": lambda cast: (reverse("manage_person", args=[cast.staff.pk]), "name_en"),
    "rhythm": lambda cast: (reverse("renewals:rhythm"), "expiry_subject_en"),
    "standing lines": lambda cast: (reverse("renewals:standing-lines"), "line-0-description"),
}
"""Where, and a field. Whoever adds a form to these adds it here."""


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    cast = make_cast()
    make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    Contact.objects.create(customer=cast.customer, name="山田 花子")
    CostRate.objects.create(reseller=cast.aoba, product=cast.products["SMP-BS"], percent="70", effective_on=TODAY)
    with time_machine.travel(NOW, tick=False), zeal.zeal_ignore():
        yield cast


def log_in(browser: Client, user: Any, address: str) -> Any:
    """As the page of the log-in does it, which leads back."""
    answer = browser.post(
        f"/accounts/login/?next={address}", {"login": user.email, "password": PASSWORD, "next": address}
    )
    return browser.get(answer.url)


def test_each_such_page_is_tried_here(cast: Cast) -> None:
    browser = sign_in(cast.manager)
    drawn = {one.name for where in PAGES.values() for one in browser.get(where(cast)[0]).templates}
    folder = Path(settings.BASE_DIR) / "templates"
    marked = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if '"foundation/_opened.html"' in path.read_text(encoding="utf-8")
    }
    assert marked - drawn == set()


@pytest.mark.parametrize("where", PAGES)
def test_what_was_typed_stands_there_again(cast: Cast, where: str) -> None:
    address, name = PAGES[where](cast)
    browser = sign_in(cast.manager)
    data = sent_by(browser.get(address), PAGE)
    assert name in data or where == "chat"
    Session.objects.all().delete()
    answer = browser.post(address, data | {name: TYPED})
    assert answer.status_code == 302
    page = log_in(browser, cast.manager, address)
    assert NOTICE in page.text
    again = sent_by(page, PAGE)
    assert again[name] == ("on" if where == "chat" else TYPED)
    assert again[PAGE] != data[PAGE] or again | {PAGE: ""} != data | {PAGE: ""}
    browser.post(address, again)
    assert HELD not in browser.session


def test_it_stays_until_it_is_sent_or_given_up(cast: Cast) -> None:
    browser, address = left_typing(cast)
    assert NOTICE in log_in(browser, cast.manager, address).text
    assert NOTICE in browser.get(address).text
    assert NOTICE not in browser.get(reverse("renewals:rhythm")).text
    page = browser.get(f"{address}?as_saved=1")
    assert NOTICE not in page.text
    assert sent_by(page, PAGE)["department"] == "情報システム部"
    assert HELD not in browser.session


def test_what_a_colleague_saved_meanwhile_is_told_as_ever(cast: Cast) -> None:
    browser, address = left_typing(cast)
    Customer.objects.filter(pk=cast.customer.pk).update(department="総務部")
    page = log_in(browser, cast.manager, address)
    assert [one.theirs for one in page.context["form"].conflict.differences] == ["総務部"]
    assert sent_by(page, PAGE)["department"] == TYPED
    cast.customer.refresh_from_db()
    assert cast.customer.department == "総務部"


def test_it_is_shown_to_its_writer_only(cast: Cast) -> None:
    browser, address = left_typing(cast)
    other = cast.colleague
    other.role = cast.manager.role
    other.save()
    page = log_in(browser, other, address)
    assert (page.status_code, NOTICE in page.text, TYPED in page.text) == (200, False, False)
    assert HELD not in browser.session


def test_addresses_of_chat_rooms_are_kept_nowhere(cast: Cast) -> None:
    browser, address = sign_in(cast.manager), reverse("renewals:chat")
    data = sent_by(browser.get(address), PAGE)
    Session.objects.all().delete()
    secret = {"teams": "https://example.webhook.office.com/secret", "slack": "https://hooks.slack.com/secret"}
    browser.post(address, data | secret | {"with_prices": "on"})
    assert set(browser.session[HELD]["typed"]) == (set(data) - {PAGE, "csrfmiddlewaretoken", "teams", "slack"}) | {
        "with_prices"
    }
    assert "secret" not in str(browser.session[HELD])
    assert not ChatSettings.objects.exists()


@pytest.mark.parametrize("mark", ["", "x", "other salt", "old", "too long"])
def test_nobody_leaves_anything_without_a_page_that_they_were_shown(cast: Cast, mark: str) -> None:
    browser, address = sign_in(cast.manager), PAGES["customer"](cast)[0]
    data = sent_by(browser.get(address), PAGE)
    Session.objects.all().delete()
    given = {
        "other salt": signing.dumps([cast.manager.pk, []], salt="other"),
        "old": data[PAGE],
        "too long": data[PAGE],
    }.get(mark, mark)
    typed = TYPED if mark != "too long" else "あ" * LONGEST
    with time_machine.travel(NOW.timestamp() + (PAGE_SECONDS + 1 if mark == "old" else 0), tick=False):
        browser.post(address, data | {PAGE: given, "department": typed})
    assert Session.objects.count() == 0
    assert signing.loads(data[PAGE], salt=SALT) == [cast.manager.pk, []]


def left_typing(cast: Cast) -> tuple[Client, str]:
    """A browser whose session ended while somebody typed a customer's department."""
    address, name = PAGES["customer"](cast)
    browser = sign_in(cast.manager)
    data = sent_by(browser.get(address), PAGE)
    Session.objects.all().delete()
    browser.post(address, data | {name: TYPED})
    return browser, address
