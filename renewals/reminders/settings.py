"""A reseller's rhythm, and who is left out of it: kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from foundation.transactions import one_transaction
from licensing.models import Customer, Reseller, User

from ..confirmations.queries import is_quiet as is_quiet_now
from ..models import QuietCustomer, ReminderSettings


@one_transaction
def save_rhythm(*, reseller: Reseller, values: Mapping[str, Any], look: Callable[[Reseller], None]) -> None:
    """Keep a reseller's rhythm. One saves after the other; `look` may raise before anything is written."""
    look(Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk))
    ReminderSettings(reseller=reseller, **values).save()


@one_transaction
def silence(*, customer: Customer, is_quiet: bool, by: User, now: datetime) -> bool:
    """Write nothing to a customer by itself, or write again. False where it was so before.

    Raises Customer.DoesNotExist where the customer was merged meanwhile, or is another reseller's.
    """
    rows = Customer.objects.select_for_update(no_key=True)
    rows.get(pk=customer.pk, reseller=customer.reseller_id, merged_into=None)
    if is_quiet_now(customer.pk) == is_quiet:
        return False
    if is_quiet:
        QuietCustomer.objects.create(customer=customer, by=by, at=now)
    else:
        QuietCustomer.objects.filter(Q(customer=customer) | Q(customer__merged_into=customer)).delete()
    return True
