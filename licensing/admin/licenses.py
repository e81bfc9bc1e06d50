"""Programmes, products and license IDs in the administration."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Count, Field, ForeignKey, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from foundation.administration.display import say
from foundation.administration.files import FilesAdmin
from foundation.administration.search import DaysAsWritten

from ..models import FormerCode, Holding, LicenseID, Product, Programme
from ..models.licenses import list_tax_categories, name_tax_category
from ..operations.codes import follow_code
from ..operations.products import keep_former_code
from .confirmed import ConfirmedAdmin
from .history import HistoryAdmin
from .resources import LicenseIDResource, ProductResource, ProgrammeResource

SOON_DAYS = (30, 60, 90)
"""The filter by support expiry offers these spans."""


@admin.register(Programme)
class ProgrammeAdmin(FilesAdmin, ConfirmedAdmin):
    resource_classes = (ProgrammeResource,)
    list_display = ("name", "code", "name_en", "rank_basis", "most_years", "late_renewal_days")
    list_filter = ("rank_basis",)
    search_fields = ("code", "name", "name_en")

    def products_of(self, row: Programme) -> Sequence[int]:
        return list(row.products.values_list("pk", flat=True))


class FormerCodeInline(admin.TabularInline):
    """Codes that files may still name. One is added by itself when the product's code is changed."""

    model = FormerCode
    extra = 0


@admin.register(Product)
class ProductAdmin(FilesAdmin, ConfirmedAdmin):
    resource_classes = (ProductResource,)
    inlines = (FormerCodeInline,)
    readonly_fields = ("end_of_sale",)
    list_display = ("code", "name", "programme", "segment", "unit", "is_multi_year_discountable", "taxed")
    list_filter = ("programme", "segment", "is_multi_year_discountable")
    list_select_related = ("programme",)
    search_fields = ("search_key", "former_codes__search_key")
    autocomplete_fields = ("programme",)
    fieldsets = (
        (
            None,
            {
                "fields": ("code", "name", "name_en", "unit", "unit_en", "segment", "end_of_sale"),
                "description": _(
                    "When the code is changed, the old one is kept below: files, drafts and quotes that name it go on "
                    "to mean this product. Quotes that were issued keep the code that is printed on them."
                ),
            },
        ),
        (
            _("How it is priced"),
            {
                "fields": ("programme", "is_multi_year_discountable", "tax_category"),
                "description": _(
                    "These count at once, also for price lists that are published already: before they are saved, you "
                    "see what the change concerns."
                ),
            },
        ),
    )

    def products_of(self, row: Product) -> Sequence[int]:
        return [row.pk]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A renamed product keeps its former code. In one transaction with the change, as Django's page has it."""
        before = Product.objects.filter(pk=obj.pk).values_list("code", flat=True).first() if change else None
        super().save_model(request, obj, form, change)
        if before is not None and before != obj.code:
            keep_former_code(product=obj, code=before)

    @admin.display(description=_("end of sale"))
    def end_of_sale(self, product: Product) -> str | SafeString:
        """It is a matter of price lists, and has a page there."""
        if not product.pk:
            return "–"
        url = reverse("admin:pricing_pricelist_end_of_sale", args=[product.pk])
        return format_html('<a href="{}">{}</a>', url, _("End the sale of a product"))

    @admin.display(description=_("tax category"), ordering="tax_category")
    def taxed(self, product: Product) -> str:
        return name_tax_category(product.tax_category)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """The tax category is chosen, in words."""
        if db_field.name != "tax_category":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        used = Product.objects.values_list("tax_category", flat=True).distinct()
        return forms.ChoiceField(
            label=db_field.verbose_name, help_text=db_field.help_text, choices=list_tax_categories(used)
        )


class HoldingFormSet(forms.BaseInlineFormSet):
    """Refuses two rows for one product and expiry, in the reader's words."""

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        return str(_("A product stands twice with the same support expiry. Enter the sum of both in one row."))


