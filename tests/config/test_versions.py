"""Two people save the same thing: the second is told what the first changed, field by field, and neither is lost."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
import time_machine
import zeal
from django.contrib.admin import site
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from foundation.versions import NAME
from licensing.models import Contact, Customer, Holding, LicenseID, Product, Programme, Reseller, User
from pricing.models import GoldenCase, PriceList, PriceRank, PriceTable
from quotes.models import LetterTemplate
from tests.at_once import at_once
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.forms import sent_by
from tests.making import given_quote
from tests.pricing.golden_page import ADD, E2, case_data

ONLY_SHOWN = {
    "ApprovalRequest",
    "Batch",
    "CostRate",
    "GoldenCase",
    "ImpactRun",
    "Invitation",
    "MailNotice",
    "OutgoingMail",
    "Quote",
    "QuoteDraft",
    "TaxRate",
}
"""Nothing of them is changed on a page of Django's; golden cases have a page of their own, tried below."""
MODELS = [model for model in site._registry if model.__name__ not in ONLY_SHOWN]
TEXT = {
    Programme: "name_en", Product: "name_en", LicenseID: "note", Reseller: "delivery", User: "name_en",
    Customer: "department", Contact: "department", PriceList: "note", PriceTable: "minimum_quantity",
}  # fmt: skip
"""A field of each in which two people type different things."""
OTHER = {
    Programme: "name", Product: "name", LicenseID: "code", Reseller: "phone", User: "name", Customer: "person",
    Contact: "phone", PriceList: "name",
}  # fmt: skip
"""And another one, which only one of them touches."""


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), zeal.zeal_ignore():
        yield fill(make_cast())


def fill(cast: Cast) -> Cast:
    licenseid = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    given_quote(licenseid, by=cast.staff)
    Contact.objects.create(customer=cast.customer, name="山田 花子")
    draft = PriceList.objects.create(name="2027年4月版", effective_on=date(2027, 4, 1))
    table = PriceTable.objects.create(price_list=draft, product=cast.products["SMP-BS"], minimum_quantity=2)
    PriceRank.objects.create(price_table=table, rank="A", from_quantity=2, renewal_price=5000)
    PriceRank.objects.create(price_table=table, rank="B", from_quantity=50, renewal_price=4500)
    return cast


def change(model: type[Model], pk: Any = None) -> str:
    row: Any = model._base_manager.order_by("pk").last() if pk is None else model._base_manager.get(pk=pk)
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])


def opened(browser: Client, url: str) -> dict[str, Any]:
    return sent_by(browser.get(url), NAME)


def differences(page: Any) -> list[tuple[str, str, str | None]]:
    return [(one.label, one.theirs, one.yours) for one in page.context["conflict"].differences]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_of_the_administration_has_its_version(cast: Cast, model: type[Model]) -> None:
    """And sends it back unharmed: whoever changes nothing meets nobody."""
    office, url = sign_in(cast.admin), change(model)
    data = opened(office, url)
    answer = office.post(url, data)
    assert answer.status_code == 302, (answer.context["errors"], answer.context["conflict"])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_second_who_saves_is_told(cast: Cast, model: type[Model]) -> None:
    office, other = sign_in(cast.admin), sign_in(cast.price_admin if model in PRICED else cast.admin)
    url, name = change(model), TEXT[model]
    row: Any = model._base_manager.get(pk=url.split("/")[-3])
    mine, theirs = opened(office, url), opened(other, url)
    assert other.post(url, theirs | {name: "7"}).status_code == 302
    answer = office.post(url, mine | {name: "8"})
    assert answer.status_code == 200
    row.refresh_from_db()
    assert str(getattr(row, name)) == "7"
    assert [(told[1], told[2]) for told in differences(answer)] == [("7", "8")]
    assert (cast.price_admin if model in PRICED else cast.admin).name in answer.context["conflict"].by
    again = sent_by(answer, NAME)
    assert again[name] == "8"
    assert office.post(url, again).status_code == 302
    row.refresh_from_db()
    assert str(getattr(row, name)) == "8"


PRICED = (PriceList, PriceTable)


