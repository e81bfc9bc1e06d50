"""What staff enter on the list: notes, days, refusals of customers, owners; and how they want to see it."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils.translation import gettext as _

from foundation.transactions import one_transaction
from licensing.models import LicenseID, User
from licensing.operations.turns import lock_if_kept

from ..models import LONGEST_KEPT, MOST_FILTERS, DeskEntry, DeskFilter, DeskTable


class DeskRefused(Exception):
    """Nothing was written; the text tells why."""


@one_transaction
def enter(
    *,
    licenseid: LicenseID,
    expires_on: date,
    follow_up_on: date | None,
    note: str,
    declined_reason: str,
    by: User,
    now: datetime,
) -> DeskEntry:
    """Keep what somebody entered for a renewal. A reason says that it is not renewed; without one it is taken back.

    Raises LicenseID.DoesNotExist where it has come to another reseller meanwhile: what is entered is not for them.
    """
    lock_if_kept(licenseid)
    entry = DeskEntry.objects.filter(licenseid=licenseid, expires_on=expires_on).first()
    entry = entry or DeskEntry(licenseid=licenseid, expires_on=expires_on)
    entry.follow_up_on, entry.note = follow_up_on, note.strip()
    reason = declined_reason.strip()
    if not reason:
        entry.declined_at = None
    elif entry.declined_at is None:
        entry.declined_at = now
    entry.declined_reason = reason
    entry.entered_by, entry.entered_at = by, now
    entry.full_clean(validate_unique=False)
    entry.save()
    return entry


@one_transaction
def save_filter(*, user: User, name: str, query: str) -> DeskFilter:
    """Keep a filter under a name; one of the same name is replaced. Raises DeskRefused where there are too many."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    found = DeskFilter.objects.filter(user=user, name=name).first()
    if found is None and DeskFilter.objects.filter(user=user).count() >= MOST_FILTERS:
        raise DeskRefused(_("You keep %(most)s filters already. Delete one first.") % {"most": MOST_FILTERS})
    if len(query) > LONGEST_KEPT:
        raise DeskRefused(_("This filter is too long to be kept. Shorten the search."))
    found = found or DeskFilter(user=user, name=name)
    found.query = query
    found.full_clean(validate_unique=False)
    found.save()
    return found


def save_table(*, user: User, hidden: Collection[str], per_page: int) -> None:
    """Which columns somebody sees, and how many rows at once."""
    DeskTable.objects.update_or_create(user=user, defaults={"hidden": sorted(hidden), "per_page": per_page})
