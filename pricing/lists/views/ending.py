"""A product is not sold any more: what that concerns, in which draft it is written, and what takes its place."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.administration.frame import ask_permission, log_page
from licensing.admin.confirmed import mark_of
from licensing.models import Customer, Holding, Product
from licensing.operations.registration import Effect, effects_of

from ...models import PriceList
from ...queries import price_lists_around
from ...views import show_list_page
from ..forms import EndForm
from ..operations.ending import EndRefused, end_sale


def end_of_sale(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for draft, day and successor, shows what it concerns, and writes it into the draft."""
    ask_permission(request, "pricing.change_pricelist")
    found = Product.objects.filter(pk=pk).first()
    if found is None:
        messages.warning(request, _("This product is not there any more."))
        return redirect("admin:licensing_product_changelist")
    today = timezone.localdate()
    sent = request.POST if request.method == "POST" else None
    form = EndForm(sent, product=found, on=today)
    context: dict[str, Any] = {"form": form, "product": found, "effects": _effects(found, today)}
    context["mark"] = mark_of(found, found, context["effects"])
    context["in_force"], _following = price_lists_around(on=today)
    context["has_drafts"] = PriceList.objects.filter(published_at__isnull=True).exists()
    status = 200
    if request.method == "POST" and form.is_valid():
        draft: PriceList = form.cleaned_data["draft"]
        if request.POST.get("mark") != context["mark"]:
            context["has_changed"], status = True, 422
        else:
            user: Any = request.user
            try:
                values = {name: form.cleaned_data[name] for name in ("draft", "since_on", "successor")}
                end_sale(**values, product=found, by=user, now=timezone.now())
            except EndRefused as refused:
                form.add_error(None, str(refused))
            else:
                text = _("%(product)s is not sold any more in %(list)s, once that is published.")
                text = text % {"product": found.code, "list": draft}
                log_page(request, draft, text)
                messages.success(request, text)
                return redirect("admin:pricing_pricelist_change", draft.pk)
    return show_list_page(
        request, "ending.html", _("End the sale of a product"), status=422 if form.errors else status, **context
    )


def _effects(product: Product, on: date) -> list[Effect]:
    """What hangs on the product: what everybody tells of it, and how much is held by how many; no customer's name."""
    held = Holding.objects.filter(product=product)
    customers = Customer.objects.filter(license_ids__holdings__product=product).distinct()
    return [
        *effects_of(products=[product.pk], on=on),
        Effect(_("holdings"), held.count()),
        Effect(_("holdings that still run"), held.filter(support_expires_on__gte=on).count()),
        Effect(_("customers who hold it"), customers.count()),
    ]
