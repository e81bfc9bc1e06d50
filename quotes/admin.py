"""Quotes in the administration: to look things up. Nothing is added, changed or deleted here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.administration import ReadOnly, SearchAdmin, with_separators
from foundation.text.language import reader_language
from pricing.wording import say_rule

from .models import SHOWN_STATES, Quote, QuoteEvent, QuoteLine, QuotePart, shown_state

BREAK = SafeString("<br>")


def in_readers_language(texts: dict[str, Any]) -> str:
    """One of the texts that were stored in both languages."""
    return str(texts[reader_language()])


class PartInline(ReadOnly, admin.TabularInline):
    model = QuotePart
    fields = ("position", "license_code", "years", "is_reduced", "subtotal_yen")
    readonly_fields = ("subtotal_yen",)
    ordering = ("position",)
    subtotal_yen = with_separators(QuotePart, "subtotal")


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
    renewal_yen = with_separators(QuoteLine, "renewal_price")
    addition_yen = with_separators(QuoteLine, "addition_price")
    amount_yen = with_separators(QuoteLine, "amount")


class EventInline(ReadOnly, admin.TabularInline):
    model = QuoteEvent
    fields = ("at", "kind", "by_name")


@admin.register(Quote)
class QuoteAdmin(ReadOnly, SearchAdmin):
    list_display = (
        "number",
        "state",
        "issued_on",
        "reseller",
        "customer_name",
        "license_codes",
        "total_yen",
        "valid_until",
        "issued_by_name",
    )
    list_filter = ("status__state", "reseller", "is_sample")
    list_select_related = ("reseller", "status")
    search_fields = ("search_key",)
    search_help_text = _("Number, customer, license ID or subject.")
    date_hierarchy = "issued_on"
    inlines = (PartInline, LineInline, EventInline)
    readonly_fields = (
        "state",
        "standing",
        "subtotal_yen",
        "tax_yen",
        "total_yen",
        "warnings_read",
        "typed",
        "calculation",
    )
    subtotal_yen = with_separators(Quote, "subtotal")
    tax_yen = with_separators(Quote, "tax")
    total_yen = with_separators(Quote, "total")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "number",
                    ("state", "standing"),
                    "subject",
                    "customer_name",
                    "license_codes",
                    "issued_on",
                    "valid_until",
                )
            },
        ),
        (
            _("For whom, by whom"),
            {"fields": ("customer", "reseller", "issued_by_name", "issued_at", "warnings_read")},
        ),
        (
            _("Amounts"),
            {"fields": ("subtotal_yen", "tax_yen", "total_yen", "price_list", "is_sample")},
        ),
        (
            _("As stored"),
            {
                "classes": ("collapse",),
                "fields": ("key", "typed", "calculation"),
                "description": _("What was typed, and every step of the calculation."),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        """Lists leave the large columns in the database; a quote's own page reads those it shows."""
        quotes: QuerySet[Quote] = super().get_queryset(request)
        return quotes.defer("document", "asked", "acknowledged", "trace")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Quote | None:
        with_all = (
            super().get_queryset(request).select_related("customer", "reseller", "price_list", "status__changed_by")
        )
        try:
            return with_all.defer("document").filter(pk=object_id).first()
        except ValueError:
            return None

    @admin.display(description=_("status"), ordering="status__state")
    def state(self, quote: Quote) -> str:
        state = shown_state(state=quote.status.state, valid_until=quote.valid_until, on=timezone.localdate())
        return capfirst(str(SHOWN_STATES[state]))

    @admin.display(description=_("since, by whom and why"))
    def standing(self, quote: Quote) -> str:
        status = quote.status
        at = date_format(timezone.localtime(status.changed_at), "SHORT_DATETIME_FORMAT")
        return " – ".join(text for text in (at, status.changed_by.name, status.reason) if text)

    @admin.display(description=_("warnings read"))
    def warnings_read(self, quote: Quote) -> str:
        rows = ((in_readers_language(row), row["by_name"]) for row in quote.acknowledged)
        return format_html_join(BREAK, "{} ({})", rows) or "-"

    @admin.display(description=_("what was typed"))
    def typed(self, quote: Quote) -> str:
        return render_to_string("renewals/_asked.html", {"asked": quote.asked})

    @admin.display(description=_("calculation"))
    def calculation(self, quote: Quote) -> str:
        parts = []
        for number, part in enumerate(quote.trace, start=1):
            name = _("Totals") if part["key"] is None else _("Line %(number)s") % {"number": number}
            steps = format_html_join(
                "",
                "<li>{} <b>{}</b> ({})</li>",
                ((in_readers_language(step), step["result"], say_rule(step["rule"])) for step in part["steps"]),
            )
            parts.append(format_html("<p><b>{}</b></p><ul>{}</ul>", name, steps))
        return format_html("<div>{}</div>", format_html_join("", "{}", ([part] for part in parts)))
