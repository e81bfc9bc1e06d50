"""The way of a price list: what the linter says of it, publishing, withdrawing, and a copy as a new draft."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from foundation.administration.frame import log_page
from licensing.views import reauthenticate_first

from ...check.operations import check_price_list
from ...check.views import group_findings
from ...golden.views.lists import golden_summary
from ...queries import price_lists_around
from ...views import find_list, show_list_page
from ...wording import say_finding
from ..forms import CopyForm, WithdrawForm
from ..operations import publish as publishing
from ..operations.copy import copy_price_list, free_name
from ..operations.publish import NotAcknowledged, PublishRefused, WithdrawRefused, list_publish_problems

FINDINGS_PER_PAGE = 100


@reauthenticate_first
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What publishing means, what speaks against it, what must be ticked as read, and the button."""
    price_list = find_list(request, pk)
    if price_list is None:
        return redirect("admin:pricing_pricelist_changelist")
    acknowledged = set(request.POST.getlist("acknowledged"))
    unread: set[str] = set()
    if request.method == "POST":
        user: Any = request.user
        try:
            publishing.publish(
                price_list=price_list,
                by=user,
                now=timezone.now(),
                acknowledged=acknowledged,
                seen=request.POST.get("seen", ""),
            )
        except PublishRefused:
            pass  # said below
        except NotAcknowledged as not_acknowledged:
            unread = {finding.code for finding in not_acknowledged.findings}
        else:
            log_page(request, price_list, _("Published."))
            text = _("%(name)s is published. Quotes use it from %(day)s.") % {
                "name": price_list,
                "day": date_format(price_list.effective_on),
            }
            messages.success(request, text)
            return redirect("admin:pricing_pricelist_change", pk)
    now, today = timezone.now(), timezone.localdate()
    checked = check_price_list(price_list=price_list, on=today)
    problems = list_publish_problems(price_list=price_list, now=now, checked=checked)
    blocking = {say_finding(finding) for finding in checked.blocking}
    in_force, _following = price_lists_around(on=today)
    return show_list_page(
        request,
        "publish.html",
        _("Publish a price list"),
        original=price_list,
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


def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that the linter says of a list; `code`: of one kind only."""
    price_list = find_list(request, pk)
    if price_list is None:
        return redirect("admin:pricing_pricelist_changelist")
    checked = check_price_list(price_list=price_list, on=timezone.localdate())
    kinds = group_findings(price_list, checked.findings, most=0)
    code = request.GET.get("code", "")
    only_new = "new" in request.GET
    findings = [one for one in checked.findings if code in ("", one.code) and (one.is_new or not only_new)]
    page = Paginator(findings, FINDINGS_PER_PAGE).get_page(request.GET.get("page"))
    return show_list_page(
        request,
        "check.html",
        _("Findings"),
        original=price_list,
        kinds=kinds,
        chosen=code,
        only_new=only_new,
        new_count=sum(finding.is_new for finding in checked.findings),
        groups=group_findings(price_list, page.object_list, most=FINDINGS_PER_PAGE),
        page=page,
        compared=checked.compared,
    )


@reauthenticate_first
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason, and withdraws."""
    price_list = find_list(request, pk)
    if price_list is None:
        return redirect("admin:pricing_pricelist_changelist")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        try:
            publishing.withdraw(price_list=price_list, reason=form.cleaned_data["reason"], by=user, now=timezone.now())
        except WithdrawRefused as refused:
            form.add_error(None, str(refused))
        else:
            log_page(request, price_list, _("Withdrawn."))
            text = _("%(name)s is withdrawn and is a draft again.") % {"name": price_list}
            messages.success(request, text)
            return redirect("admin:pricing_pricelist_change", pk)
    status = 422 if form.errors else 200
    return show_list_page(
        request, "withdraw.html", _("Withdraw a price list"), original=price_list, status=status, form=form
    )


def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for name and day, and makes the draft."""
    price_list = find_list(request, pk)
    if price_list is None:
        return redirect("admin:pricing_pricelist_changelist")
    suggested = free_name(_("%(name)s (copy)") % {"name": price_list.name})
    form = CopyForm(request.POST or None, initial={"name": suggested})
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        draft = copy_price_list(
            price_list=price_list,
            name=form.cleaned_data["name"],
            effective_on=form.cleaned_data["effective_on"],
            by=user,
            now=timezone.now(),
        )
        log_page(request, draft, _("Copied from %(name)s.") % {"name": price_list}, is_new=True)
        messages.success(request, _("The draft %(name)s was made.") % {"name": draft})
        return redirect("admin:pricing_pricelist_change", draft.pk)
    status = 422 if form.errors else 200
    return show_list_page(request, "copy.html", _("Copy to a new draft"), original=price_list, status=status, form=form)
