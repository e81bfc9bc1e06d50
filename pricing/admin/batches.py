"""Background work in the administration: what runs, how far it is, and why something failed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from ..models import Batch

WORKS = {
    "pricing.tasks.check_price_file": _("Check of a price file"),
    "pricing.tasks.write_imported_draft": _("Draft from a price file"),
    "quotes.tasks.calculate_impact": _("Impact of a price list"),
}
"""What a task does, by its dotted name."""

admin.site.unregister(DBTaskResult)  # what the workers pass among themselves; people look at the work


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    list_display = ("created_at", "work", "state", "progress", "created_by", "finished_at", "message")
    list_filter = ("state",)
    list_select_related = ("created_by",)
    fields = (*list_display, "attempts", "leased_until", "parameters", "result")
    readonly_fields = fields

    @admin.display(description=_("work"), ordering="task_path")
    def work(self, batch: Batch) -> str:
        return str(WORKS.get(batch.task_path, batch.task_path))

    @admin.display(description=_("progress"))
    def progress(self, batch: Batch) -> str:
        return f"{batch.percent} %"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
