"""The page of the standing lines."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.versioned_forms import Look, fill_and_save
from licensing.models import Reseller, User
from licensing.models.licenses import TAX_CATEGORIES, name_tax_category
from licensing.views import for_managers
from pricing.loader import load_tax_rates

from .forms import StandingLinesForm
from .operations import save_standing_lines
from .queries import standing_lines_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def standing_lines(request: HttpRequest) -> HttpResponse:
    """What the reseller's people pick from, all of it on one page."""
    reseller = cast(Reseller, cast(User, request.user).reseller)
    rates = load_tax_rates(on=timezone.localdate())
    codes = [*(code for code in TAX_CATEGORIES if code in rates), *sorted({*rates} - {*TAX_CATEGORIES})]
    categories = [(code, name_tax_category(code)) for code in codes]

    def fill(row: Reseller, data: object) -> StandingLinesForm:
        form = StandingLinesForm(data, lines=standing_lines_of(row.pk), categories=categories)
        form.row = row
        return form

    def save(form: StandingLinesForm, look: Look) -> None:
        save_standing_lines(reseller=reseller, lines=form.lines(), look=look)

    form, is_saved = fill_and_save(request, row=reseller, fill=fill, save=save)
    if is_saved:
        messages.success(request, _("Saved."))
        return redirect("renewals:standing-lines")
    status = 422 if form.errors else 200
    return render(request, "renewals/standing_lines/standing_lines.html", {"form": form}, status=status)
