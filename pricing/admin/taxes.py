"""Tax rates in the administration: added after a look at what they do, withdrawn before their day, else only read."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.administration import SearchAdmin
from foundation.fields import DayField, PercentField
from licensing.models import Product
from licensing.models.licenses import list_tax_categories, name_tax_category

from .. import operations
from ..models import PriceList, TaxRate

STATES = {
    "waiting": _("waits for its day"),
    "in_force": _("in force"),
    "superseded": pgettext_lazy("a tax rate", "superseded"),
    "withdrawn": pgettext_lazy("a tax rate", "withdrawn"),
}
LIKE_A_LIST = {"withdrawn": PriceList.State.DRAFT}
"""Which state of a price list looks like that of a tax rate, where they differ."""


class TaxRateForm(forms.Form):
    category = forms.ChoiceField(label=_("tax category"), help_text=_("Products name the category they fall under."))
    percent = PercentField(
        label=_("percent"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        validators=[MaxValueValidator(Decimal("99.99"))],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    effective_on = DayField(
        label=_("effective on"), help_text=_("The first day of this rate: today or later."), widget=AdminDateWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = {*Product.objects.values_list("tax_category", flat=True).distinct()}
        used |= {*TaxRate.objects.values_list("category", flat=True).distinct()}
        category: Any = self.fields["category"]
        category.choices = list_tax_categories(used)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors:
            try:
                operations.check_tax_rate(
                    category=cleaned["category"], effective_on=cleaned["effective_on"], now=timezone.now()
                )
            except operations.TaxRateRefused as refused:
                self.add_error("effective_on", str(refused))
        return cleaned


class WithdrawTaxRateForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@admin.register(TaxRate)
class TaxRateAdmin(SearchAdmin):
    change_form_template = "admin/pricing/taxrate/change_form.html"
    list_display = ("shown_category", "rate", "effective_on", "state")
    search_fields = ("category",)
    fields = ("shown_category", "rate", "effective_on", "state", "withdrawn_on")
    readonly_fields = fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxRate]:
        """With `state` on this day: it is not stored, so that rates change it at midnight by themselves."""
        today = timezone.localdate()
        current = TaxRate.objects.filter(
            category=OuterRef("category"), withdrawn_on__isnull=True, effective_on__lte=today
        ).order_by("-effective_on")
        rows: QuerySet[TaxRate] = super().get_queryset(request)
        return rows.annotate(
            state=Case(
                When(withdrawn_on__isnull=False, then=Value("withdrawn")),
                When(effective_on__gt=today, then=Value("waiting")),
                When(pk=Subquery(current.values("pk")[:1]), then=Value("in_force")),
                default=Value("superseded"),
                output_field=CharField(),
            )
        )

    @admin.display(description=_("tax category"), ordering="category")
    def shown_category(self, rate: TaxRate) -> str:
        return name_tax_category(rate.category)

    @admin.display(description=_("tax rate"), ordering="percent")
    def rate(self, rate: TaxRate) -> str:
        return write_rate(rate.percent)

    @admin.display(description=_("state"), ordering="state")
    def state(self, rate: Any) -> SafeString:
        look = LIKE_A_LIST.get(rate.state, rate.state)
        return format_html('<span class="state {}">{}</span>', look, STATES[rate.state])

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        rate: Any = kwargs.get("obj")
        context["can_withdraw"] = self.may_withdraw(request) and rate.is_waiting(on=timezone.localdate())
        return super().render_change_form(request, context, *args, **kwargs)

    def may_withdraw(self, request: HttpRequest) -> bool:
        """Who may add a rate may also take it back."""
        return self.has_add_permission(request)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.withdraw_page)
        return [path("<int:pk>/withdraw/", view, name="pricing_taxrate_withdraw"), *super().get_urls()]

    def show_page(self, request: HttpRequest, title: Any, form: forms.Form, **context: Any) -> HttpResponse:
        """A page with a form, in the administration's frame."""
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "media": self.media + form.media,
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/pricing/taxrate/page.html", shared | context, status=status)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Asks for the rate, then shows what it does from when, and adds it once that was confirmed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TaxRateForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            asked = "{category} {percent} {effective_on}".format(**form.cleaned_data)
            if request.POST.get("confirmed") != asked:
                told = tell_change(form.cleaned_data)
                title = _("Check what the tax rate does")
                return self.show_page(
                    request, title, form, told=told, asked=asked, is_asked=True, button=_("Add this tax rate")
                )
            try:
                rate = operations.add_tax_rate(**form.cleaned_data, now=timezone.now())
            except operations.TaxRateRefused as refused:
                form.add_error("effective_on", str(refused))
            else:
                self.log_addition(request, rate, str(_("Added.")))
                text = gettext("%(rate)s is added. It is in force from %(day)s.")
                text %= {"rate": write_rate(rate.percent), "day": date_format(rate.effective_on)}
                self.message_user(request, text, messages.SUCCESS)
                return redirect("admin:pricing_taxrate_changelist")
        told = [gettext("A rate holds until the next one of its category. Before it is added you see what it does.")]
        return self.show_page(request, _("Add a tax rate"), form, told=told, button=_("Continue"))

    def withdraw_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the reason, and withdraws."""
        if not self.may_withdraw(request):
            raise PermissionDenied
        rate = TaxRate.objects.filter(pk=pk).first()
        if rate is None:
            self.message_user(request, _("This tax rate is not there."), messages.WARNING)
            return redirect("admin:pricing_taxrate_changelist")
        form = WithdrawTaxRateForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                operations.withdraw_tax_rate(tax_rate=rate, now=timezone.now())
            except operations.TaxRateRefused as refused:
                form.add_error(None, str(refused))
            else:
                reason = form.cleaned_data["reason"]
                self.log_change(request, rate, str(_("Withdrawn: %(reason)s") % {"reason": reason}))
                self.message_user(request, _("The tax rate is withdrawn."), messages.SUCCESS)
                return redirect("admin:pricing_taxrate_changelist")
        told = [
            gettext("%(category)s, %(rate)s from %(day)s.")
            % {
                "category": name_tax_category(rate.category),
                "rate": write_rate(rate.percent),
                "day": date_format(rate.effective_on),
            },
            gettext("The rate will not come into force. It stays in the list as withdrawn; this cannot be undone."),
        ]
        return self.show_page(request, _("Withdraw a tax rate"), form, told=told, button=_("Withdraw"))


def write_rate(percent: Decimal) -> str:
    """Without idle digits: 10.00 is 10 %."""
    return f"{percent.normalize():f} %"


def tell_change(asked: dict[str, Any]) -> list[str]:
    """What the rate does, from when, and what can be done about it later, a sentence each."""
    day = asked["effective_on"]
    change = operations.find_change(category=asked["category"], effective_on=day)
    facts = {
        "day": date_format(day),
        "category": name_tax_category(asked["category"]),
        "rate": write_rate(asked["percent"]),
        "before": write_rate(change.before.percent) if change.before else "",
    }
    told = [
        gettext("From %(day)s on, quotes calculate the category “%(category)s” with %(rate)s instead of %(before)s.")
        % facts
        if change.before
        else gettext("From %(day)s on, quotes calculate the category “%(category)s” with %(rate)s. It has none before.")
        % facts
    ]
    if change.following:
        told.append(
            gettext("It holds until %(next)s begins on %(day)s.")
            % {"next": write_rate(change.following.percent), "day": date_format(change.following.effective_on)}
        )
    if day == timezone.localdate():
        told.append(gettext("That is today: it counts at once, and can be neither changed nor withdrawn any more."))
    else:
        told.append(gettext("Until the day before, it can be withdrawn. From then on nobody can change or delete it."))
    return [*told, gettext("Quotes that are issued already keep their tax.")]