@pytest.mark.parametrize("model", OTHER, ids=lambda model: model.__name__)
def test_what_one_left_alone_is_not_undone(cast: Cast, model: type[Model]) -> None:
    office, url = sign_in(cast.admin), change(model)
    row: Any = model._base_manager.get(pk=url.split("/")[-3])
    mine, theirs = opened(office, url), opened(office, url)
    office.post(url, theirs | {OTHER[model]: "theirs"})
    answer = office.post(url, mine | {TEXT[model]: "mine"})
    assert [told[1:] for told in differences(answer)] == [("theirs", None)]
    again = sent_by(answer, NAME)
    assert (again[OTHER[model]], again[TEXT[model]]) == ("theirs", "mine")
    assert office.post(url, again).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, OTHER[model]), getattr(row, TEXT[model])) == ("theirs", "mine")


def test_rows_within_a_page_meet_row_by_row(cast: Cast) -> None:
    """Four holdings' fates at once: changed by both, by them, deleted by them and changed by me, added by them."""
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 10), ("SMP-CC", 20), ("SMP-IM", 30))
    office, url = sign_in(cast.admin), change(LicenseID, licenseid.pk)
    mine = opened(office, url)
    number = {Holding.objects.get(pk=mine[f"holdings-{place}-id"]).product.code: place for place in range(3)}
    first, second, third = licenseid.holdings.order_by("product__code")
    assert [holding.product.code for holding in (first, second, third)] == ["SMP-BS", "SMP-CC", "SMP-IM"]
    Holding.objects.filter(pk=first.pk).update(quantity=11)
    Holding.objects.filter(pk=second.pk).update(quantity=21)
    third.delete()
    added = Holding.objects.create(
        licenseid=licenseid, product=cast.products["SMP-SL"], quantity=5, support_expires_on=date(2027, 3, 31)
    )
    mine |= {f"holdings-{number['SMP-BS']}-quantity": "12", f"holdings-{number['SMP-IM']}-quantity": "32"}
    answer = office.post(url, mine)
    assert answer.status_code == 200
    assert sorted((told[1].split(" · ")[1:2], (told[2] or "-").split(" · ")[1:2]) for told in differences(answer)) == [
        ([], ["32"]), (["11"], ["12"]), (["21"], []), (["5"], []),
    ]  # fmt: skip
    assert sorted(licenseid.holdings.values_list("quantity", flat=True)) == [5, 11, 21]
    again = sent_by(answer, NAME)
    assert office.post(url, again).status_code == 302
    assert sorted(licenseid.holdings.values_list("product__code", "quantity")) == [
        ("SMP-BS", 12), ("SMP-CC", 21), ("SMP-IM", 32), ("SMP-SL", 5),
    ]  # fmt: skip
    assert Holding.objects.filter(pk=added.pk).exists()


def test_what_was_deleted_says_so_and_keeps_what_was_typed(cast: Cast) -> None:
    office, desk = sign_in(cast.admin), sign_in(cast.manager)
    for browser, url in (
        (office, change(Customer, cast.english_customer.pk)),
        (desk, reverse("manage_customer", args=[cast.english_customer.pk])),
    ):
        data = opened(browser, url)
        with_text = data | {"department": "Department that nobody else wrote down"}
        Customer.objects.filter(pk=cast.english_customer.pk).delete()
        answer = browser.post(url, with_text)
        assert answer.status_code in (404, 409)
        assert "Deleted meanwhile" in answer.text
        assert "Department that nobody else wrote down" in answer.text
        cast.english_customer.save(force_insert=True)


def test_a_tick_that_somebody_set_stays(cast: Cast) -> None:
    """It is their change, and not mine to take away."""
    office, url = sign_in(cast.admin), change(Reseller)
    mine, theirs = opened(office, url), opened(office, url)
    assert office.post(url, theirs | {"requires_mfa": "on"}).status_code == 302
    answer = office.post(url, mine | {"phone": "03-1111-2222"})
    assert [told[1:] for told in differences(answer)] == [("yes", None)]
    assert sent_by(answer, NAME)["requires_mfa"] == "on"


