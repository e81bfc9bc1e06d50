"""Price lists in the administration: drafts are edited, checked and published; published lists are only read."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.administration import SearchAdmin
from foundation.administration.frame import mount
from licensing.templatetags.portal import in_words

from ...check.operations import check_price_list
from ...check.views import sum_up
from ...events import record_event
from ...models import PriceList, PriceListEvent
from ...queries import with_state
from ...wording import say_changes, title_of
from ..pages import LIST_PAGES
from .ended import EndInline
from .overview import make_grid
from .steps import steps_after_impact, steps_before_impact
from .tables import DraftsOnly


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return PriceList.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in PriceList.State.values:
            return queryset
        return queryset.filter(state=self.value())


@admin.register(PriceList)
class PriceListAdmin(DraftsOnly, SearchAdmin):
    change_form_template = "admin/pricing/pricelist/change_form.html"
    list_display = ("shown_name", "state", "effective_on", "until", "table_count", "is_sample")
    list_filter = (StateFilter, "is_sample")
    search_fields = ("name", "name_en", "note")
    date_hierarchy = "effective_on"
    readonly_fields = ("state", "until", "published_at", "published_by", "based_on", "history")

    def get_inlines(self, request: HttpRequest, obj: PriceList | None) -> Any:
        """What is not sold any more is said of a list that is there; of a published one where there is some."""
        if obj is None or (obj.is_published and not obj.ended.exists()):
            return ()
        return (EndInline,)

    def get_fieldsets(self, request: HttpRequest, obj: PriceList | None = None) -> Any:
        own = (None, {"fields": ("name", "name_en", "effective_on", "is_sample", "note")})
        if obj is None:
            return (own,)
        publishing = ("state", "until", "published_at", "published_by") if obj.is_published else ("state",)
        return (
            own,
            (_("State"), {"fields": (*publishing, "based_on")}),
            (_("What was done"), {"fields": ("history",), "classes": ("collapse",)}),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        rows = super().get_queryset(request).annotate(table_count=Count("tables"))
        return with_state(rows, on=timezone.localdate())

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, price_list: PriceList) -> str:
        return str(price_list)

    @admin.display(description=_("price tables"), ordering="table_count")
    def table_count(self, price_list: Any) -> int:
        return int(price_list.table_count)

    @admin.display(description=_("state"), ordering="state")
    def state(self, price_list: Any) -> SafeString:
        return format_html(
            '<span class="state {}">{}</span>', price_list.state, PriceList.State(price_list.state).label
        )

    @admin.display(description=_("until before"), ordering="until_before")
    def until(self, price_list: Any) -> str:
        if not price_list.is_published or price_list.until_before is None:
            return "-"
        return date_format(price_list.until_before, "SHORT_DATE_FORMAT")

    @admin.display(description=_("history"))
    def history(self, price_list: PriceList) -> SafeString:
        return format_html(
            "<ul>{}</ul>",
            format_html_join("", "<li>{}</li>", ([tell_event(event)] for event in price_list.events.all())),
        )

    def save_model(self, request: HttpRequest, obj: PriceList, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        kind = PriceListEvent.Kind.CHANGED if change else PriceListEvent.Kind.CREATED
        if form.changed_data:
            self.record(request, obj, kind, {"fields": list(tell_fields(form, change))})

    def delete_model(self, request: HttpRequest, obj: PriceList) -> None:
        """What was done with a draft outlives it."""
        with transaction.atomic():
            self.record(request, obj, PriceListEvent.Kind.DELETED, {})
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PriceList]) -> None:
        for price_list in queryset:
            self.delete_model(request, price_list)

    def record(self, request: HttpRequest, price_list: PriceList, kind: PriceListEvent.Kind, detail: Any) -> None:
        user: Any = request.user
        record_event(price_list=price_list, kind=kind, by=user, now=timezone.now(), detail=detail)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A short note: the prices are what the page is for."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "note":
            field.widget.attrs["rows"] = 2
        return field

    # --- Further pages of a list ------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        return mount(self, LIST_PAGES) + super().get_urls()

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        price_list = kwargs.get("obj")
        if price_list is not None:
            today = timezone.localdate()
            context["can_withdraw"] = price_list.is_waiting(on=today)
            checked = None
            if not price_list.is_published:
                checked = check_price_list(price_list=price_list, on=today)
                context["findings"] = sum_up(price_list, checked)
                before = steps_before_impact(price_list, checked, price_list.table_count)
                context |= {"steps_before": before, "steps_after": steps_after_impact(price_list, before)}
            context["grid"] = make_grid(request, price_list, checked)
        return super().render_change_form(request, context, *args, **kwargs)


def tell_fields(form: Any, change: bool) -> Iterator[str]:
    """What of the list itself was changed, from what to what."""
    for name in form.changed_data:
        label = str(form.instance._meta.get_field(name).verbose_name)
        old, new = in_words(form.initial.get(name)), in_words(form.cleaned_data[name])
        yield f"{label} {old or '–'} → {new or '–'}" if change else label


def tell_prices(changes: list[list[Any]]) -> str:
    """Prices of a history, old and new."""
    told = [
        ((kind, of), *(Decimal(value) if isinstance(value, str) else value for value in values))
        for kind, of, *values in changes
    ]
    return say_changes(told, most=len(told))  # type: ignore[arg-type]


def tell_event(event: PriceListEvent) -> str:
    """One line of a list's history."""
    moment = date_format(timezone.localtime(event.at), "SHORT_DATETIME_FORMAT")
    detail = event.detail
    parts = [
        detail.get("file", ""),
        detail.get("sha256", "") and f"SHA-256 {detail['sha256']}",
        detail.get("from", ""),
        detail.get("reason", ""),
        "、".join(detail.get("fields", [])),
    ]
    if changes := detail.get("changes"):
        parts.append(tell_prices(changes))
    if ticked := detail.get("acknowledged"):
        parts.append(tell_ticked(ticked))
    told = "; ".join(part for part in parts if part)
    return f"{moment} {event.by_name}: {event.get_kind_display()}{f' ({told})' if told else ''}"


def tell_ticked(ticked: dict[str, list[str]]) -> str:
    """What was ticked as read at publishing: each kind of finding with its products."""
    told = (f"{title_of(code)} ({', '.join(products)})" for code, products in ticked.items())
    return _("ticked as read: %(what)s") % {"what": "、".join(told)}
