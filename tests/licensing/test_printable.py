"""What quotes print is refused when it is saved, where no font of the PDF has its characters."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import override

from licensing.models import Customer, Invitation, Product, Programme, Reseller, User
from tests.cast import make_cast, sign_in

PRINTED: list[tuple[type[Model], str]] = [
    *((Customer, name) for name in ("name", "department", "person", "address")),
    *((Reseller, name) for name in ("name", "name_en", "address", "address_en", "phone", "email")),
    *((Reseller, name) for name in ("delivery", "delivery_en", "payment_terms", "payment_terms_en")),
    *((User, name) for name in ("name", "name_en")),
    (Invitation, "name"),
    *((Product, name) for name in ("name", "name_en", "unit", "unit_en")),
    *((Programme, name) for name in ("name", "name_en")),
]
EN = "\ue123 U+E123, 🍣 U+1F363, U+0007 cannot be printed on quotes. Write it with other characters."
JA = "\ue123 U+E123, 🍣 U+1F363, U+0007 は見積書に印刷できません。別の文字で入力してください。"


@pytest.mark.parametrize(("model", "name"), PRINTED)
def test_every_column_that_is_printed_refuses(model: type[Model], name: str) -> None:
    column = model._meta.get_field(name)
    with pytest.raises(ValidationError) as refused:
        column.clean("a@example.jp\ue123🍣\x07", model())  # type: ignore[union-attr]
    for language, words in {"en": EN, "ja": JA}.items():
        with override(language):
            assert words in refused.value.messages


def typed(row: Model, *names: str) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in names}


@pytest.mark.django_db
def test_managers_are_told_at_the_field_and_nothing_is_written() -> None:
    cast = make_cast()
    manager = sign_in(cast.manager)
    names = ("name", "kana", "department", "person", "postal_code", "address", "language", "segment")
    entry = typed(cast.customer, *names) | {"person": "佐伯 美和\ue123"}
    for address in (f"/manage/customers/{cast.customer.pk}/", "/manage/customers/new/"):
        answer = manager.post(address, entry)
        assert answer.context["form"].errors == {
            "person": ["\ue123 U+E123 cannot be printed on quotes. Write it with other characters."]
        }
    entry = {"name": "青木 🍣", "name_en": "Yoko \x0bAoki\x07", "role": "staff"}
    answer = manager.post(f"/manage/people/{cast.staff.pk}/", entry)
    assert answer.context["form"].errors["name"] == [
        "🍣 U+1F363 cannot be printed on quotes. Write it with other characters."
    ]
    assert answer.context["form"].errors["name_en"] == [
        "U+0007 cannot be printed on quotes. Write it with other characters."
    ]
    assert Customer.objects.get(pk=cast.customer.pk).person == "佐伯 美和"
    assert Customer.objects.count() == 3
    assert User.objects.get(pk=cast.staff.pk).name == "青木 陽子"


@pytest.mark.django_db
def test_the_administration_refuses_too() -> None:
    cast = make_cast()
    product = Product.objects.order_by("code")[0]
    names = ("code", "name", "name_en", "segment", "unit_en", "tax_category")
    entry = typed(product, *names) | {"programme": str(product.programme_id), "unit": "本\ue000"}
    answer = sign_in(cast.admin).post(f"/admin/licensing/product/{product.pk}/change/", entry)
    assert answer.context["adminform"].form.errors["unit"] == [
        "\ue000 U+E000 cannot be printed on quotes. Write it with other characters."
    ]
    assert Product.objects.get(pk=product.pk).unit == product.unit
