"""The impact of a draft price list in the administration: start, progress, result, workbook. Only ever shown."""

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh

from foundation.administration import PlainPages, ReadOnly
from pricing.loader import load_tables
from pricing.models import PriceList
from pricing.queries import list_before

from ..models import ImpactFile, ImpactRun
from . import MOST_DAYS, ImpactRefused, draft_fingerprint, start_impact
from .result import result_of
from .subjects import expiring_license_id_numbers, open_quotes
from .tasks import calculate_impact

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StartForm(forms.Form):
    days = forms.IntegerField(
        label=_("Days ahead"), min_value=1, max_value=MOST_DAYS, initial=lambda: settings.IMPACT_DAYS
    )


@admin.register(ImpactRun)
class ImpactRunAdmin(ReadOnly, PlainPages):
    list_display = ("price_list_name", "compared_with_name", "priced_on", "on", "days", "started_by")
    list_select_related = ("batch__created_by",)

    @admin.display(description=_("started by"))
    def started_by(self, run: ImpactRun) -> str:
        return str(run.batch.created_by)

    def get_urls(self) -> list[Any]:
        def page(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"renewals_impactrun_{name}")

        own = [
            page("of/<int:pk>/", "start", self.start_page),
            path(
                "<int:pk>/progress/",
                login_not_required(never_cache(self.progress_part)),  # it sends people to the log-in itself
                name="renewals_impactrun_progress",
            ),
            page("<int:pk>/workbook/", "workbook", self.workbook),
        ]
        return own + super().get_urls()

    # --- Start ------------------------------------------------------------------------------------------------------

    def start_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What will be calculated, the button, and what was calculated for this list before."""
        self.refuse_strangers(request)
        price_list = PriceList.objects.filter(pk=pk).first()
        if price_list is None:
            self.message_user(request, _("This price list is not there any more."), messages.WARNING)
            return redirect("admin:pricing_pricelist_changelist")
        today = timezone.localdate()
        form = StartForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            user: Any = request.user
            try:
                run = start_impact(
                    price_list=price_list,
                    days=form.cleaned_data["days"],
                    task=calculate_impact,
                    by=user,
                    on=today,
                    now=timezone.now(),
                )
            except ImpactRefused as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("admin:renewals_impactrun_change", run.pk)
        runs = list(price_list.impact_runs.select_related("batch__created_by"))
        present = Present(price_list)
        return self.show(
            request,
            "start.html",
            price_list,
            _("Impact before publishing"),
            status=422 if form.errors else 200,
            form=form,
            runs=[(run, present.is_other_than(run)) for run in runs],
            compared_with=present.compared_with,
            renewal_count=expiring_license_id_numbers(on=today, days=settings.IMPACT_DAYS).count(),
            quote_count=open_quotes(on=today).count(),
            days=settings.IMPACT_DAYS,
            days_until=(price_list.effective_on - today).days,
            is_coming=is_coming(price_list, on=today),
        )

    # --- Progress and result ----------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far it is, or what came out."""
        run = self.get_run(request, object_id)
        if run is None:
            return redirect("admin:renewals_impactrun_changelist")
        if not run.is_priced:
            return self.show(
                request, "progress.html", run.price_list, _("Impact before publishing"), **progress_of(run)
            )
        return self.show(
            request,
            "result.html",
            run.price_list,
            _("Impact before publishing"),
            **progress_of(run),
            **result_of(run, request.GET),
            is_outdated=Present(run.price_list).is_other_than(run),
            is_coming=is_coming(run.price_list, on=timezone.localdate()),
            has_file=ImpactFile.objects.filter(run=run).exists(),
        )

    def progress_part(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What htmx puts into the page every second; the whole page again when there is more to see, or to log in."""
        if not self.admin_site.has_permission(request):
            is_part = request.headers.get("HX-Request") == "true"
            return HttpResponseClientRefresh() if is_part else redirect_to_login(request.path, reverse("admin:login"))
        run = self.get_run(request, str(pk))
        if run is None or run.batch.is_finished or (run.is_priced and "priced" not in request.GET):
            return HttpResponseClientRefresh()
        return TemplateResponse(request, "admin/renewals/impactrun/_progress.html", progress_of(run))

    def workbook(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The XLSX file that was made when the run ended."""
        run = self.get_run(request, str(pk))
        file = ImpactFile.objects.filter(run=run).first() if run else None
        if run is None or file is None:
            self.message_user(request, _("There is no workbook yet. It is made at the end."), messages.WARNING)
            return redirect("admin:renewals_impactrun_change", pk)
        name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", f"{run.price_list_name}_{run.on.isoformat()}.xlsx")
        header = content_disposition_header(True, name) or "attachment"
        return HttpResponse(bytes(file.content), content_type=WORKBOOK, headers={"Content-Disposition": header})

    # --- Common -----------------------------------------------------------------------------------------------------

    def refuse_strangers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def get_run(self, request: HttpRequest, object_id: str) -> ImpactRun | None:
        """The run, or None, and then the person has been told. Raises PermissionDenied."""
        self.refuse_strangers(request)
        rows: QuerySet[ImpactRun] = ImpactRun.objects.select_related("batch__created_by", "price_list", "compared_with")
        run = rows.filter(pk=object_id).first() if re.fullmatch(r"[0-9]{1,18}", object_id) else None
        if run is None:
            self.message_user(request, _("This calculation is not there any more."), messages.WARNING)
        return run

    def show(
        self, request: HttpRequest, template: str, price_list: PriceList | None, title: Any, **context: Any
    ) -> HttpResponse:
        """A page of a price list, in the administration's frame."""
        status = context.pop("status", 200)
        lists: Any = self.admin_site._registry[PriceList]
        shared = {
            **self.admin_site.each_context(request),
            "opts": lists.opts,
            "original": price_list,
            "title": title,
            "media": self.media,
        }
        return TemplateResponse(request, f"admin/renewals/impactrun/{template}", shared | context, status=status)


class Present:
    """How things are now, to be compared with what a run saw."""

    def __init__(self, price_list: PriceList | None) -> None:
        self.fingerprint = ""
        self.compared_with: PriceList | None = None
        self.is_published = price_list is not None and price_list.is_published
        if price_list is not None:
            tables = load_tables(price_list=price_list)
            self.fingerprint = draft_fingerprint(tables, effective_on=price_list.effective_on)
            self.compared_with = list_before(price_list)

    def is_other_than(self, run: ImpactRun) -> bool:
        """Whether the list is another since, or another list would be in force on its day without it."""
        if run.fingerprint != self.fingerprint:
            return True
        return run.compared_with_id != (self.compared_with and self.compared_with.pk)


def is_coming(price_list: PriceList | None, *, on: date) -> bool:
    """Whether a list is published, and takes effect after the day."""
    return price_list is not None and price_list.is_published and price_list.effective_on > on


def progress_of(run: ImpactRun) -> dict[str, Any]:
    batch = run.batch
    waits = not batch.is_finished and batch.state == batch.State.WAITING
    return {
        "run": run,
        "batch": batch,
        "is_late": waits and (timezone.now() - batch.created_at).total_seconds() > 15,
    }
