"""The page 履歴 of master data in the administration: field by field, who changed what from what to what, and when."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from foundation.administration.search import SearchAdmin

from ..queries import changes_of

MOST_SHOWN = 500


class HistoryAdmin(SearchAdmin):
    """Administration of a model with a history. Nothing can be reverted here: an entry is read, and the row edited."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer = super().history_view(request, object_id, extra_context)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:  # else there is no such row
            changes = changes_of(answer.context_data["object"], most=MOST_SHOWN)
            answer.context_data |= {"changes": changes, "most_shown": MOST_SHOWN}
        return answer
