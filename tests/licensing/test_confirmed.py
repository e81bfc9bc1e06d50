"""What decides prices of a product or programme is saved only after it was shown what the change concerns."""

import re

import pytest
import time_machine
from django.contrib import admin
from django.urls import reverse

from licensing.admin.confirmed import ConfirmedAdmin
from licensing.models import Product, Programme
from licensing.models.decisive import decisive_fields
from pricing.models import PriceListEvent
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.making import given_quote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast):
    return sign_in(cast.price_admin)


def page_of(row) -> str:
    return reverse(f"admin:licensing_{row._meta.model_name}_change", args=[row.pk])


def entry_of(desk, row, **changes) -> dict[str, object]:
    """What the page's form sends, with these changes."""
    page = desk.get(page_of(row))
    form = page.context["adminform"].form
    entry = {name: "" if value is None else value for name, value in form.initial.items()}
    entry = {name: value for name, value in entry.items() if value is not False}
    sent = {name: value for name, value in (entry | changes).items() if name in form.fields}
    for inline in page.context["inline_admin_formsets"]:
        prefix, parts = inline.formset.prefix, inline.formset.management_form.initial
        sent |= {f"{prefix}-{name}": number for name, number in parts.items()}
    return sent | {"_save": "Save"}


def read(answer) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def mark(answer) -> str:
    [found] = re.findall(r'name="confirmed" value="(\w+)"', answer.text)
    return found


def test_it_is_asked_with_what_it_concerns_then_saved_and_kept(cast, desk):
    """With quote, draft-free: one license ID, one open quote, one list in force."""
    given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    product = cast.products["SMP-BS"]
    entry = entry_of(desk, product, unit="台", tax_category="exempt")
    asked = desk.post(page_of(product), entry)
    assert asked.status_code == 200
    told = read(asked)
    assert "tax category standard rate not taxed" in told
    assert "unit デバイス 台" in told
    assert "products 1 SMP-BS" in told
    assert "license IDs that hold them 1" in told
    assert f"price lists in force or published for later 1 {cast.price_list.name}" in told
    assert "a revision is calculated anew) 1" in told
    assert cast.customer.name not in told
    product.refresh_from_db()
    assert (product.unit, product.history.count()) == ("デバイス", 1)
    saved = desk.post(page_of(product), entry | {"confirmed": mark(asked)})
    assert saved.status_code == 302, read(saved)
    product.refresh_from_db()
    assert (product.unit, product.tax_category) == ("台", "exempt")
    assert product.history.first().history_change_reason.startswith("confirmed: products 1、license IDs that hold")
    [event] = PriceListEvent.objects.filter(kind="registered")
    assert (event.price_list, event.by) == (cast.price_list, cast.price_admin)
    assert event.detail["fields"][0].endswith("unit デバイス → 台、tax category standard rate → not taxed")
    assert "confirmed: products 1" in desk.get(page_of(product).replace("change", "history")).text


@pytest.mark.parametrize("field", ["programme", "segment", "code", "is_multi_year_discountable", "unit_en"])
def test_each_decisive_field_is_asked_about(cast, desk, field):
    product = cast.products["SMP-BS"]
    other = Programme.objects.exclude(pk=product.programme_id).first().pk
    values = {"programme": other, "segment": "教育", "code": "SMP-XX", "unit_en": "unit"}
    answer = desk.post(page_of(product), entry_of(desk, product, **{field: values.get(field, "on")}))
    assert mark(answer)
    assert Product.history.filter(id=product.pk).count() == 1


def test_names_are_saved_at_once(cast, desk):
    product = cast.products["SMP-BS"]
    assert desk.post(page_of(product), entry_of(desk, product, name="新しい名前")).status_code == 302
    product.refresh_from_db()
    assert product.name == "新しい名前"