# --- Outside of the administration -----------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["customer", "company", "person", "letters"])
def test_managers_pages_too(cast: Cast, where: str) -> None:
    desk, url, name, row = {
        "customer": (cast.manager, reverse("manage_customer", args=[cast.customer.pk]), "department", cast.customer),
        "company": (cast.manager, reverse("manage_company"), "delivery", cast.aoba),
        "person": (cast.manager, reverse("manage_person", args=[cast.staff.pk]), "name_en", cast.staff),
        "letters": (cast.manager, reverse("quotes:letter-templates"), "subject_en", None),
    }[where]
    browser = sign_in(desk)
    mine, theirs = opened(browser, url), opened(browser, url)
    assert browser.post(url, theirs | {name: "theirs"}).status_code == 302
    answer = browser.post(url, mine | {name: "mine"})
    assert answer.status_code == 422
    assert [told[1:] for told in differences_of(answer)] == [("theirs", "mine")]
    assert answer.context["form"].conflict.by == cast.manager.name
    assert f"{cast.manager.name} has saved this meanwhile." in answer.text
    assert stored(row, name) == "theirs"
    again = sent_by(answer, NAME)
    assert again[name] == "mine"
    assert browser.post(url, again).status_code == 302
    assert stored(row, name) == "mine"


def differences_of(page: Any) -> list[tuple[str, str, str | None]]:
    return [(one.label, one.theirs, one.yours) for one in page.context["form"].conflict.differences]


def stored(row: Any, name: str) -> str:
    if row is None:
        return LetterTemplate.objects.get(language="en").subject
    row.refresh_from_db()
    return str(getattr(row, name))


def test_a_seal_that_somebody_replaced(cast: Cast) -> None:
    desk, url = sign_in(cast.manager), reverse("manage_company")
    mine = opened(desk, url)
    Reseller.objects.filter(pk=cast.aoba.pk).update(seal="resellers/other.png")
    answer = desk.post(url, mine | {"delivery": "mine"})
    assert [told[1:] for told in differences_of(answer)] == [("other.png", None)]


def test_golden_cases_too(cast: Cast) -> None:
    office = sign_in(cast.admin)
    page = office.post(ADD, case_data(*E2) | {"action": "calculate"})
    office.post(ADD, case_data(*E2) | {"action": "keep", "seen": page.context["mark"]})
    case = GoldenCase.objects.get()
    url = reverse("admin:pricing_goldencase_change", args=[case.pk])
    mine, theirs = opened(office, url), opened(office, url)
    assert office.post(url, theirs | {"note": "theirs", "action": "save"}).status_code == 302
    asked = {**case.asked, "additions": [{"product": "SMP-BS", "quantity": 3}]}
    GoldenCase.objects.filter(pk=case.pk).update(asked=asked)
    more = office.post(url, mine | {"action": "more-addition"})
    answer = office.post(url, sent_by(more, NAME) | {"note": "mine", "action": "save"})
    assert answer.status_code == 422
    assert [told[1:] for told in differences(answer)] == [("theirs", "mine"), ("SMP-BS · 3", None)]
    assert GoldenCase.objects.get().note == "theirs"
    assert office.post(url, sent_by(answer, NAME) | {"action": "save"}).status_code == 302
    case.refresh_from_db()
    assert (case.note, case.asked["additions"]) == ("mine", asked["additions"])


# --- At once ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told() -> None:
    """Both opened the same version; both send at the same moment, each over a connection of its own."""
    cast = fill(make_cast())
    for url, name, user in (
        (change(Customer, cast.customer.pk), "department", cast.admin),
        (reverse("manage_customer", args=[cast.customer.pk]), "department", cast.manager),
        (reverse("manage_company"), "delivery", cast.manager),
        (reverse("manage_person", args=[cast.staff.pk]), "name_en", cast.manager),
        (reverse("quotes:letter-templates"), "subject_en", cast.manager),
        (change(PriceTable), "minimum_quantity", cast.admin),
    ):
        texts = ("17", "18") if user == cast.admin else ("27", "28")
        browsers = [sign_in(user), sign_in(user)]
        sent = [opened(browser, url) | {name: text} for browser, text in zip(browsers, texts, strict=True)]
        answers = at_once(*(partial(send, *asked, url) for asked in zip(browsers, sent, strict=True)))
        assert sorted(answers) in ([200, 302], [302, 422]), (url, answers)


def send(browser: Client, data: dict[str, Any], url: str) -> int:
    with zeal.zeal_ignore():
        return browser.post(url, data).status_code
