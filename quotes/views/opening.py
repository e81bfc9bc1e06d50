"""What a page with the renewal form begins with: the license ID, the form as typed, and its calculation."""

import re
import uuid
from dataclasses import replace
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from licensing.models import Holding, LicenseID, Product, User
from licensing.queries import visible_license_ids
from licensing.views import View
from pricing.loader import Prices
from renewals.asked import fit, from_json, held_of

from .. import operations
from ..forms import RenewalForm, asked_data, without_addition
from ..models import QuoteDraft
from ..operations import Calculation
from .held import page_name
from .remedies import PREFIX, Changes, changes_of, with_changes


def for_makers(view: View) -> View:
    """Making quotes is for a reseller's staff: the issuer on the quote is theirs."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).is_reseller_staff:
            raise PermissionDenied(_("Quotes are made by reseller staff."))
        return view(request, *args, **kwargs)

    return checked


def get_license_id(request: HttpRequest, code: str) -> LicenseID:
    """The license ID with its holdings, if it is the user's to see; else 404."""
    rows = visible_license_ids(cast(User, request.user)).select_related("customer__reseller")
    return get_object_or_404(
        rows.prefetch_related(
            Prefetch(
                "holdings",
                Holding.objects.select_related("product__programme").order_by(
                    "support_expires_on", "product__code", "pk"
                ),
            )
        ),
        code=code,
    )


def first_code(draft: QuoteDraft) -> str:
    """The code of the first license ID that stands in the draft."""
    return draft.parts.order_by("position").values_list("licenseid__code", flat=True).first() or ""


def typed_form(request: HttpRequest, licenseid: LicenseID, *, action: str = "") -> RenewalForm:
    """The form as it was sent, after what the button does to it; as it first opens where nothing was sent."""
    data: QueryDict | None = request.POST if request.method == "POST" else None
    if data is not None and (removed := removed_row(action)) is not None:
        data = without_addition(data, removed)
    given: dict[str, Any] = {
        "licenseid": licenseid,
        "holdings": list(licenseid.holdings.all()),
        "on": timezone.localdate(),
    }
    form = RenewalForm(data, added_rows=1 if action == "add-row" else 0, **given)
    if changes := remedy_changes(form, action):
        form = RenewalForm(with_changes(form.data, changes), **given)
    return form


def remedy_changes(form: RenewalForm, action: str) -> Changes:
    """What the button changes that cures something; nothing where it is another button, or cures nothing any more."""
    if not action.startswith(PREFIX):
        return {}
    form.is_valid()
    return changes_of(action, form, calculate(form))


def form_of_draft(licenseid: LicenseID, draft: QuoteDraft) -> RenewalForm:
    """The form as it was saved, for the holdings of today."""
    asked, holdings = from_json(draft.asked), list(licenseid.holdings.all())
    data = asked_data(replace(asked, parts=(fit(asked.parts[0], held=held_of(holdings)),)), draft.as_typed)
    data["key"] = str(draft.key)
    data["seen_version"] = str(draft.version)
    form = RenewalForm(data, licenseid=licenseid, holdings=holdings, on=timezone.localdate())
    data["held"] = form.held_now()
    for name in [name for name in data if name not in form.fields]:
        del data[name]  # of holdings that are gone
    form.is_valid()
    return form


def held_form(licenseid: LicenseID, typed: QueryDict) -> RenewalForm:
    """The form as it was typed, perhaps a while ago, for the holdings of today."""
    typed.pop("page", None)  # it is another page that shows it now
    return RenewalForm(typed, licenseid=licenseid, holdings=list(licenseid.holdings.all()), on=timezone.localdate())


def typed_values(form: RenewalForm, calculation: Calculation, *, by: User) -> dict[str, Any]:
    """What of a form a draft keeps, and what its page has seen, as the operations take it. The form was cleaned."""
    return {
        "asked": form.to_asked(),
        "as_typed": form.as_typed(),
        "pricing": calculation.pricing if form.is_valid() else None,
        "seen_version": form.cleaned_data.get("seen_version"),
        "page": page_name(form.data.get("page", ""), user=by),
    }


def calculate(form: RenewalForm) -> Calculation:
    """What the form costs today."""
    return operations.calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=form.on)


def choices(form: RenewalForm, prices: Prices) -> dict[str, object]:
    """The products that can be added: held ones first, then the others.

    What is not sold any more is none of them, but stays where it was chosen already.
    """
    held = {holding.product_id for holding in form.holdings}
    hidden = set(prices.tables.ended) - {row.product for row in form.addition_rows()}
    products = list(Product.objects.select_related("programme").exclude(code__in=hidden).order_by("code"))
    return {
        "held_products": [product for product in products if product.pk in held],
        "other_products": [product for product in products if product.pk not in held],
    }


def read_key(text: str) -> uuid.UUID | None:
    """The key of a form, from a query; None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def replaced_version(action: str) -> int | None:
    """The version of a draft that a button replaces: `replace-7`, pressed by somebody who was told of it."""
    match = re.fullmatch(r"replace-(\d{1,9})", action, re.ASCII)
    return int(match[1]) if match else None


def removed_row(action: str) -> int | None:
    """The row of the additions whose button to remove it was pressed: `remove-0` … `remove-19`."""
    match = re.fullmatch(r"remove-(\d{1,2})", action, re.ASCII)
    return int(match[1]) if match else None