def test_a_programme_concerns_all_its_products(cast, desk):
    make_license_id(cast.customer, "LIC-1001", ("SMP-CC", 45))
    programme = Programme.objects.get(code="TRSL")
    count = programme.products.count()
    entry = entry_of(desk, programme, rank_basis="own_quantity")
    asked = desk.post(page_of(programme), entry)
    assert f"products {count} " in read(asked)
    assert desk.post(page_of(programme), entry | {"confirmed": "nonsense"}).status_code == 200
    programme.refresh_from_db()
    assert programme.rank_basis == "largest_product"
    assert desk.post(page_of(programme), entry | {"confirmed": mark(asked)}).status_code == 302
    programme.refresh_from_db()
    assert programme.rank_basis == "own_quantity"


@pytest.mark.parametrize(("field", "value"), [("most_years", "3"), ("late_renewal_days", "90"), ("code", "TRSX")])
def test_each_decisive_field_of_a_programme_is_asked_about(cast, desk, field, value):
    programme = Programme.objects.get(code="TRSL")
    before = getattr(programme, field)
    assert mark(desk.post(page_of(programme), entry_of(desk, programme, **{field: value})))
    programme.refresh_from_db()
    assert getattr(programme, field) == before


def test_who_does_not_confirm_gets_the_form_back_as_it_was_typed(cast, desk):
    product = cast.products["SMP-BS"]
    entry = entry_of(desk, product, unit="台", name="新しい名前")
    entry |= {"former_codes-TOTAL_FORMS": "1", "former_codes-INITIAL_FORMS": "0", "former_codes-0-code": "OLD-BS"}
    asked = desk.post(page_of(product), entry)
    assert '<button name="_edit_again" value="1"' in asked.text
    back = desk.post(page_of(product), entry | {"confirmed": mark(asked), "_edit_again": "1"})
    assert "Nothing was saved. The form is as you had typed it." in read(back)
    assert 'name="unit" value="台"' in back.text
    assert 'name="name" value="新しい名前"' in back.text
    assert 'name="former_codes-0-code" value="OLD-BS"' in back.text
    product.refresh_from_db()
    assert (product.unit, product.history.count()) == ("デバイス", 1)
    assert mark(desk.post(page_of(product), entry_of(desk, product, unit="台")))  # what it leads to is asked as ever


def test_what_was_confirmed_must_be_what_is_there_now(cast, desk):
    """Somebody else saves in between, or more is concerned now: it is asked again, and nothing is written."""
    product = cast.products["SMP-BS"]
    entry = entry_of(desk, product, unit="台")
    asked = desk.post(page_of(product), entry)
    Product.objects.filter(pk=product.pk).update(segment="教育")
    again = desk.post(page_of(product), entry | {"confirmed": mark(asked)})
    assert "Something has changed since you were asked." in read(again)
    assert "segment 教育 –" in read(again)
    make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    once_more = desk.post(page_of(product), entry | {"confirmed": mark(again)})
    assert "license IDs that hold them 1" in read(once_more)
    product.refresh_from_db()
    assert (product.unit, product.segment) == ("デバイス", "教育")


def test_no_other_page_of_the_administration_writes_them(cast, desk, monkeypatch):
    """A list that could be edited would refuse it; there is no inline, and no other kind of administration."""
    for model in (Product, Programme):
        assert isinstance(admin.site._registry[model], ConfirmedAdmin)
    inlines = {inline.model for options in admin.site._registry.values() for inline in options.inlines}
    assert not inlines & {Product, Programme}
    monkeypatch.setattr(admin.site._registry[Product], "list_editable", ("unit",))
    address = reverse("admin:licensing_product_changelist") + "?q=SMP-BS"
    row = {"form-0-id": cast.products["SMP-BS"].pk, "form-0-unit": "台", "_save": "Save"}
    counts = {f"form-{name}_FORMS": number for name, number in (("TOTAL", 1), ("INITIAL", 1), ("MAX_NUM", 1000))}
    answer = desk.post(address, row | counts, follow=True)
    assert "was not changed: open its page" in answer.text
    assert Product.objects.get(code="SMP-BS").unit == "デバイス"


def test_a_field_that_comes_later_is_asked_about():
    names = {field.name for field in decisive_fields(Product)}
    editable = {field.name for field in Product._meta.concrete_fields if field.editable and not field.primary_key}
    assert names == editable - {"name", "name_en"}
