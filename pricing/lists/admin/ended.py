"""Products that a price list takes out of sale, beside its own fields."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, RelatedFieldWidgetWrapper
from django.db.models import Field, ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField
from licensing.admin.licenses import ReadOnceChoice

from ...models import EndOfSale, PriceTable
from .tables import PartFormSet, PartInline


class EndFormSet(PartFormSet):
    """Refuses a product that the list still has prices for, and a successor that it has none for."""

    def clean(self) -> None:
        super().clean()
        tables = PriceTable.objects.filter(price_list=self.instance.pk)
        priced = set(tables.values_list("product_id", flat=True))
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            if cleaned.get("DELETE"):
                continue
            product, successor = cleaned.get("product"), cleaned.get("successor")
            if product is not None and product.pk in priced:
                text = _("%(code)s still has a price table in this list. Delete that first.")
                form.add_error("product", forms.ValidationError(text, "priced", {"code": product.code}))
            if successor is not None and successor.pk not in priced:
                text = _("%(code)s has no price table in this list, so it cannot be a successor here.")
                form.add_error("successor", forms.ValidationError(text, "no-price-table", {"code": successor.code}))


class EndInline(PartInline):
    """販売終了."""

    model = EndOfSale
    formset = EndFormSet
    fields = ("product", "since_on", "successor")
    fk_name = "price_list"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[EndOfSale]:
        return super().get_queryset(request).select_related("product", "successor")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, form_class=ReadOnceChoice, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "since_on":
            kwargs.update(form_class=DayField, widget=AdminDateWidget)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # products have a page of their own
            field.widget.attrs["aria-label"] = field.label
        return field
