"""How values are shown in the administration: days as 2026/11/30, yes and no as quiet words, links where they open."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, quote
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, DateField, Field, ForeignKey, Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .pages import PortalAdmin

NOTHING = "-"


def say(value: Any) -> str | SafeString:
    """A day or moment as the portal's lists write it, yes or no in words; all else as it calls itself."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else format_html('<span class="quiet">{}</span>', _("no"))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else str(value)


class ReadOnly(admin.options.BaseModelAdmin):
    """Shows, and never writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PlainPages(PortalAdmin):
    """Lists and pages that say what they show as the portal says it, and are named by it, not by what one might do."""

    def get_list_display(self, request: HttpRequest) -> Any:
        return [
            name if hasattr(self, str(name)) else shown_by(self.model, name, lambda _model: False, but=ForeignKey)
            for name in super().get_list_display(request)
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(str(self.model._meta.verbose_name_plural))
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not kwargs.get("add"):
            context["title"] = capfirst(str(self.model._meta.verbose_name))

        def opens(model: Any) -> bool:
            other = self.admin_site._registry.get(model)
            return other is not None and other.has_view_permission(request)

        say_plainly(context["adminform"], self, opens=opens)
        for part in context["inline_admin_formsets"]:
            say_plainly(part, part.opts, opens=opens, is_shown_only=not part.has_change_permission)
        return super().render_change_form(request, context, *args, **kwargs)


def say_plainly(form: Any, holder: Any, *, opens: Callable[[Any], bool], is_shown_only: bool = False) -> None:
    """Put functions in place of the fields that a form of Django's administration only shows.

    `opens`: whether the pages of a model open for whoever asks; a link that would answer 403 is no link.
    """
    names = flatten_fieldsets(form.fieldsets) if is_shown_only else form.readonly_fields
    own = {name: name if hasattr(holder, str(name)) else shown_by(holder.model, name, opens) for name in names}

    def placed(name: Any) -> Any:
        return [placed(part) for part in name] if isinstance(name, list | tuple) else own.get(name, name)

    form.fieldsets = [(title, {**options, "fields": placed(options["fields"])}) for title, options in form.fieldsets]
    form.readonly_fields = [own.get(name, name) for name in form.readonly_fields]


def shown_by(model: Any, name: Any, opens: Callable[[Any], bool], *, but: type | tuple[()] = ()) -> Any:
    """A function that shows a field of days, of yes and no, or of another row; the name where Django shows it well."""
    try:
        field: Field[Any, Any] | None = model._meta.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        return name
    if not isinstance(field, DateField | BooleanField | ForeignKey) or isinstance(field, but):
        return name
    is_link = isinstance(field, ForeignKey) and opens(field.related_model)

    @admin.display(description=field.verbose_name, ordering=field.name)
    def shown(row: Any) -> str | SafeString:
        value = getattr(row, field.name)
        if is_link and value is not None:
            meta = value._meta
            address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[quote(value.pk)])
            return format_html('<a href="{}">{}</a>', address, value)
        return say(value)

    shown.__name__ = field.name  # what the column is called in the page
    return shown


def with_separators(model: type[Model], column: str) -> Any:
    """A method that shows a column, whole numbers such as yen with thousands separators."""
    field: Any = model._meta.get_field(column)

    @admin.display(description=field.verbose_name, ordering=column)
    def shown(_admin: Any, row: Model) -> str:
        value = getattr(row, column)
        return "-" if value is None else f"{value:,}" if isinstance(value, int) else value

    return shown
