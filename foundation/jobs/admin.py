"""Background work in the administration: what runs, how far it is, and why something failed."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from ..administration import PlainPages, ReadOnly
from . import operations
from .kinds import kinds
from .models import Batch

admin.site.unregister(DBTaskResult)  # what the workers pass among themselves; people look at the work


@admin.register(Batch)
class BatchAdmin(ReadOnly, PlainPages):
    change_form_template = "admin/foundation/batch/change_form.html"
    list_display = ("created_at", "work", "state", "progress", "created_by", "finished_at", "message")
    list_filter = ("state",)
    list_select_related = ("created_by",)
    fields = (*list_display, "attempts", "leased_until", "parameters", "result")
    readonly_fields = fields

    @admin.display(description=_("work"), ordering="task_path")
    def work(self, batch: Batch) -> str:
        kind = kinds().get(batch.task_path)
        return str(kind.name) if kind else batch.task_path

    @admin.display(description=_("progress"))
    def progress(self, batch: Batch) -> str:
        return f"{batch.percent} %"

    def get_urls(self) -> list[Any]:
        def page(name: str, steer: Any) -> Any:
            view = self.admin_site.admin_view(partial(self.steer, steer))
            return path(f"<int:pk>/{name}/", view, name=f"foundation_batch_{name}")

        own = [page("retry", operations.retry_batch), page("cancel", operations.cancel_batch)]
        return own + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        """A portal admin sees all of it; others see the kinds of work that they have the permission for."""
        rows: QuerySet[Batch] = super().get_queryset(request)
        user: Any = request.user
        if user.is_superuser:
            return rows
        return rows.filter(task_path__in=[path for path, kind in kinds().items() if user.has_perm(kind.permission)])

    def steer(self, steer: Any, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin work again or stop it, and back to where the button stood."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        batch = self.get_queryset(request).filter(pk=pk).first()
        if batch is None:
            self.message_user(request, _("This work is not there any more."), messages.WARNING)
            return redirect("admin:foundation_batch_changelist")
        try:
            steer(batch=batch, by=request.user, now=timezone.now())
        except operations.BatchNotSteered as refused:
            self.message_user(request, str(refused), messages.WARNING)
        else:
            done = _("It is begun again.") if steer is operations.retry_batch else _("It is cancelled.")
            self.message_user(request, done, messages.SUCCESS)
        back = request.POST.get("back", "")
        if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
            back = reverse("admin:foundation_batch_change", args=[pk])
        return redirect(back)
