"""Cost rates in the administration: read only. A reseller's managers keep them on their own page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from licensing.admin.history import HistoryAdmin

from ..models import CostRate


@admin.register(CostRate)
class CostRateAdmin(HistoryAdmin):
    list_display = ("reseller", "thing", "percent", "effective_on")
    list_filter = ("reseller",)
    list_select_related = ("reseller", "product", "programme")
    search_fields = ("product__search_key", "programme__code")
    fields = ("reseller", "programme", "product", "percent", "effective_on")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("programme or product"))
    def thing(self, rate: CostRate) -> str:
        return str(rate.product or rate.programme)
