"""Pages on which a license ID is added to a customer, and what it holds is entered and corrected."""

from copy import copy
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.held import sent
from foundation.versioned_forms import ChangedMeanwhile

from ..models import Customer, LicenseID, User
from ..operations.codes import effects_of_code
from ..queries import visible_customers, visible_license_ids
from ..views import for_keepers, read_way_back
from .forms import MOST_NEW, CodeForm, HoldingsForm, NewLicenseIDForm
from .operations import add_license_id, correct_code, save_holdings


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def new_license_id(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a license ID to a customer; what it holds is entered on the next page."""
    customer = get_object_or_404(visible_customers(cast(User, request.user)), pk=pk)
    form = NewLicenseIDForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = add_license_id(customer=customer, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Customer.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, _("%(name)s is added. Enter what it holds.") % {"name": added.code})
            return redirect("holdings", added.code)
    context = {"form": form, "customer": customer}
    return render(request, "licensing/keeping/license_id.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def holdings(request: HttpRequest, code: str) -> HttpResponse:
    """All that a license ID holds. `next`: the form of a quote that one came from, and goes back to."""
    rows = visible_license_ids(cast(User, request.user)).select_related("customer")
    found = get_object_or_404(rows, code=code.replace("\x00", ""))
    has_more = request.POST.get("action") == "add-row"
    form = HoldingsForm(sent(request), licenseid=found, has_more=has_more)
    if request.method == "POST" and not has_more and form.is_valid():
        look = form.still(lambda row: HoldingsForm(request.POST, licenseid=row))
        try:
            cleaned = form.cleaned_data
            save_holdings(licenseid=found, note=cleaned["note"], rows=form.held_rows(), look=look)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        except ChangedMeanwhile:
            found = get_object_or_404(rows, pk=found.pk)
            form = HoldingsForm(request.POST, licenseid=found)
        except LicenseID.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, _("What %(code)s holds is saved.") % {"code": found.code})
            return redirect(read_way_back(request) or reverse("renewals:license-id", args=[found.code]))
    context: dict[str, Any] = {
        "form": form,
        "licenseid": found,
        "customer": found.customer,
        "back": read_way_back(request),
        "may_add_row": len(form.new_rows) < MOST_NEW,
        "on": timezone.localdate(),
    }
    status = 422 if form.is_bound and form.errors and not has_more else 200
    return render(request, "licensing/keeping/holdings.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def license_id_code(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a mistyped code: what it concerns is shown first, then it is done."""
    rows = visible_license_ids(cast(User, request.user)).select_related("customer")
    found = get_object_or_404(rows, code=code.replace("\x00", ""))
    form = CodeForm(sent(request), initial={"seen": found.code})
    shown = ""
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["code"]
        try:
            if request.POST.get("shown") == new:
                corrected = correct_code(licenseid=found, code=new, seen=form.cleaned_data["seen"])
                messages.success(
                    request, _("%(old)s is %(new)s from now on.") % {"old": found.code, "new": corrected.code}
                )
                return redirect("renewals:license-id", corrected.code)
            wanted = copy(found)
            wanted.code = new
            wanted.full_clean()
            shown = "" if new == found.code else new
        except ValidationError as error:
            form.add_error(None, error)
        except ChangedMeanwhile as changed:
            text = _("Somebody else has corrected it meanwhile; it is %(code)s now.")
            form.add_error("code", text % {"code": changed.row.code})
        except LicenseID.DoesNotExist:
            raise Http404 from None
        if new == found.code and not form.errors:
            form.add_error("code", _("This is the license ID that it has already. Type the right one."))
    context = {
        "form": form,
        "licenseid": found,
        "customer": found.customer,
        "shown": shown,
        "effects": effects_of_code(found) if shown else [],
    }
    return render(request, "licensing/keeping/code.html", context, status=422 if form.errors else 200)
