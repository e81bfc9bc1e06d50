"""Tax rates: added after a look at what they do, withdrawn before their day."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.administration.frame import ask_permission, log_page, show_page
from licensing.models.licenses import name_tax_category

from ..models import TaxRate
from .forms import TaxRateForm, WithdrawTaxRateForm
from .operations import TaxRateRefused, add_tax_rate, find_change, withdraw_tax_rate


def add(request: HttpRequest) -> HttpResponse:
    """Asks for the rate, then shows what it does from when, and adds it once that was confirmed."""
    ask_permission(request, "pricing.add_taxrate")
    form = TaxRateForm(request.POST or None, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        asked = "{category} {percent} {effective_on}".format(**form.cleaned_data)
        if request.POST.get("confirmed") != asked:
            told = tell_change(form.cleaned_data)
            title = _("Check what the tax rate does")
            return show_form(request, title, form, told=told, asked=asked, is_asked=True, button=_("Add this tax rate"))
        try:
            rate = add_tax_rate(**form.cleaned_data, now=timezone.now())
        except TaxRateRefused as refused:
            form.add_error("effective_on", str(refused))
        else:
            log_page(request, rate, _("Added."), is_new=True)
            text = gettext("%(rate)s is added. It is in force from %(day)s.")
            text %= {"rate": write_rate(rate.percent), "day": date_format(rate.effective_on)}
            messages.success(request, text)
            return redirect("admin:pricing_taxrate_changelist")
    told = [gettext("A rate holds until the next one of its category. Before it is added you see what it does.")]
    return show_form(request, _("Add a tax rate"), form, told=told, button=_("Continue"))


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason, and withdraws."""
    ask_permission(request, "pricing.add_taxrate")  # who may add a rate may also take it back
    rate = TaxRate.objects.filter(pk=pk).first()
    if rate is None:
        messages.warning(request, _("This tax rate is not there."))
        return redirect("admin:pricing_taxrate_changelist")
    form = WithdrawTaxRateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_tax_rate(tax_rate=rate, now=timezone.now())
        except TaxRateRefused as refused:
            form.add_error(None, str(refused))
        else:
            reason = form.cleaned_data["reason"]
            log_page(request, rate, _("Withdrawn: %(reason)s") % {"reason": reason})
            messages.success(request, _("The tax rate is withdrawn."))
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
    return show_form(request, _("Withdraw a tax rate"), form, told=told, button=_("Withdraw"))


def show_form(request: HttpRequest, title: Any, form: forms.Form, **context: Any) -> HttpResponse:
    """A page with a form, in the administration's frame."""
    status = 422 if form.errors else 200
    return show_page(request, TaxRate, "admin/pricing/taxrate/page.html", title, status=status, form=form, **context)


def write_rate(percent: Decimal) -> str:
    """Without idle digits: 10.00 is 10 %."""
    return f"{percent.normalize():f} %"


def tell_change(asked: dict[str, Any]) -> list[str]:
    """What the rate does, from when, and what can be done about it later, a sentence each."""
    day = asked["effective_on"]
    change = find_change(category=asked["category"], effective_on=day)
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
