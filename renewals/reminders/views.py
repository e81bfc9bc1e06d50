"""The rhythm of a reseller, and customers to whom nothing is written by itself."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation.versioned_forms import Look, fill_and_save
from licensing.models import Customer, Reseller, User
from licensing.queries import visible_customers
from licensing.views import for_managers, for_resellers

from .forms import RhythmForm
from .queries import settings_of
from .settings import save_rhythm, silence
from .texts import NAMES, PLACEHOLDERS


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def rhythm(request: HttpRequest) -> HttpResponse:
    """What the portal writes by itself for the manager's reseller, when, with which texts."""
    reseller = cast(Reseller, cast(User, request.user).reseller)

    def fill(row: Reseller, data: object = None) -> RhythmForm:
        form = RhythmForm(data, settings=settings_of(row))
        form.row = row
        return form

    def save(form: RhythmForm, look: Look) -> None:
        save_rhythm(reseller=reseller, values=form.values(), look=look)

    form, is_saved = fill_and_save(request, row=reseller, fill=fill, save=save)
    if is_saved:
        messages.success(request, _("Saved."))
        return redirect("renewals:rhythm")
    context = {
        "form": form,
        "kinds": [
            (
                NAMES[kind],
                [(f"{{{name}}}", explained) for name, explained in PLACEHOLDERS[kind].items()],
                [one for one in form.texts() if one["kind"] == kind],
            )
            for kind in PLACEHOLDERS
        ],
    }
    return render(request, "renewals/reminders/rhythm.html", context, status=422 if form.errors else 200)


@require_POST
@for_resellers
def quiet(request: HttpRequest, pk: int) -> HttpResponse:
    """Write nothing to a customer by itself any more, or write again."""
    user = cast(User, request.user)
    customer = get_object_or_404(visible_customers(user), pk=pk)
    is_quiet = request.POST.get("quiet") == "on"
    try:
        silence(customer=customer, is_quiet=is_quiet, by=user, now=timezone.now())
    except Customer.DoesNotExist:
        raise Http404 from None
    words = _("%(customer)s gets no reminders any more.") if is_quiet else _("%(customer)s gets reminders again.")
    messages.success(request, words % {"customer": customer.name})
    return redirect("customer", pk=pk)
