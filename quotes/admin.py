"""Quotes in the administration: to look things up. Nothing is added, changed or deleted here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from licensing.admin import SearchAdmin

from .models import Quote, QuoteDraft, QuoteEvent, QuoteLine


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
        "renewal_price",
        "addition_price",
        "years",
        "discount_percent",
        "amount",
        "term_from",
        "term_until",
    )


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
        "total",
        "valid_until",
        "issued_by_name",
    )
    list_filter = ("reseller", "is_sample", "is_reduced", "years")
    list_select_related = ("reseller",)
    search_fields = ("search_key",)
    search_help_text = _("Number, customer, license ID or subject.")
    date_hierarchy = "issued_on"
    inlines = (LineInline, EventInline)
    fieldsets = (
        (None, {"fields": ("number", "subject", "issued_on", "valid_until", "issued_at", "issued_by_name")}),
        (_("For whom, by whom"), {"fields": ("customer_name", "license_code", "customer", "licenseid", "reseller")}),
        (
            _("Amounts"),
            {"fields": ("years", "is_reduced", "subtotal", "tax", "total", "price_list", "is_sample")},
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
    list_display = ("licenseid", "customer", "subject", "priced_total", "priced_on", "saved_by", "saved_at")
    list_filter = ("licenseid__customer__reseller",)
    list_select_related = ("licenseid__customer", "saved_by")
    search_fields = ("licenseid__search_key", "licenseid__customer__search_key", "subject")
    date_hierarchy = "saved_at"
    fields = (
        "licenseid",
        "customer",
        "subject",
        "priced_total",
        "priced_on",
        "created_by",
        "saved_by",
        "saved_at",
        "entry",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuoteDraft]:
        return super().get_queryset(request).select_related("licenseid__customer", "created_by", "saved_by")

    @admin.display(description=_("customer"), ordering="licenseid__customer__kana")
    def customer(self, draft: QuoteDraft) -> str:
        return draft.licenseid.customer.name
