"""What every page of the administration has. Every ModelAdmin of the portal derives from PortalAdmin."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..disk import disk_trouble, tell_disk
from ..versions import Conflict, Rows, last_change, meet, typed, version_of

YEARS = range(1900, 2200)


class PlainLinks(ChangeList):
    """A list whose link for letting its filters go keeps the address as it was asked for.

    Django writes a chosen year into that link as the two moments that it made of it, which no list declares.
    """

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        rows = super().get_queryset(request, exclude_parameters)
        filtered = [name for spec in self.filter_specs for name in spec.expected_parameters() if name]
        self.clear_all_filters_qs = self.get_query_string(remove=filtered)
        return rows


class DeclaredLookups(admin.ModelAdmin):
    """A list that is narrowed by what it declares, and by nothing else that an address may ask for.

    Django allows every look-up in the model's own fields: `password__startswith` tells secrets letter by letter, and
    on SQLite one regular expression can hold the server up for ever.
    """

    lookups: ClassVar[tuple[str, ...]] = ()
    """Further ones, for links that lead to this list from elsewhere."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Whether it is declared. Of a day in the date hierarchy, also whether there can be such a day."""
        day, _, part = lookup.rpartition("__")
        if self.date_hierarchy and day == self.date_hierarchy and part in ("year", "month", "day"):
            number = int(value) if re.fullmatch(r"[0-9]{1,4}", str(value), re.ASCII) else 0
            return number in {"year": YEARS, "month": range(1, 13), "day": range(1, 32)}[part]
        if re.search(r"[0-9]{19}", str(value)):  # no row has such a number; the database would fail over it
            return False
        return lookup in (*self.lookups, *self._looked_up_by_filters(request))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PlainLinks

    def _looked_up_by_filters(self, request: Any) -> Iterator[str]:
        entries: Any = self.get_list_filter(request)
        for entry in entries:
            if isinstance(entry, type):
                yield getattr(entry, "parameter_name", "")
                continue
            path = str(entry[0] if isinstance(entry, list | tuple) else entry)
            field: Any = get_fields_from_path(self.model, path)[-1]
            yield from (path, f"{path}__exact", f"{path}__isnull")
            if isinstance(entry, list | tuple) and issubclass(entry[1], admin.EmptyFieldListFilter):
                yield f"{path}__isempty"
            if field.is_relation:
                yield f"{path}__{field.target_field.name}__exact"


def _told(form_class: Any, text: str) -> Any:
    """The form, refused with this text and whatever else is wrong."""

    class Told(form_class):  # type: ignore[misc]
        def clean(self) -> Any:
            cleaned = super().clean()
            self.add_error(None, text)
            return cleaned

    return Told


def _forget_empty_field(request: Any) -> None:
    """An address may say by which field a row is looked for; Django takes nothing said for the name of one."""
    for method in ("GET", "POST"):
        given = getattr(request, method)
        if given.get(TO_FIELD_VAR) == "":
            given = given.copy()
            del given[TO_FIELD_VAR]
            setattr(request, method, given)


class PortalAdmin(DeclaredLookups):
    """A page that knows the version it was opened with: nobody undoes unseen what somebody else saved meanwhile."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """A file that the disk does not take is refused like anything else that is wrong, with what was typed."""
        try:
            return self._under_lock(request, object_id, form_url, extra_context)
        except OSError as error:
            if request.method != "POST" or disk_trouble(error) is not error:
                raise
            text = gettext(
                "The file cannot be stored on the portal’s disk. %(problem)s Ask whoever operates the portal."
            )
            request.refused = text % {"problem": tell_disk(error, with_place=False)}  # type: ignore[attr-defined]
            files: Any = request.FILES
            for file in files.values():
                file.seek(0)
            return self._under_lock(request, object_id, form_url, extra_context)

    def _under_lock(self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any) -> Any:
        """What is saved is saved under the row's lock: of two at once, the second sees what the first wrote."""
        _forget_empty_field(request)
        number = unquote(object_id or "")
        request.is_saving = request.method == "POST" and object_id is not None  # type: ignore[attr-defined]
        if not (request.is_saving and re.fullmatch(r"[0-9]{1,18}", number)):  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            is_there = self.lock(number)
            if not is_there and self.has_change_permission(request) and (text := self.what_was_typed(request)):
                return self.gone_page(request, number, text)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        _forget_empty_field(request)
        return super().delete_view(request, object_id, extra_context)

    def lock(self, number: str) -> bool:
        """Whether the row is there; nobody else changes it before the transaction's end."""
        rows = self.model._base_manager.select_for_update(no_key=True).filter(pk=number)
        return bool(rows.values_list("pk"))

    def what_was_typed(self, request: HttpRequest) -> list[tuple[str, str]]:
        return typed(request.POST, self.get_form(request).base_fields)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Where it is saved: what was sent, as it meets what is stored by now."""
        form_class: Any = super().get_form(request, obj, change, **kwargs)
        if refused := getattr(request, "refused", None):
            form_class = _told(form_class, refused)
        if not (change and obj is not None and getattr(request, "is_saving", False)):
            return form_class
        form, rows = form_class(instance=obj), [*self._rows_of(request, obj)]
        request.version = version_of(form, rows)  # type: ignore[attr-defined]
        posted, differences = meet(posted=request.POST, files=request.FILES, form=form, rows=rows)
        if not differences:
            return form_class
        request.POST = posted  # type: ignore[assignment]
        by, at = last_change(obj, [part.formset.model for part in rows])
        conflict = request.conflict = Conflict(differences, by, at)  # type: ignore[attr-defined]

        return _told(form_class, str(conflict))

    def _rows_of(self, request: HttpRequest, obj: Any) -> Iterator[Rows]:
        seen: dict[str, int] = {}
        for formset, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset.get_default_prefix()
            seen[prefix] = seen.get(prefix, 0) + 1
            prefix = prefix if seen[prefix] == 1 else f"{prefix}-{seen[prefix]}"  # as Django names them
            if inline.has_change_permission(request, obj):
                yield Rows(formset(instance=obj, prefix=prefix, queryset=inline.get_queryset(request)))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """With the version, in the page's form."""
        version = getattr(request, "version", None)
        if version is None and kwargs.get("change") and self.has_change_permission(request, kwargs.get("obj")):
            shown = (inline.formset for inline in context["inline_admin_formsets"] if inline.has_change_permission)
            version = version_of(context["adminform"].form, map(Rows, shown))
        context |= {"version": version, "conflict": getattr(request, "conflict", None)}
        return super().render_change_form(request, context, *args, **kwargs)

    def gone_page(self, request: HttpRequest, object_id: str, text: list[tuple[str, str]]) -> HttpResponse:
        """What was typed about something that somebody else has deleted."""
        by, at = last_change(self.model(pk=object_id))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Deleted meanwhile"),
            "by": by,
            "at": at,
            "typed": text,
        }
        return TemplateResponse(request, "admin/gone.html", context, status=409)
