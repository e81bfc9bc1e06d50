"""What a manager or portal admin does with people who are there: change them, end their access, give it back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.transactions import one_transaction

from ..models import Reseller, User
from ..models.roles import RESELLER_ROLES
from ..queries import RIGHTS
from .access import remove_second_factors
from .invitations import revoke_invitations_by
from .owners import hand_over

OWN_WORDS = (
    "department",
    "department_en",
    "job_title",
    "job_title_en",
    "direct_phone",
    "printed_email",
    "mail_signature",
)
"""What people say of themselves: printed on quotes beside their name, and written under their letters."""


class PersonRefused(Exception):
    """Nothing was changed; the text tells why."""


@one_transaction
def change_person(
    *,
    person: User,
    name: str,
    name_en: str,
    role: str | None,
    by: User,
    now: datetime,
    may_see_margins: bool | None = None,
    rights: Mapping[str, Any] = MappingProxyType({}),
    look: Callable[[User], None] = lambda _person: None,
) -> User:
    """Another name or, for one of a reseller's people, another role there or the right to see margins (None: as it
    is). Counts at once.

    `rights`: what one of the reseller's people may approve, by RIGHTS; those that stay are left out.
    Raises PersonRefused where the manager `by` may not do that, and what `look` raises over the person under the lock.
    """
    found = _locked(person, by=by)
    look(found)
    is_moved = role is not None and role != found.role
    if role is not None and is_moved:
        if found.role not in RESELLER_ROLES or role not in RESELLER_ROLES:
            raise PersonRefused(_("This role cannot be given here."))
        _refuse_oneself(found, by=by)
        found.role = role
    if may_see_margins is not None and may_see_margins != found.may_see_margins:
        if found.role not in RESELLER_ROLES:
            raise PersonRefused(_("This right cannot be given here."))
        _refuse_oneself(found, by=by)
        found.may_see_margins = may_see_margins
    found.name, found.name_en = name, name_en
    for field in RIGHTS:
        if field in rights and found.is_reseller_staff:
            setattr(found, field, rights[field])
    found.save()
    if is_moved:
        revoke_invitations_by(person=found, now=now)
    return found


@one_transaction
def change_own_words(
    *, person: User, values: Mapping[str, Any], look: Callable[[User], None] = lambda _person: None
) -> User:
    """How somebody stands on quotes and under letters from now on (OWN_WORDS). Raises ValidationError, and what `look`
    raises over the person under the lock.
    """
    with transaction.atomic():
        found = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        look(found)
        for name in OWN_WORDS:
            setattr(found, name, values[name])
        found.clean_fields(exclude=[field.name for field in User._meta.fields if field.name not in OWN_WORDS])
        found.save()
        return found


@one_transaction
def deactivate_person(*, person: User, by: User, now: datetime, heir: User | None = None) -> User:
    """End a person's access at once. What they made stays, with their name; the customers they own go to the heir.

    Raises PersonRefused, as above, and OwnerRefused where the heir cannot own any.
    """
    _refuse_oneself(person, by=by)
    if heir is not None and by.reseller_id is not None:
        hand_over(person=person, to=heir, by=by, now=now)  # first: customers are locked before people
    found = _locked(person, by=by)
    if found.is_active:
        end_access(person=found, now=now)
    return found


@one_transaction
def reactivate_person(*, person: User, by: User) -> User:
    """Let a person in again. They choose a new password by mail. Raises PersonRefused, as above."""
    found = _locked(person, by=by)
    found.is_active = True
    found.save()
    return found


def end_access(*, person: User, now: datetime) -> None:
    """Nobody comes in as this person any more: the caller holds the transaction and has decided that.

    The password goes: with it every session and every link to reset it lose their value, also if the person comes
    back one day. Second factors and passkeys go, the right to approve, and links that they handed out to invite others.
    """
    person.is_active = person.approves = False
    person.set_unusable_password()
    person.save()
    remove_second_factors(user=person)
    revoke_invitations_by(person=person, now=now)


def _locked(person: User, *, by: User) -> User:
    """The person as they are now, under a lock on the reseller: managers of one reseller change people one by one.

    So the last manager stays: nobody takes their own role away, and whoever lost it meanwhile is refused here. The
    person is locked too: what they say of themselves, their password, and what a portal admin does to them at this
    moment stays as it is. Raises PersonRefused.
    """
    if by.reseller_id is None:
        raise PersonRefused(_("You do not look after this person any more."))
    Reseller.objects.select_for_update(no_key=True).get(pk=by.reseller_id)
    manager = User.objects.get(pk=by.pk)
    rows = User.objects.select_for_update(no_key=True, of=("self",)).select_related("customer")
    found = rows.filter(pk=person.pk).first()
    if found is None:
        raise PersonRefused(_("%(name)s was deleted meanwhile.") % {"name": person.name})
    company = found.reseller_id or (found.customer and found.customer.reseller_id)
    if not (manager.is_active and manager.is_manager and company == manager.reseller_id):
        raise PersonRefused(_("You do not look after this person any more."))
    return found


def _refuse_oneself(person: User, *, by: User) -> None:
    if person.pk == by.pk:
        raise PersonRefused(_("Nobody takes their own role or access away. Ask another manager or a portal admin."))
