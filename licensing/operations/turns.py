"""One after the other: who saves, issues or changes something of a license ID."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from foundation.among import among_later
from foundation.kept_query import KeptQuery

from ..models import Customer, LicenseID


class ChangedHands(Exception):
    """A license ID has come to another customer, or its customer to another reseller, since it was loaded."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def wait_for_turn(licenseids: Iterable[LicenseID]) -> None:
    """Until the transaction ends, nobody else saves or issues for any of these license IDs."""
    if not connection.features.has_select_for_update:
        return  # SQLite has one writer at a time: its turn began with the transaction
    rows = LicenseID.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in licenseids])
    list(rows.order_by("pk").values_list("pk"))  # in one order, so that two quotes never wait for each other


def wait_and_look(licenseids: Iterable[LicenseID]) -> None:
    """The same, for license IDs that were loaded with their customers before. Raises ChangedHands."""
    loaded = list(licenseids)
    wait_for_turn(loaded)
    now = {pk: owner for pk, *owner in _OWNERS.rows(numbers=[one.pk for one in loaded])}
    for one in loaded:
        if now.get(one.pk) != [one.customer_id, one.customer.reseller_id]:
            raise ChangedHands(one.code)


def _owners() -> QuerySet[Any, Any]:
    licenseids = LicenseID.objects.filter(pk__in=among_later("numbers")).order_by()
    return licenseids.values_list("pk", "customer", "customer__reseller")


_OWNERS = KeptQuery(_owners)


def lock_if_kept(licenseid: LicenseID) -> LicenseID:
    """The license ID as it is now, locked, as long as it is with the reseller with which it was loaded.

    Raises LicenseID.DoesNotExist where it has come to another one since, or is gone: what was entered is not theirs.
    """
    found: LicenseID = LicenseID.objects.select_for_update(no_key=True).get(pk=licenseid.pk)
    # Read behind the lock: whoever changes the reseller holds it until that is done.
    if Customer.objects.get(pk=found.customer_id).reseller_id != licenseid.customer.reseller_id:
        raise LicenseID.DoesNotExist
    return found
