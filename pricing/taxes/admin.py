"""Tax rates in the administration: added after a look at what they do, withdrawn before their day, else only read."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.administration import SearchAdmin
from foundation.administration.frame import mount
from licensing.models.licenses import name_tax_category

from ..models import PriceList, TaxRate
from . import views
from .views import add, write_rate

STATES = {
    "waiting": _("waits for its day"),
    "in_force": _("in force"),
    "superseded": pgettext_lazy("a tax rate", "superseded"),
    "withdrawn": pgettext_lazy("a tax rate", "withdrawn"),
}
LIKE_A_LIST = {"withdrawn": PriceList.State.DRAFT}
"""Which state of a price list looks like that of a tax rate, where they differ."""


@admin.register(TaxRate)
class TaxRateAdmin(SearchAdmin):
    change_form_template = "admin/pricing/taxrate/change_form.html"
    list_display = ("shown_category", "rate", "effective_on", "state")
    search_fields = ("category",)
    fields = ("shown_category", "rate", "effective_on", "state", "withdrawn_on")
    readonly_fields = fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxRate]:
        """With `state` on this day: it is not stored, so that rates change it at midnight by themselves."""
        today = timezone.localdate()
        current = TaxRate.objects.filter(
            category=OuterRef("category"), withdrawn_on__isnull=True, effective_on__lte=today
        ).order_by("-effective_on")
        rows: QuerySet[TaxRate] = super().get_queryset(request)
        return rows.annotate(
            state=Case(
                When(withdrawn_on__isnull=False, then=Value("withdrawn")),
                When(effective_on__gt=today, then=Value("waiting")),
                When(pk=Subquery(current.values("pk")[:1]), then=Value("in_force")),
                default=Value("superseded"),
                output_field=CharField(),
            )
        )

    @admin.display(description=_("tax category"), ordering="category")
    def shown_category(self, rate: TaxRate) -> str:
        return name_tax_category(rate.category)

    @admin.display(description=_("tax rate"), ordering="percent")
    def rate(self, rate: TaxRate) -> str:
        return write_rate(rate.percent)

    @admin.display(description=_("state"), ordering="state")
    def state(self, rate: Any) -> SafeString:
        look = LIKE_A_LIST.get(rate.state, rate.state)
        return format_html('<span class="state {}">{}</span>', look, STATES[rate.state])

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        rate: Any = kwargs.get("obj")
        context["can_withdraw"] = self.may_withdraw(request) and rate.is_waiting(on=timezone.localdate())
        return super().render_change_form(request, context, *args, **kwargs)

    def may_withdraw(self, request: HttpRequest) -> bool:
        """Who may add a rate may also take it back."""
        return self.has_add_permission(request)

    def get_urls(self) -> list[Any]:
        return [*mount(self, [("<int:pk>/withdraw/", "withdraw", views.withdraw)]), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return add(request)
