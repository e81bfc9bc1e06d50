"""How every page of the administration searches, and how it takes what it is sent."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db.models import DateField, Field, ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..fields import DayField
from ..text.search import says_nothing, search_key
from ..text.typed import half_width
from .display import PlainPages


def row_numbers(texts: Iterable[object]) -> list[str]:
    """Those of the texts that can be the number of a row. The database is not asked for any other."""
    return [str(text) for text in texts if re.fullmatch(r"[0-9]{1,18}", str(text))]


class FetchedChoice(AutocompleteSelect):
    """A choice that is fetched as one types. Where what was sent cannot be a row, nothing is shown as chosen."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, row_numbers(value), attr)


class DaysAsWritten(admin.options.BaseModelAdmin):
    """Takes days as people in Japan write them."""

    formfield_overrides: ClassVar[dict[Any, Any]] = {DateField: {"form_class": DayField, "widget": AdminDateWidget}}


KEYS = ("search_key", "contact_key")


class SearchAdmin(DaysAsWritten, PlainPages):
    """Searches as people type: every word must be found, and ㈱, full width, kana kind and spaces do not matter.

    A field of KEYS is compared with the word's own search key, any other without regard to width and case.
    A word of which no key is left, such as 「株式会社」, is passed over there; where it stands alone, that is said.
    """

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        text = request.GET.get("q", "")
        if self._has_keys(request) and says_nothing(text):
            told = _(
                "Nothing can be searched by “%(text)s” alone: what a company is, spaces and marks make no difference. "
                "All are shown. Type a part of the name."
            )
            self.message_user(request, told % {"text": text}, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def _has_keys(self, request: HttpRequest) -> bool:
        return any(name.endswith(KEYS) for name in self.get_search_fields(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            key, plain = search_key(word), half_width(word)
            if not key and self._has_keys(request):
                continue
            found = Q()
            for name in self.get_search_fields(request):
                if name.endswith(KEYS):
                    found |= Q(**{f"{name}__contains": key})
                else:
                    found |= Q(**{f"{name}__icontains": plain})
            queryset = queryset.filter(found)
        return queryset, False

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **options: Any) -> Any:
        """Do to the ticked rows what was chosen. What cannot be a row was not ticked."""
        posted: Any = request.POST.copy()
        posted.setlist(ACTION_CHECKBOX_NAME, row_numbers(posted.getlist(ACTION_CHECKBOX_NAME)))
        request.POST = posted
        return super().response_action(request, queryset, *args, **options)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = FetchedChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice offers no button to delete what is chosen: it would be gone everywhere."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field