class ReadOnceChoice(forms.ModelChoiceField):
    """A choice of rows that is read once for all forms of a formset, not once per form."""

    def __init__(self, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.rows = {str(row.pk): row for row in queryset}
        chosen = [(row.pk, self.label_from_instance(row)) for row in self.rows.values()]
        self.choices = [("", self.empty_label), *chosen]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return self.rows[str(getattr(value, "pk", value))]
        except KeyError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            ) from None


class HoldingInline(DaysAsWritten, admin.TabularInline):
    model = Holding
    formset = HoldingFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Holding]:
        return super().get_queryset(request).select_related("product")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, form_class=ReadOnceChoice, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Products have a page of their own; their buttons would stand in every row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class ExpiryFilter(admin.SimpleListFilter):
    """License IDs with a holding that expires within a span from today, or that has expired."""

    title = _("support expiry")
    parameter_name = "expiry"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        soon = [(str(days), _("within %(days)d days") % {"days": days}) for days in SOON_DAYS]
        return [("expired", _("expired")), *soon, ("none", _("nothing held"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        spans = {str(days): Q(support_expires_on__range=(today, today + timedelta(days=days))) for days in SOON_DAYS}
        spans["expired"] = Q(support_expires_on__lt=today)
        if self.value() == "none":
            return queryset.filter(holdings__isnull=True)
        span = spans.get(self.value() or "")
        if span is None:
            return queryset
        return queryset.filter(pk__in=Holding.objects.filter(span).values("licenseid"))


@admin.register(LicenseID)
class LicenseIDAdmin(FilesAdmin, HistoryAdmin):
    resource_classes = (LicenseIDResource,)
    list_display = ("code", "customer", "reseller", "holding_count", "first_expiry", "short_note")
    list_filter = (ExpiryFilter, "customer__reseller", "holdings__product__programme")
    list_select_related = ("customer__reseller",)
    lookups = ("customer__id__exact",)
    search_fields = ("search_key", "customer__search_key")
    search_help_text = _("License ID (with or without hyphens), or the customer's name or kana.")
    autocomplete_fields = ("customer",)
    readonly_fields = ("transfer",)
    fields = ("code", "customer", "transfer", "note")
    inlines = (HoldingInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whose it is, is changed on a page of its own, where one sees first what that does."""
        return self.readonly_fields if obj is None else ("customer", *self.readonly_fields)

    @admin.display(description=_("transfer"))
    def transfer(self, licenseid: LicenseID) -> str | SafeString:
        if not licenseid.pk:
            return "–"
        url = reverse("renewals:move-license-id", args=[licenseid.code])
        return format_html('<a href="{}">{}</a>', url, _("Move to another customer"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[LicenseID]:
        counted = {"holding_count": Count("holdings"), "first_expiry": Min("holdings__support_expires_on")}
        rows: QuerySet[LicenseID] = super().get_queryset(request).annotate(**counted)
        return rows

    def save_model(self, request: HttpRequest, obj: LicenseID, form: Any, change: bool) -> None:
        """Drafts follow a code that is corrected."""
        super().save_model(request, obj, form, change)
        if change and "code" in form.changed_data:
            follow_code(obj, form.initial["code"])

    @admin.display(description=_("reseller"), ordering="customer__reseller__name")
    def reseller(self, licenseid: LicenseID) -> str:
        return licenseid.customer.reseller.name

    @admin.display(description=_("holdings"), ordering="holding_count")
    def holding_count(self, licenseid: Any) -> int:
        return int(licenseid.holding_count)

    @admin.display(description=_("earliest support expiry"), ordering="first_expiry")
    def first_expiry(self, licenseid: Any) -> str:
        return say(licenseid.first_expiry)

    @admin.display(description=_("internal note"))
    def short_note(self, licenseid: LicenseID) -> str:
        return Truncator(licenseid.note).chars(60)
