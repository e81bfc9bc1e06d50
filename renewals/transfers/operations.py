"""Bring a license ID or a customer to where it belongs now: each in one transaction, as it was shown, or not at all."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.transactions import one_transaction
from licensing.models import Contact, Customer, Invitation, LicenseID, Reseller, User
from licensing.operations.turns import wait_for_turn
from quotes.record.transitions import record_losses

from ..models import DeskEntry, QuoteDraft
from .queries import Effect, effect_of_leaving, effect_of_merging, effect_of_move, open_invitations_of


class TransferRefused(Exception):
    """Nothing was written. The text says why to a person."""


class EffectChanged(Exception):
    """Nothing was written: it would do something else by now than what was shown."""


@one_transaction
def move_license_id(
    *, licenseid: LicenseID, to: Customer, closing: Collection[uuid.UUID], mark: str, by: User, now: datetime
) -> Effect:
    """Give a license ID with its holdings to another customer of the same reseller.

    Drafts of which nothing else is their customer's any more go with it, addressed to nobody yet. Of its open quotes
    those that are named are recorded as lost; issued quotes stay those of the customer to whom they were issued. `mark`
    is that of the effect that was shown. Raises TransferRefused, EffectChanged.
    """
    _lock_resellers({licenseid.customer.reseller_id, to.reseller_id})
    customers = _lock_customers({licenseid.customer_id, to.pk})
    wait_for_turn([licenseid])
    found = LicenseID.objects.select_related("customer").get(pk=licenseid.pk)
    target = customers.get(to.pk)
    if target is None or target.reseller_id != found.customer.reseller_id:
        raise TransferRefused(_("A license ID moves to another customer of the same reseller only."))
    if found.customer_id != licenseid.customer_id or found.customer_id == target.pk:
        raise TransferRefused(
            _("%(code)s belongs to %(name)s by now.") % {"code": found.code, "name": found.customer.name}
        )
    drafts = _lock_drafts(QuoteDraft.objects.filter(parts__licenseid=found))
    effect = effect_of_move(found, on=_day(now))
    _refuse_pending(effect)
    if effect.mark != mark:
        raise EffectChanged
    before, found.customer = found.customer, target
    _save(found, by, _("moved from %(from)s to %(to)s") % {"from": before.name, "to": target.name})
    for draft in drafts:
        if draft.pk in effect.drafts:
            _readdress(draft, target, {})
    reason = _("License ID %(code)s was moved to another customer (%(name)s).")
    _close(effect, reason % {"code": found.code, "name": target.name}, by, now, closing)
    return effect


@one_transaction
def merge_customers(*, gone: Customer, stays: Customer, mark: str, by: User, now: datetime) -> Effect:
    """Make one customer of two of the same reseller: all that hangs on the one comes to the other.

    Issued quotes stay as they were issued; the people of the one that stays see those of both. The row of the other
    stays, for its records and its names. Raises TransferRefused, EffectChanged.
    """
    _lock_resellers({gone.reseller_id, stays.reseller_id})
    merged = Customer.objects.filter(merged_into=gone).values_list("pk", flat=True)
    customers = _lock_customers({gone.pk, stays.pk, *merged}, with_merged=True)
    two = [customers[pk] for pk in {gone.pk, stays.pk} if pk in customers and customers[pk].merged_into_id is None]
    if len(two) < 2:
        raise TransferRefused(_("One of the two customers was merged or deleted meanwhile. Look for them anew."))
    old, kept = customers[gone.pk], customers[stays.pk]
    if old.reseller_id != kept.reseller_id:
        raise TransferRefused(_("Only customers of the same reseller are merged."))
    contacts = Contact.objects.select_for_update(no_key=True).filter(customer__in=(old, kept), is_gone=False)
    moving = {contact.pk: contact for contact in contacts.order_by("pk") if contact.customer_id == old.pk}
    users = list(User.objects.select_for_update(no_key=True).filter(customer=old).order_by("pk"))
    invited = Invitation.objects.select_for_update(no_key=True).filter(customer__in=(old, kept))
    invitations = list(invited.filter(accepted_at=None, revoked_at=None).order_by("pk"))
    license_ids = list(LicenseID.objects.filter(customer=old).order_by("pk"))
    wait_for_turn(license_ids)
    drafts = _lock_drafts(QuoteDraft.objects.filter(customer=old))
    effect = effect_of_merging(old, kept)
    if effect.mark != mark:
        raise EffectChanged
    why = _("merged: %(gone)s into %(stays)s") % {"gone": old.name, "stays": kept.name}
    joined = dict(effect.joined)
    for contact in moving.values():
        contact.is_gone = contact.pk in joined
        contact.customer = old if contact.is_gone else kept
        _save(contact, by, why)
    for user in users:
        user.customer = kept
        _save(user, by, why)
    _move_invitations(invitations, old, kept, now)
    for licenseid in LicenseID.objects.filter(pk__in=[one.pk for one in license_ids]).order_by("pk"):
        licenseid.customer = kept
        _save(licenseid, by, why)
    for draft in drafts:
        _readdress(draft, kept, joined | {pk: pk for pk in moving if pk not in joined})
    if kept.owner is None and old.owner is not None:
        kept.owner = old.owner
        _save(kept, by, why)
    for row in customers.values():
        if row.pk != kept.pk:
            row.merged_into, row.owner = kept, None
            _save(row, by, why)
    return effect


@one_transaction
def change_reseller_of(*, customer: Customer, to: Reseller, mark: str, by: User, now: datetime) -> Effect:
    """Bring a customer with its license IDs, holdings, contacts and log-ins to another reseller.

    What the old one issued stays its record, and open quotes are recorded as lost; its drafts and notes go, and open
    invitations are revoked. Drafts of other customers in which a license ID of this one stands go on without it.
    Raises TransferRefused, EffectChanged.
    """
    resellers = _lock_resellers({customer.reseller_id, to.pk})
    merged = Customer.objects.filter(merged_into=customer).values_list("pk", flat=True)
    customers = _lock_customers({customer.pk, *merged}, with_merged=True)
    found, target = customers.get(customer.pk), resellers.get(to.pk)
    if found is None or found.merged_into_id is not None or target is None:
        raise TransferRefused(_("The customer was merged or deleted meanwhile. Look for it anew."))
    if found.reseller_id != customer.reseller_id or found.reseller_id == target.pk:
        raise TransferRefused(
            _("%(name)s is a customer of %(reseller)s by now.") % {"name": found.name, "reseller": found.reseller.name}
        )
    list(Invitation.objects.select_for_update(no_key=True).filter(customer=found).order_by("pk").values_list("pk"))
    license_ids = list(LicenseID.objects.filter(customer=found).order_by("pk"))
    wait_for_turn(license_ids)
    rows = QuoteDraft.objects.filter(customer=found) | QuoteDraft.objects.filter(license_ids__in=license_ids)
    drafts = _lock_drafts(rows)
    effect = effect_of_leaving(found, to=target, on=_day(now))
    _refuse_pending(effect)
    if effect.mark != mark:
        raise EffectChanged
    open_invitations_of(found).update(revoked_at=now)
    # As of the beginning, before the customer is the new reseller's: of the history that one sees what comes after.
    for licenseid in LicenseID.objects.filter(pk__in=[one.pk for one in license_ids]).exclude(note="").order_by("pk"):
        licenseid.note = ""
        licenseid._history_date = now  # type: ignore[attr-defined]
        _save(licenseid, by, _("customer leaves the reseller"))
    for row in customers.values():
        row.reseller, row.owner = target, None
        _save(row, by, _("change of reseller"))
    for draft in drafts:
        if draft.pk in effect.drafts:
            draft.delete()
    DeskEntry.objects.filter(licenseid__in=license_ids).delete()  # what was noted of them is the old one's affair
    _close(effect, _("The customer has come to another reseller."), by, now)
    return effect


def _lock_resellers(numbers: Collection[int]) -> dict[int, Reseller]:
    rows = Reseller.objects.select_for_update(no_key=True).filter(pk__in=numbers)
    return {row.pk: row for row in rows.order_by("pk")}


def _lock_customers(numbers: Collection[int], *, with_merged: bool = False) -> dict[int, Customer]:
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    return {row.pk: row for row in rows if with_merged or row.merged_into_id is None}


def _lock_drafts(drafts: Any) -> list[QuoteDraft]:
    numbers = set(drafts.order_by().values_list("pk", flat=True))
    return list(QuoteDraft.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk"))


def _day(now: datetime) -> Any:
    return now.astimezone(timezone.get_default_timezone()).date()


def _save(row: Any, by: User, why: str) -> None:
    row._history_user, row._change_reason = by, why[:100]
    row.save()


def _readdress(draft: QuoteDraft, customer: Customer, contacts: Mapping[int, int]) -> None:
    """The draft is the customer's; a contact that did not come with it is none of its addressee any more."""
    contact = draft.asked.get("contact")
    if contact is not None:
        draft.asked = draft.asked | {"contact": contacts.get(contact)}
        draft.version += 1  # a page that shows the former addressee is told before it saves
    draft.customer = customer
    draft.save(update_fields=["customer", "asked", "version"])


def _move_invitations(rows: Iterable[Invitation], old: Customer, kept: Customer, now: datetime) -> None:
    """Open ones go with the customer; of two to one address the one that stays was there before."""
    invitations = list(rows)
    there = {row.email for row in invitations if row.customer_id == kept.pk}
    for row in invitations:
        if row.customer_id == old.pk:
            row.customer = kept
            if row.email in there:
                row.revoked_at = now
            row.save(update_fields=["customer", "revoked_at"])


def _refuse_pending(effect: Effect) -> None:
    if effect.pending:
        numbers = ", ".join(quote.number for quote in effect.pending)
        raise TransferRefused(
            _("%(numbers)s is ordered, and the holdings are not changed yet. Carry it out first.")
            % {"numbers": numbers}
        )


def _close(effect: Effect, reason: str, by: User, now: datetime, chosen: Collection[uuid.UUID] | None = None) -> None:
    """`chosen`: keys of the quotes that are closed; None: all of them."""
    quotes = [quote for quote in effect.open_quotes if chosen is None or quote.key in chosen]
    if quotes:
        record_losses(quotes=quotes, reason=reason, by=by, now=now)
