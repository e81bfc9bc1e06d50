"""Quotes in the administration: to look things up. Nothing is added, changed or deleted here."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from licensing.admin import SearchAdmin

from .models import Quote, QuoteDraft, QuoteEvent, QuoteLine


def yen(model: type[Model], column: str) -> Any:
    """A method that shows a column of yen with thousands separators."""

    field: Any = model._meta.get_field(column)

    @admin.display(description=field.verbose_name, ordering=column)
    def shown(_admin: Any, row: Model) -> str:
        amount = getattr(row, column)
        return "-" if amount is None else f"{amount:,}"

    return shown


class ReadOnly(admin.options.BaseModelAdmin):
    """Shows, and never writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LineInline(ReadOnly, admin.TabularInline):
    model = QuoteLine
    fields = (
        "position",
        "kind",
        "product_code",
        "product_name",
        "held_quantity",
        "quantity",
        "rank",
        "renewal_yen",
        "addition_yen",
        "years",
        "discount_percent",
        "amount_yen",
        "term_from",
        "term_until",
    )
    readonly_fields = ("renewal_yen", "addition_yen", "amount_yen")
    renewal_yen = yen(QuoteLine, "renewal_price")
    addition_yen = yen(QuoteLine, "addition_price")
    amount_yen = yen(QuoteLine, "amount")


class EventInline(ReadOnly, admin.TabularInline):
    model = QuoteEvent
    fields = ("at", "kind", "by_name", "detail")


@admin.register(Quote)
class QuoteAdmin(ReadOnly, SearchAdmin):
    list_display = (
        "number",
        "issued_on",
        "reseller",
        "customer_name",
        "license_code",
        "subject",
        "total_yen",
        "valid_until",
        "issued_by_name",
    )
    list_filter = ("reseller", "is_sample", "is_reduced", "years")
    list_select_related = ("reseller",)
    search_fields = ("search_key",)
    search_help_text = _("Number, customer, license ID or subject.")
    date_hierarchy = "issued_on"
    inlines = (LineInline, EventInline)
    readonly_fields = ("subtotal_yen", "tax_yen", "total_yen")
    subtotal_yen = yen(Quote, "subtotal")
    tax_yen = yen(Quote, "tax")
    total_yen = yen(Quote, "total")
    fieldsets = (
        (None, {"fields": ("number", "subject", "customer_name", "license_code", "issued_on", "valid_until")}),
        (_("For whom, by whom"), {"fields": ("customer", "licenseid", "reseller", "issued_by_name", "issued_at")}),
        (
            _("Amounts"),
            {"fields": ("years", "is_reduced", "subtotal_yen", "tax_yen", "total_yen", "price_list", "is_sample")},
        ),
        (
            _("As stored"),
            {
                "classes": ("collapse",),
                "fields": ("key", "entry", "acknowledged", "trace"),
                "description": _("What was typed, which warnings were ticked, and every step of the calculation."),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        """Lists leave the large columns in the database; a quote's own page reads those it shows."""
        quotes: QuerySet[Quote] = super().get_queryset(request)
        return quotes.defer("document", "entry", "acknowledged", "trace")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Quote | None:
        with_all = super().get_queryset(request).select_related("customer", "licenseid", "reseller", "price_list")
        try:
            return with_all.defer("document").filter(pk=object_id).first()
        except ValueError:
            return None


@admin.register(QuoteDraft)
class QuoteDraftAdmin(ReadOnly, SearchAdmin):
    list_display = ("licenseid", "customer", "subject", "priced_yen", "priced_on", "saved_by", "saved_at")
    list_filter = ("licenseid__customer__reseller",)
    list_select_related = ("licenseid__customer", "saved_by")
    search_fields = ("licenseid__search_key", "licenseid__customer__search_key", "search_key")
    date_hierarchy = "saved_at"
    fields = (
        "licenseid",
        "customer",
        "subject",
        "priced_yen",
        "priced_on",
        "created_by",
        "saved_by",
        "saved_at",
        "entry",
    )
    readonly_fields = ("priced_yen",)
    priced_yen = yen(QuoteDraft, "priced_total")

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuoteDraft]:
        return super().get_queryset(request).select_related("licenseid__customer", "created_by", "saved_by")

    @admin.display(description=_("customer"), ordering="licenseid__customer__kana")
    def customer(self, draft: QuoteDraft) -> str:
        return draft.licenseid.customer.name
