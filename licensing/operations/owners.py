"""Who of a reseller looks after which customers."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.integrity.bulk import in_pieces, update_kept
from foundation.transactions import one_transaction

from ..models import Customer, Reseller, User
from ..models.roles import RESELLER_ROLES

AT_ONCE = 10_000
"""Customers that are written with one statement."""


class OwnerRefused(Exception):
    """Nothing was changed; the text tells why."""


@one_transaction
def change_owners(*, customers: Collection[int], owner: User | None, by: User, now: datetime) -> int:
    """Give customers, by their numbers, to one of the reseller's people, or to nobody. Returns how many are changed.

    Only those of the reseller of `by` are. Raises OwnerRefused where the new owner is none of its active people.
    """
    reseller = _lock(by)
    if owner is not None and not owners_of(reseller).filter(pk=owner.pk).exists():
        raise OwnerRefused(_("%(name)s is not one of your people any more. Choose somebody else.") % {"name": owner})
    rows = Customer.objects.filter(pk__in=customers, reseller=reseller, merged_into=None)
    return _give(rows, owner, by, now)


@one_transaction
def hand_over(*, person: User, to: User, by: User, now: datetime) -> int:
    """Give all that a person of the reseller owns to another one. Returns how many customers that are.

    Raises OwnerRefused, as above, and where that is the same person.
    """
    reseller = _lock(by)
    if to.pk == person.pk or not owners_of(reseller).filter(pk=to.pk).exists():
        raise OwnerRefused(_("%(name)s cannot take these customers over. Choose somebody else.") % {"name": to})
    return _give(Customer.objects.filter(owner=person, reseller=reseller), to, by, now)


def release_customers(*, person: User, by: User, now: datetime) -> int:
    """Whoever gets another role or company owns no customers any more: the caller holds the transaction."""
    return _give(Customer.objects.filter(owner=person.pk), None, by, now)


def owners_of(reseller: Reseller | int | None) -> QuerySet[User]:
    """Whom a customer of the reseller can be given, by name."""
    return User.objects.filter(reseller=reseller, role__in=RESELLER_ROLES, is_active=True).order_by("name", "pk")


def _lock(by: User) -> Reseller:
    """The reseller's people are changed one by one: nobody leaves while they are given a customer."""
    return Reseller.objects.select_for_update(no_key=True).get(users=by)


def _give(rows: QuerySet[Customer], owner: User | None, by: User, now: datetime) -> int:
    differing = rows.exclude(owner=owner) if owner else rows.exclude(owner=None)
    numbers = list(differing.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True))
    for some in in_pieces(numbers, AT_ONCE):
        update_kept(Customer, {pk: {"owner_id": owner.pk if owner else None} for pk in some}, by=by, at=now)
    return len(numbers)
