"""Drafts in the administration, to be read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.administration import ReadOnly, SearchAdmin, with_separators
from quotes.models import CODES_BETWEEN

from ..models import QuoteDraft
from .words import draw_asked


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
