"""Golden cases in the administration; the page of one is a view of its own."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.administration import SearchAdmin

from ..models import GoldenCase, GoldenChange
from ..results import say_result
from .views.cases import case_page


@admin.register(GoldenCase)
class GoldenCaseAdmin(SearchAdmin):
    list_display = ("name", "is_active", "expected_now", "kept_by", "kept_at")
    list_filter = ("is_active",)
    list_select_related = ("kept_by",)
    search_fields = ("name", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[GoldenCase]:
        """With what is expected today, where an accepted difference has changed it."""
        changes = GoldenChange.objects.filter(
            acceptance__case=OuterRef("pk"),
            acceptance__at__gte=OuterRef("kept_at"),
            acceptance__price_list__effective_on__lte=timezone.localdate(),
            published_at=F("acceptance__price_list__published_at"),
        ).order_by("-acceptance__price_list__effective_on", "-pk")
        rows: QuerySet[GoldenCase] = super().get_queryset(request)
        return rows.annotate(changed_to=Subquery(changes.values("acceptance__found")[:1]))

    @admin.display(description=_("expected result"))
    def expected_now(self, case: Any) -> str:
        if case.changed_to is None and case.vendor_amount is not None:
            return gettext("¥%(amount)s, tax excluded (the vendor's amount)") % {"amount": f"{case.vendor_amount:,}"}
        return say_result(case.changed_to or case.expected)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return case_page(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with transaction.atomic():
            if request.method == "POST" and object_id.isdecimal() and len(object_id) < 19:
                is_there = self.lock(object_id)
                if not is_there and self.has_change_permission(request) and (text := self.what_was_typed(request)):
                    return self.gone_page(request, object_id, text)
            return self.change_case(request, self.get_object(request, object_id))

    def change_case(self, request: HttpRequest, case: GoldenCase | None) -> HttpResponse:
        """The page of a case; when it is saved, under the case's lock."""
        if not self.has_change_permission(request, case):
            raise PermissionDenied
        if case is None:
            self.message_user(request, _("This golden case is not there any more."), messages.WARNING)
            return redirect("admin:pricing_goldencase_changelist")
        return case_page(request, case)
