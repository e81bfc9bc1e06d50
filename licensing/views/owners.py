"""Who looks after a customer: changed on its page."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..models import User
from ..models.roles import RESELLER_ROLES
from ..operations.owners import OwnerRefused, change_owners
from ..queries import visible_customers
from .guards import for_resellers


@require_POST
@for_resellers
def customer_owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a customer to one of the reseller's people, or to nobody."""
    user = cast(User, request.user)
    found = get_object_or_404(visible_customers(user), pk=pk)
    try:
        owner = read_owner(request, user)
        change_owners(customers=[found.pk], owner=owner, by=user, now=timezone.now())
    except OwnerRefused as refused:
        messages.error(request, str(refused))
    else:
        text = _("%(owner)s looks after %(name)s from now on.") if owner else _("Nobody looks after %(name)s now.")
        messages.success(request, text % {"owner": owner, "name": found.name})
    return redirect("customer", found.pk)


def read_owner(request: HttpRequest, user: User) -> User | None:
    """The one of the own people who is named in the field `owner`; None for nobody.

    Raises OwnerRefused where somebody else is.
    """
    sent = request.POST.get("owner", "")
    if not sent:
        return None
    is_number = sent.isascii() and sent.isdigit() and len(sent) < 19
    people = User.objects.filter(reseller=user.reseller_id, role__in=RESELLER_ROLES)
    found = people.filter(pk=int(sent)).first() if is_number else None
    if found is None:
        raise OwnerRefused(_("Choose one of your people from the list."))
    return found
