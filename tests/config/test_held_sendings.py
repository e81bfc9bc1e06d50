"""Letters, questions, batches, invitations and imports: what was typed while the session ended stands there again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
import zeal
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.held import AS_SAVED, HELD, LONGEST, PAGE
from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from foundation.mail.models import OutgoingMail
from licensing.holdings.operations import CheckList
from licensing.models import Contact, HeldImport, Invitation, LicenseID, User
from pricing.files.operations import CheckFile
from pricing.lists.operations.publish import publish
from pricing.models import PriceImport
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.transitions import record_order
from renewals.desk.refresh import refresh
from renewals.models import QuantityConfirmation, QuoteRun
from tests.cast import NOW, PASSWORD, TODAY, Cast, make_cast, make_license_id, sign_in
from tests.config.test_held import NOTICE
from tests.forms import sent_by
from tests.licensing.holdings.lists import HEAD, as_csv
from tests.making import given_quote
from tests.pricing.files.workbooks import make_csv
from tests.renewals.batches import issue_all, reviewed
from tests.renewals.comparing import compare
from tests.renewals.impacts import given_run, make_draft


@dataclass
class Typing:
    """A page that somebody is on."""

    by: User
    address: str
    """Opened here, and sent to the same without its query."""
    name: str
    """The field that is typed into."""
    press: dict[str, str] = field(default_factory=dict)
    ticked: dict[str, Any] | None = None
    """The page opens with what a list sends."""
    text: str = "1234"


def letter(cast: Cast) -> Typing:
    quote = given_quote(held(cast), by=cast.staff)
    return Typing(cast.staff, reverse("quotes:send", args=[quote.key]), "body", {"act": "look"})


def previewed_letter(cast: Cast) -> Typing:
    page = letter(cast)
    data = sent_by(sign_in(cast.staff).get(page.address), "filled_for")
    return Typing(cast.staff, page.address, "subject", {"act": "send"}, ticked=data | {"act": "look"})


def acknowledgement(cast: Cast) -> Typing:
    quote = given_quote(held(cast), by=cast.staff)
    record_order(quote=quote, order_number="PO-1", ordered_on=TODAY, by=cast.staff, now=NOW)
    made = acknowledge_order(quote=quote, by=cast.staff, now=NOW)
    address = reverse("quotes:send-acknowledgement", args=[quote.key, made.key])
    return Typing(cast.staff, address, "body", {"act": "look"})


def comparison(cast: Cast) -> Typing:
    found = compare(held(cast), by=cast.staff)
    return Typing(cast.staff, reverse("quotes:comparison-send", args=[found.key]), "body", {"act": "look"})


def question(cast: Cast) -> Typing:
    held(cast)
    address = f"{reverse('renewals:confirm')}?license_id=LIC-1001"
    return Typing(cast.staff, address, "body_ja", {"act": "send"})


def ticked_question(cast: Cast) -> Typing:
    page = question(cast)
    return Typing(cast.staff, reverse("renewals:confirm"), "subject_ja", page.press, {"license_ids": "LIC-1001"})


def batch(cast: Cast) -> Typing:
    held(cast)
    ticked = {"license_id": "LIC-1001"}
    return Typing(cast.staff, reverse("renewals:batch-new"), "note", {"act": "start"}, ticked)


def filtered_batch(cast: Cast) -> Typing:
    return Typing(cast.staff, f"{reverse('renewals:batch-new')}?license_id={held(cast).code}", "note", {"act": "start"})


def letters_of_a_batch(cast: Cast) -> Typing:
    run = reviewed([held(cast)], cast.staff)
    issue_all(run, cast.staff)
    return Typing(cast.staff, reverse("renewals:batch-letters", args=[run.key]), "one_body_ja", {"act": "look"})


def letters_of_new_prices(cast: Cast) -> Typing:
    held(cast)
    draft = make_draft(cast)
    given_run(draft, cast.admin)
    publish(price_list=draft, by=cast.admin, now=NOW)
    refresh(on=TODAY)
    address, ticked = reverse("renewals:price-letters", args=[draft.pk]), {"customer": [cast.customer.pk]}
    return Typing(cast.staff, address, "body_ja", {"act": "look"}, ticked)


def invited_person(cast: Cast) -> Typing:
    return Typing(cast.manager, reverse("manage_invite"), "name")


def invited_contact(cast: Cast) -> Typing:
    return Typing(cast.manager, reverse("manage_invite_contact", args=[cast.customer.pk]), "name")


def pasted_list(cast: Cast) -> Typing:
    return Typing(cast.manager, reverse("held_list"), "pasted")


def columns(cast: Cast) -> Typing:
    return Typing(cast.manager, reverse("held_columns", args=[uploaded(cast).key]), "column-0", text="-")


def answers(cast: Cast) -> Typing:
    address = checked(cast, ["株式会社髙崎製作所", "L-1", "SMP-BS", "5", "2027/3/31"])
    return Typing(cast.manager, address, "answer-0", {"answer": "1"}, text="0")


def confirmed_list(cast: Cast) -> Typing:
    address = checked(
        cast, ["緑建設", "L-1", "SMP-BS", "5", "2027/3/31"], ["緑建設", "L-2", "SMP-BS", "?", "2027/3/31"]
    )
    return Typing(cast.manager, address, "leaves_wrong", text="on")


def price_file(cast: Cast) -> Typing:
    return Typing(cast.price_admin, reverse("admin:pricing_pricelist_import"), "name")


def confirmed_prices(cast: Cast) -> Typing:
    desk = sign_in(cast.price_admin)
    data = {"based_on": cast.price_list.pk, "name": "2027年4月版", "effective_on": "2027/4/1"}
    file = SimpleUploadedFile("prices.csv", make_csv("SMP-BS,5,A,5,,900,900"))
    answer = desk.post(reverse("admin:pricing_pricelist_import"), data | {"file": file})
    work_off(batch_pk=PriceImport.objects.get().check_batch_id, work=CheckFile(), clock=lambda: NOW)
    return Typing(cast.price_admin, answer.url, "name")


PAGES: tuple[Callable[[Cast], Typing], ...] = (
    letter, previewed_letter, acknowledgement, comparison, question, ticked_question, batch, filtered_batch,
    letters_of_a_batch, letters_of_new_prices, invited_person, invited_contact, pasted_list, columns, answers,
    confirmed_list, price_file, confirmed_prices,
)  # fmt: skip
"""Whoever adds a form to these adds it here."""


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), zeal.zeal_ignore():
        yield make_cast()


def held(cast: Cast) -> LicenseID:
    Contact.objects.create(customer=cast.customer, name="佐伯 美和", email="saeki@takasaki.example.jp")
    return make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))


def uploaded(cast: Cast, *rows: list[str]) -> HeldImport:
    """A list that was pasted, and is looked at next."""
    rows = rows or (["緑建設", "L-1", "SMP-BS", "5", "2027/3/31"],)
    pasted = as_csv(HEAD, *rows, encoding="utf-8", delimiter="\t").decode()
    sign_in(cast.manager).post(reverse("held_list"), {"pasted": pasted})
    return HeldImport.objects.get()


def checked(cast: Cast, *rows: list[str]) -> str:
    """Where a list stands that was checked."""
    upload, desk = uploaded(cast, *rows), sign_in(cast.manager)
    address = reverse("held_columns", args=[upload.key])
    desk.post(address, sent_by(desk.get(address), PAGE))
    work_off(batch_pk=Batch.objects.get().pk, work=CheckList(), clock=timezone.now)
    return reverse("held_import", args=[upload.key])


def opened(browser: Client, page: Typing) -> Any:
    if page.ticked is not None:
        return browser.post(page.address, page.ticked)
    return browser.get(page.address)


def log_in(answer: Any, browser: Client, user: User) -> Any:
    """As the page of the log-in does it, to which somebody is sent; and the page to which it leads back."""
    [back] = parse_qs(urlsplit(answer.url).query)["next"]
    there = browser.post(answer.url, {"login": user.email, "password": PASSWORD, "next": back})
    return browser.get(there.url, follow=True)


def left_typing(cast: Cast, browser: Client, page: Typing) -> tuple[Any, dict[str, Any]]:
    """The answer to what was typed after the session had ended, and what was shown before."""
    data = sent_by(opened(browser, page), PAGE)
    Session.objects.all().delete()
    answer = browser.post(page.address.partition("?")[0], data | page.press | {page.name: page.text})
    assert answer.status_code == 302
    return answer, data


@pytest.mark.parametrize("find", PAGES, ids=lambda find: find.__name__)
def test_what_was_typed_stands_there_again(cast: Cast, find: Callable[[Cast], Typing]) -> None:
    page = find(cast)
    browser = sign_in(page.by)
    written = count_written()
    answer, data = left_typing(cast, browser, page)
    there = log_in(answer, browser, page.by)
    assert there.text.count(NOTICE) == 1
    again = sent_by(there, PAGE)
    assert again[page.name] == page.text
    assert set(data) - {PAGE, "csrfmiddlewaretoken", "act"} <= set(again) | {"recipient"}
    assert count_written() == written
    browser.post(page.address.partition("?")[0], again | page.press)
    assert HELD not in browser.session


def test_each_such_page_is_tried_here() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    having = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if '"foundation/_held.html"' in path.read_text(encoding="utf-8")
    }
    assert having == {
        "admin/pricing/pricelist/import.html",
        "admin/pricing/pricelist/import_preview.html",
        "foundation/_opened.html",  # in test_held.py
        "licensing/holdings/columns.html",
        "licensing/holdings/import.html",
        "licensing/holdings/imported.html",
        "licensing/manage/invite.html",
        "quotes/letters/_letter_form.html",
        "quotes/letters/_send.html",
        "renewals/batch/letters.html",
        "renewals/batch/new.html",
        "renewals/confirmations/ask.html",
        "renewals/price_changes/letters.html",
    }


@pytest.mark.parametrize("find", [letter, question, batch, letters_of_new_prices, pasted_list])
def test_it_can_be_given_up(cast: Cast, find: Callable[[Cast], Typing]) -> None:
    page = find(cast)
    browser = sign_in(page.by)
    answer, _data = left_typing(cast, browser, page)
    assert NOTICE in log_in(answer, browser, page.by).text
    anew = browser.get(page.address.partition("?")[0], {AS_SAVED: "1"}, follow=True)
    assert (anew.status_code, NOTICE in anew.text, HELD in browser.session) == (200, False, False)


@pytest.mark.parametrize(("find", "others"), [(question, "license_id=LIC-2002"), (batch, "license_id=LIC-2002")])
def test_what_is_chosen_anew_is_not_what_waits(cast: Cast, find: Callable[[Cast], Typing], others: str) -> None:
    page = find(cast)
    make_license_id(cast.customer, "LIC-2002", ("SMP-BS", 10))
    browser, address = sign_in(page.by), page.address.partition("?")[0]
    answer, _data = left_typing(cast, browser, page)
    log_in(answer, browser, page.by)
    other = browser.get(f"{address}?{others}")
    assert NOTICE not in other.text
    assert sent_by(other, PAGE)[page.name] != page.text
    assert NOTICE in browser.get(address).text


def test_files_are_not_held_and_the_page_asks_for_them_again(cast: Cast) -> None:
    page = price_file(cast)
    browser = sign_in(page.by)
    data = sent_by(browser.get(page.address), PAGE)
    Session.objects.all().delete()
    file = SimpleUploadedFile("prices.csv", make_csv("SMP-BS,5,A,5,,900,900"))
    answer = browser.post(page.address, data | {"name": "2027年4月版", "file": file})
    assert set(browser.session[HELD]["typed"]) == {"based_on", "name", "effective_on"}
    there = log_in(answer, browser, page.by)
    assert "Files and secret texts have to be entered again." in there.text
    assert there.context["form"].errors["file"] == ["This field is required."]
    assert PriceImport.objects.count() == 0


def test_a_longer_list_is_copied_again(cast: Cast) -> None:
    page = pasted_list(cast)
    browser = sign_in(page.by)
    data = sent_by(browser.get(page.address), PAGE)
    Session.objects.all().delete()
    browser.post(page.address, data | {"pasted": "a" * LONGEST})
    assert HELD not in browser.session


def count_written() -> list[int]:
    models = (OutgoingMail, QuantityConfirmation, QuoteRun, Invitation, HeldImport, PriceImport, Batch)
    return [model.objects.count() for model in models]
