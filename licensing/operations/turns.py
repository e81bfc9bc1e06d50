"""One after the other: who saves, issues or changes something of a license ID."""

from collections.abc import Iterable

from django.db import connection

from ..models import LicenseID


def wait_for_turn(licenseids: Iterable[LicenseID]) -> None:
    """Until the transaction ends, nobody else saves or issues for any of these license IDs."""
    if not connection.features.has_select_for_update:
        return  # SQLite has one writer at a time: its turn began with the transaction
    rows = LicenseID.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in licenseids])
    list(rows.order_by("pk").values_list("pk"))  # in one order, so that two quotes never wait for each other
