"""Quotes in the administration: to look things up. Nothing is added, changed or deleted here."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from foundation.administration import ReadOnly, SearchAdmin
from foundation.text.language import reader_language
from licensing.models import User
from pricing.admin import with_separators
from pricing.engine.rulebook import rule_name

from .. import operations
from ..models import CODES_BETWEEN, SHOWN_STATES, Quote, QuoteDraft, QuoteEvent, QuoteLine, QuotePart, shown_state
from .entries import BREAK, draw_asked


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

    def get_urls(self) -> list[Any]:
        keep = self.admin_site.admin_view(self.keep_as_golden_case)
        return [path("<int:pk>/golden/", keep, name="quotes_quote_golden"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["may_keep_golden"] = request.user.has_perm("pricing.add_goldencase")
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_POST)
    def keep_as_golden_case(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One click: the quote becomes a golden case, and its page opens."""
        if not (self.has_view_permission(request) and request.user.has_perm("pricing.add_goldencase")):
            raise PermissionDenied
        quote = self.get_object(request, str(pk))
        if quote is None:
            self.message_user(request, _("This quote is not there."), messages.WARNING)
            return redirect("admin:quotes_quote_changelist")
        try:
            cases, is_new = operations.keep_as_golden_cases(
                quote=quote, by=cast(User, request.user), now=timezone.now()
            )
        except operations.NotKept as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:quotes_quote_change", pk)
        expected = sum(case.expected["subtotal"] for case in cases)
        if not is_new:
            self.message_user(request, _("The quote is kept as a golden case already."), messages.INFO)
        elif expected == quote.subtotal:
            self.message_user(request, _("The quote is kept as a golden case."), messages.SUCCESS)
        else:
            text = _(
                "The quote is kept as a golden case. It was issued at ¥%(quoted)s; the case is expected to give "
                "what the list in force gives today. Check it."
            ) % {"quoted": f"{quote.total:,}"}
            self.message_user(request, text, messages.WARNING)
        if len(cases) > 1:
            return redirect(f"{reverse('admin:pricing_goldencase_changelist')}?q={quote.number}")
        return redirect("admin:pricing_goldencase_change", cases[0].pk)

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
        return draw_asked(quote.asked)

    @admin.display(description=_("calculation"))
    def calculation(self, quote: Quote) -> str:
        language = reader_language()
        parts = []
        for number, part in enumerate(quote.trace, start=1):
            name = _("Totals") if part["key"] is None else _("Line %(number)s") % {"number": number}
            steps = format_html_join(
                "",
                "<li>{} <b>{}</b> ({})</li>",
                (
                    (in_readers_language(step), step["result"], rule_name(step["rule"], language))
                    for step in part["steps"]
                ),
            )
            parts.append(format_html("<p><b>{}</b></p><ul>{}</ul>", name, steps))
        return format_html("<div>{}</div>", format_html_join("", "{}", ([part] for part in parts)))


@admin.register(QuoteDraft)
class QuoteDraftAdmin(ReadOnly, SearchAdmin):
    list_display = ("license_codes", "customer", "subject", "priced_yen", "priced_on", "saved_by", "saved_at")
    list_filter = ("customer__reseller",)
    search_fields = ("license_ids__search_key", "customer__search_key", "search_key")
    date_hierarchy = "saved_at"
    fields = (
        "license_codes",
        "customer",
        "subject",
        "priced_yen",
        "priced_on",
        "created_by",
        "saved_by",
        "saved_at",
        "typed",
    )
    readonly_fields = ("license_codes", "priced_yen", "typed")
    priced_yen = with_separators(QuoteDraft, "priced_total")

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuoteDraft]:
        drafts = super().get_queryset(request).select_related("customer", "created_by", "saved_by")
        return drafts.prefetch_related("parts__licenseid")

    @admin.display(description=_("license IDs"))
    def license_codes(self, draft: QuoteDraft) -> str:
        return CODES_BETWEEN.join(part.licenseid.code for part in draft.parts.all())

    @admin.display(description=_("what was typed"))
    def typed(self, draft: QuoteDraft) -> str:
        return draw_asked(draft.asked)
