"""Price lists in the administration: drafts are edited, checked and published; published lists are only read."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.administration import SearchAdmin
from foundation.fields import DayField
from foundation.text.validators import validate_printable
from licensing.templatetags.portal import in_words
from licensing.views import reauthenticate_first

from .. import operations
from ..models import PriceList, PriceListEvent
from ..operations.events import record_event
from ..queries import price_lists_around, with_state
from ..wording import say_changes, say_finding, title_of
from .asof import license_page, prices_page
from .difference import difference_page
from .ended import EndInline
from .findings import group_findings, sum_up
from .golden import golden_page, golden_summary
from .imports import ImportPages
from .overview import make_grid
from .steps import steps_after_impact, steps_before_impact
from .tables import DraftsOnly

FINDINGS_PER_PAGE = 100


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return PriceList.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in PriceList.State.values:
            return queryset
        return queryset.filter(state=self.value())


class CopyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the new draft"), max_length=100, validators=[validate_printable], widget=AdminTextInputWidget
    )
    effective_on = DayField(label=_("Effective on"), widget=AdminDateWidget)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if PriceList.objects.filter(name=name).exists():
            raise forms.ValidationError(_("There is a price list of this name already. Choose another name."))
        return name


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=AdminTextareaWidget(attrs={"rows": 3}))


@admin.register(PriceList)
class PriceListAdmin(ImportPages, DraftsOnly, SearchAdmin):
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
        def page(name: str, view: Any) -> Any:
            return path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"pricing_pricelist_{name}")

        own = [
            page("check", self.check_page),
            page("publish", self.publish_page),
            page("withdraw", self.withdraw_page),
            page("copy", self.copy_page),
            page("golden", partial(golden_page, self)),
            page("difference", partial(difference_page, self)),
            path("prices/", self.admin_site.admin_view(partial(prices_page, self)), name="pricing_pricelist_prices"),
            path(
                "license-id/", self.admin_site.admin_view(partial(license_page, self)), name="pricing_pricelist_license"
            ),
        ]
        return own + self.import_urls() + super().get_urls()

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        price_list = kwargs.get("obj")
        if price_list is not None:
            today = timezone.localdate()
            context["can_withdraw"] = price_list.is_waiting(on=today)
            checked = None
            if not price_list.is_published:
                checked = operations.check_price_list(price_list=price_list, on=today)
                context["findings"] = sum_up(price_list, checked)
                before = steps_before_impact(price_list, checked, price_list.table_count)
                context |= {"steps_before": before, "steps_after": steps_after_impact(price_list, before)}
            context["grid"] = make_grid(request, price_list, checked)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_list(self, request: HttpRequest, pk: int) -> PriceList | None:
        """The list, or None, and then the person has been told. Raises PermissionDenied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        price_list: PriceList | None = self.get_queryset(request).filter(pk=pk).first()
        if price_list is None:
            self.message_user(request, _("This price list is not there any more."), messages.WARNING)
        return price_list

    def show_page(
        self,
        request: HttpRequest,
        template: str,
        price_list: PriceList,
        title: Any,
        *,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """A further page of a price list, in the administration's frame."""
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": price_list,
            "title": title,
            "media": self.media + context["form"].media if "form" in context else self.media,
        }
        return TemplateResponse(request, f"admin/pricing/pricelist/{template}", shared | context, status=status)

    @method_decorator(reauthenticate_first)
    def publish_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What publishing means, what speaks against it, what must be ticked as read, and the button."""
        price_list = self.get_list(request, pk)
        if price_list is None:
            return redirect("admin:pricing_pricelist_changelist")
        acknowledged = set(request.POST.getlist("acknowledged"))
        unread: set[str] = set()
        if request.method == "POST":
            user: Any = request.user
            try:
                operations.publish(
                    price_list=price_list,
                    by=user,
                    now=timezone.now(),
                    acknowledged=acknowledged,
                    seen=request.POST.get("seen", ""),
                )
            except operations.PublishRefused:
                pass  # said below
            except operations.NotAcknowledged as not_acknowledged:
                unread = {finding.code for finding in not_acknowledged.findings}
            else:
                self.log_change(request, price_list, str(_("Published.")))
                text = _("%(name)s is published. Quotes use it from %(day)s.") % {
                    "name": price_list,
                    "day": date_format(price_list.effective_on),
                }
                self.message_user(request, text, messages.SUCCESS)
                return redirect("admin:pricing_pricelist_change", pk)
        now, today = timezone.now(), timezone.localdate()
        checked = operations.check_price_list(price_list=price_list, on=today)
        problems = operations.list_publish_problems(price_list=price_list, now=now, checked=checked)
        blocking = {say_finding(finding) for finding in checked.blocking}
        in_force, _following = price_lists_around(on=today)
        return self.show_page(
            request,
            "publish.html",
            price_list,
            _("Publish a price list"),
            status=422 if request.method == "POST" else 200,
            problems=[problem for problem in problems if problem not in blocking],
            blocking=group_findings(price_list, checked.blocking),
            to_tick=group_findings(price_list, checked.to_tick),
            information_count=len(checked.information),
            acknowledged=acknowledged - unread,
            unread=unread,
            seen=checked.fingerprint,
            compared=checked.compared,
            in_force=in_force,
            is_today=price_list.effective_on == today,
            golden=golden_summary(price_list),
        )

    def check_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everything that the linter says of a list; `code`: of one kind only."""
        price_list = self.get_list(request, pk)
        if price_list is None:
            return redirect("admin:pricing_pricelist_changelist")
        checked = operations.check_price_list(price_list=price_list, on=timezone.localdate())
        kinds = group_findings(price_list, checked.findings, most=0)
        code = request.GET.get("code", "")
        only_new = "new" in request.GET
        findings = [one for one in checked.findings if code in ("", one.code) and (one.is_new or not only_new)]
        page = Paginator(findings, FINDINGS_PER_PAGE).get_page(request.GET.get("page"))
        return self.show_page(
            request,
            "check.html",
            price_list,
            _("Findings"),
            kinds=kinds,
            chosen=code,
            only_new=only_new,
            new_count=sum(finding.is_new for finding in checked.findings),
            groups=group_findings(price_list, page.object_list, most=FINDINGS_PER_PAGE),
            page=page,
            compared=checked.compared,
        )

    @method_decorator(reauthenticate_first)
    def withdraw_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the reason, and withdraws."""
        price_list = self.get_list(request, pk)
        if price_list is None:
            return redirect("admin:pricing_pricelist_changelist")
        form = WithdrawForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            user: Any = request.user
            try:
                operations.withdraw(
                    price_list=price_list, reason=form.cleaned_data["reason"], by=user, now=timezone.now()
                )
            except operations.WithdrawRefused as refused:
                form.add_error(None, str(refused))
            else:
                self.log_change(request, price_list, str(_("Withdrawn.")))
                text = _("%(name)s is withdrawn and is a draft again.") % {"name": price_list}
                self.message_user(request, text, messages.SUCCESS)
                return redirect("admin:pricing_pricelist_change", pk)
        status = 422 if form.errors else 200
        return self.show_page(
            request, "withdraw.html", price_list, _("Withdraw a price list"), status=status, form=form
        )

    def copy_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for name and day, and makes the draft."""
        price_list = self.get_list(request, pk)
        if price_list is None:
            return redirect("admin:pricing_pricelist_changelist")
        suggested = operations.free_name(_("%(name)s (copy)") % {"name": price_list.name})
        form = CopyForm(request.POST or None, initial={"name": suggested})
        if request.method == "POST" and form.is_valid():
            user: Any = request.user
            draft = operations.copy_price_list(
                price_list=price_list,
                name=form.cleaned_data["name"],
                effective_on=form.cleaned_data["effective_on"],
                by=user,
                now=timezone.now(),
            )
            self.log_addition(request, draft, str(_("Copied from %(name)s.") % {"name": price_list}))
            self.message_user(request, _("The draft %(name)s was made.") % {"name": draft}, messages.SUCCESS)
            return redirect("admin:pricing_pricelist_change", draft.pk)
        status = 422 if form.errors else 200
        return self.show_page(request, "copy.html", price_list, _("Copy to a new draft"), status=status, form=form)


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
