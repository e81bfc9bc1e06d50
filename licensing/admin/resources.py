"""Which columns programmes, products, customers and license IDs have in files, and what a file may not change."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from foundation.administration.files import COLUMN_OF_NUMBERS, MasterResource, NamedWidget
from foundation.text.typed import half_width

from ..models import Customer, LicenseID, Product, Programme, Reseller
from ..operations.companies import LooksLikeExisting, refuse_look_alikes
from ..operations.registration import decisive_changes
from ..queries import present_codes


class DecisiveResource(MasterResource):
    """New rows, and names. What decides prices, in lists in force too, is changed where one sees what it concerns."""

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().before_save_instance(instance, row, **kwargs)
        stored = type(instance)._default_manager.filter(pk=instance.pk).first()
        if stored is not None and (changes := decisive_changes(stored, instance)):
            text = _("Not by a file: %(changes)s. Change it on its own page, where you see first what that concerns.")
            raise ValidationError(text % {"changes": "、".join(map(str, changes))})


class ProgrammeResource(DecisiveResource):
    class Meta:
        model = Programme
        fields = ("code", "name", "name_en", "rank_basis", "most_years", "late_renewal_days")


class ProductResource(DecisiveResource):
    programme = Field("programme", "programme", widget=NamedWidget(Programme, "code"))

    class Meta:
        model = Product
        fields = (
            *("code", "name", "name_en", "programme", "segment", "unit", "unit_en"),
            *("is_multi_year_discountable", "tax_category"),
        )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("programme")

    def find_wrong_keys(self, rows: list[dict[str, str]], key: str) -> Iterable[str]:
        """A row that names a former code is the product's, under the code that it has now."""
        present = present_codes(half_width(row[key]) for row in rows)
        for row in rows:
            row[key] = present.get(half_width(row[key]), row[key])
        return super().find_wrong_keys(rows, key)


class CustomerResource(MasterResource):
    """Known by the portal's number; a row without one is new, unless the reseller has such a customer already."""

    reseller = Field("reseller", "reseller", widget=NamedWidget(Reseller, "code"))

    class Meta:
        model = Customer
        import_id_fields: ClassVar[list[str]] = ["id"]
        fields = (
            *(
                "id",
                "reseller",
                "name",
                "kana",
                "department",
                "person",
                "postal_code",
                "address",
                "language",
                "segment",
            ),
        )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("reseller")

    @classmethod
    def label_of(cls, field: Field) -> str:
        return str(COLUMN_OF_NUMBERS) if field.column_name == "id" else super().label_of(field)

    def find_wrong_keys(self, rows: list[dict[str, str]], key: str) -> Iterable[str]:
        yield from super().find_wrong_keys(rows, key)
        numbers = {half_width(row[key]) for row in rows} - {""}
        possible = {number for number in numbers if number.isascii() and number.isdigit() and len(number) < 19}
        known = {str(pk) for pk in Customer.objects.filter(pk__in=possible).values_list("pk", flat=True)}
        for number in sorted(numbers - known):
            yield _("There is no customer with the number %(number)s. A new one has none.") % {"number": number}
        codes = {half_width(row["reseller"]) for row in rows if "reseller" in row}
        # Before any customer: docs/architecture.md has the order.
        list(Reseller.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("pk").values_list("pk"))

    def before_save_instance(self, instance: Customer, row: Any, **kwargs: Any) -> None:
        super().before_save_instance(instance, row, **kwargs)
        refuse_transfer(instance, "reseller", _("Change of reseller"))
        if instance._state.adding:
            try:
                refuse_look_alikes(reseller=instance.reseller, name=instance.name, kana=instance.kana, known=())
            except LooksLikeExisting as existing:
                shown = "、".join(f"{customer.name} ({customer.pk})" for customer in existing.customers)
                text = _(
                    "There is a customer like this one already: %(customers)s. Write its number to change it, or add "
                    "the new one on the page of customers."
                )
                raise ValidationError(text % {"customers": shown}) from None


def refuse_transfer(instance: Any, owner: str, page: str) -> None:
    """No file brings a row to another owner. Raises ValidationError."""
    stored = type(instance)._default_manager.select_related(owner).filter(pk=instance.pk).first()
    if stored is not None and getattr(stored, f"{owner}_id") != getattr(instance, f"{owner}_id"):
        text = _(
            "Not by a file: %(old)s → %(new)s. There is the page “%(page)s” for it, where you see first what it does."
        )
        raise ValidationError(text % {"old": getattr(stored, owner), "new": getattr(instance, owner), "page": page})


class LicenseIDResource(MasterResource):
    """Whose it is, by the customer's number; what it holds is not in this file."""

    customer = Field("customer", "customer", widget=NamedWidget(Customer, "pk"))

    class Meta:
        model = LicenseID
        fields = ("code", "customer", "note")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("customer")

    def before_save_instance(self, instance: LicenseID, row: Any, **kwargs: Any) -> None:
        super().before_save_instance(instance, row, **kwargs)
        refuse_transfer(instance, "customer", _("Move to another customer"))

    @classmethod
    def label_of(cls, field: Field) -> str:
        name = super().label_of(field)
        return f"{name}: {COLUMN_OF_NUMBERS}" if field.column_name == "customer" else name
