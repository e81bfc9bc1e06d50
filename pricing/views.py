"""What every further page of a price list begins and ends with."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.administration.frame import ask_permission, show_page

from .models import PriceList
from .queries import with_state


def find_list(request: HttpRequest, pk: int) -> PriceList | None:
    """The list with its `state` today; None where it is gone, and then the person has been told.

    Raises PermissionDenied for who may see no price lists.
    """
    ask_permission(request, "pricing.view_pricelist")
    price_list = with_state(PriceList.objects.all(), on=timezone.localdate()).filter(pk=pk).first()
    if price_list is None:
        messages.warning(request, _("This price list is not there any more."))
    return price_list


def show_list_page(
    request: HttpRequest, template: str, title: Any, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of a price list (`original`), or of all of them, in the administration's frame."""
    return show_page(request, PriceList, f"admin/pricing/pricelist/{template}", title, status=status, **context)
