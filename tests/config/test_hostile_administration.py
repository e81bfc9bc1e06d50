"""Null characters, and numbers of rows that are none, end nowhere in an error of the administration."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
import zeal
from django.contrib.admin import site
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.test import Client
from django.urls import reverse

from foundation.jobs.models import Batch
from foundation.mail.models import MailNotice, OutgoingMail
from licensing.models import Contact, Customer, Invitation, LicenseID, User
from pricing.models import CostRate, GoldenCase, PriceList, PriceRank, PriceTable, TaxRate
from quotes.models import Quote
from renewals.models import ApprovalRequest, ImpactRun, QuoteDraft
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.making import given_quote

ONLY_SHOWN = (
    ApprovalRequest, Batch, CostRate, GoldenCase, ImpactRun, MailNotice, OutgoingMail, Quote, QuoteDraft, TaxRate,
)  # fmt: skip
MODELS = [model for model in site._registry if model not in ONLY_SHOWN]
"""Those with Django's own form. That of golden cases has its own tests."""
ONLY_INVITED = (User,)
ONLY_ADDED = (Invitation,)
ANY_TEXT = (LicenseID,)
"""Whose change form has texts alone, that may be any: the owner is changed on another page."""
FURTHER_ROW = re.compile(r"-[1-9]\d*-")
"""In the name of a field: rows of a formset are read alike, the first stands for all."""
TEXTS = ("\0", "1\0", "x\0y", "x", "9" * 30)
"""Also what is no number where the number of a row stands."""


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), zeal.zeal_ignore():  # Django looks rows of formsets up one by one
        cast = make_cast()
        given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
        Contact.objects.create(customer=cast.customer, name="山田 花子", email="yamada@hikari.example.jp")
        draft = PriceList.objects.create(name="2027年4月版", effective_on=date(2027, 4, 1))
        table = PriceTable.objects.create(price_list=draft, product=cast.products["SMP-BS"], minimum_quantity=2)
        PriceRank.objects.create(price_table=table, rank="A", from_quantity=2, renewal_price=5000)
        yield cast


@pytest.fixture
def office(cast: Cast) -> Client:
    return sign_in(cast.admin)


def address(model: type[Model], view: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=arguments)


def names_of(office: Client, url: str) -> Iterator[tuple[str, Any]]:
    """Every field of a page's forms, and what it holds."""
    context = office.get(url).context
    forms = [context["adminform"].form]
    for inline in context.get("inline_admin_formsets", ()):
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            yield field.html_name, field.value()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_forms_refuse_them(office: Client, model: type[Model]) -> None:
    rows = model._base_manager.order_by("pk")
    last: Any = rows.last()
    before = list(rows.values())
    pages = [] if model in ONLY_INVITED else [address(model, "add")]
    pages += [] if model in ONLY_ADDED else [address(model, "change", last.pk)]
    for url in pages:
        fields = dict(names_of(office, url))
        counts = {name: value for name, value in fields.items() if name.endswith("_FORMS")}
        texts = [text for text in TEXTS if "\0" in text] if model in ANY_TEXT and "/add/" not in url else TEXTS
        tried = [dict.fromkeys(fields, text) | counts for text in texts]
        tried += [data | dict.fromkeys(counts, "\0") for data in tried[:1] if counts]
        for data in tried:
            answer = office.post(url, data)
            assert answer.status_code == 200
            assert answer.context["errors"]
    assert list(rows.values()) == before


@pytest.mark.both_databases
def test_what_cannot_be_a_row_is_not_ticked(office: Client, cast: Cast) -> None:
    lonely = Customer.objects.create(reseller=cast.aoba, name="星見坂物流株式会社")
    data = {"action": "delete_selected", "_selected_action": ["x", "1\0", str(lonely.pk)], "post": "yes"}
    assert office.post(address(Customer, "changelist"), data).status_code == 302
    assert not Customer.objects.filter(pk=lonely.pk).exists()
    assert Customer.objects.count() == 3


@pytest.mark.postgres  # which takes no null character, whoever let it through; SQLite takes any, and would tell nothing
@pytest.mark.parametrize(
    "model", [model for model in MODELS if model not in ONLY_ADDED], ids=lambda model: model.__name__
)
def test_every_field_by_itself(office: Client, model: type[Model]) -> None:
    last: Any = model._base_manager.order_by("pk").last()
    url = address(model, "change", last.pk)
    fields = {name: "" if value is None else value for name, value in names_of(office, url)}
    fields = {name: value for name, value in fields.items() if not isinstance(value, FieldFile)}
    fields.pop("publish_now", None)  # anything is a tick
    for name in [name for name in fields if not FURTHER_ROW.search(name)]:
        assert office.post(url, fields | {name: "x\0"}).status_code in {200, 302}, name


@pytest.mark.postgres
def test_actions_and_buttons_ignore_them(office: Client) -> None:
    for model in (Customer, Quote):
        for name in ("action", "_selected_action", "index", "_popup", "_to_field"):
            for text in TEXTS:
                data = {"action": "delete_selected", "_selected_action": "1", "index": "0", name: text}
                assert office.post(address(model, "changelist"), data).status_code in {200, 302, 403}
    url = address(Customer, "delete", Customer.objects.order_by("pk").last().pk)  # type: ignore[union-attr]
    for name in ("_popup", "_to_field"):
        assert office.post(url, {name: "\0"}).status_code in {200, 400}


def test_no_field_is_the_row_s_number(office: Client) -> None:
    """`_to_field=` says by which field a row is looked for: nothing said, nothing else than its number."""
    for view in ("change", "delete"):
        url = address(Customer, view, Customer.objects.order_by("pk").last().pk)  # type: ignore[union-attr]
        assert office.get(url, {"_to_field": ""}).status_code == 200
        assert office.post(f"{url}?_to_field=", {"_to_field": ""}).status_code in {200, 302}


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["term", "app_label", "model_name", "field_name", "page"])
def test_choices_that_are_fetched_do_without_null_characters(office: Client, name: str) -> None:
    asked = {"app_label": "licensing", "model_name": "customer", "field_name": "reseller", "term": "", "page": "1"}
    assert office.get(reverse("admin:autocomplete"), asked | {name: f"{asked[name]}\0"}).status_code == 200
