"""Requests for approval in the administration, to be read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.administration import PlainPages, ReadOnly, with_separators

from ..issue.thresholds import say_passed
from ..models import ApprovalRequest


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(ReadOnly, PlainPages):
    list_display = (
        "license_codes",
        "customer_name",
        "round",
        "total_yen",
        "state",
        "asked_by",
        "asked_at",
        "decided_by",
    )
    list_filter = ("state", "reseller")
    date_hierarchy = "asked_at"
    fields = (
        "license_codes",
        "customer",
        "subject",
        "round",
        "total_yen",
        "why",
        "message",
        "asked_by",
        "asked_at",
        "drafted_by",
        "changed_by",
        "state",
        "decided_by",
        "decided_at",
        "words",
        "withdrawn_by",
        "withdrawn_at",
        "content_hash",
    )
    readonly_fields = ("total_yen", "why")
    total_yen = with_separators(ApprovalRequest, "total")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApprovalRequest]:
        return super().get_queryset(request).select_related("customer", "asked_by", "decided_by")

    @admin.display(description=_("thresholds passed"))
    def why(self, row: ApprovalRequest) -> str:
        return " ".join(say_passed(one, with_margins=False) for one in row.passed)
