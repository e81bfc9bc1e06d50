"""The page 履歴 of master data in the administration: field by field, who changed what from what to what, and when."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse

from foundation.administration.search import SearchAdmin

from ..queries import changes_of

MOST_SHOWN = 500


class HistoryAdmin(SearchAdmin):
    """Administration of a model with a history. Nothing can be reverted here: an entry is read, and the row edited."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        changes = changes_of(row, most=MOST_SHOWN) if row and self.has_view_permission(request, row) else []
        context = {"changes": changes, "most_shown": MOST_SHOWN, **(extra_context or {})}
        return super().history_view(request, object_id, context)
