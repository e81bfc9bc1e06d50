"""What a transfer does, told as rows: what there is, how much of it, and what becomes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.text.language import name_of
from licensing.models import Customer, Reseller, User

from .queries import Effect


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the page."""

    what: str
    count: int
    becomes: str
    names: tuple[str, ...] = ()


def rows_of_move(effect: Effect, *, customer: Customer, to: Customer) -> list[Row]:
    names = {"customer": customer.name, "to": to.name}
    closed = _("proposed below to be recorded as lost: they are addressed to %(customer)s")
    left = _("stay with %(customer)s, without this one")
    stays = _("stay as they are; %(customer)s goes on to see them, %(to)s sees nothing of them")
    drafts = _("Drafts of it alone, also where the others moved before")
    return [
        Row(_("Holdings"), effect.holdings, _("move with it")),
        Row(drafts, len(effect.drafts), _("go with it; choose the addressee and read the note anew")),
        Row(_("Drafts over several license IDs"), effect.left_drafts, left % names),
        Row(_("Quotes without an outcome"), len(effect.open_quotes), closed % names),
        Row(_("Issued quotes"), effect.issued, stays % names),
    ]  # fmt: skip


def rows_of_merging(effect: Effect, *, gone: Customer, stays: Customer) -> list[Row]:
    names = {"gone": gone.name, "stays": stays.name}
    one = _("already there, by e-mail address or by name and department: they become one")
    issued = _("stay as they were issued, with the name that is printed on them; the log-ins of both see those of both")
    return [
        Row(_("License IDs"), len(effect.license_ids), _("come to %(stays)s") % names, effect.license_ids),
        Row(_("Holdings"), effect.holdings, _("move with them")),
        Row(pgettext("of a customer", "Contacts"), effect.contacts, _("come to %(stays)s") % names),
        Row(pgettext("of a customer", "Contacts"), len(effect.joined), one),
        Row(_("Log-ins"), len(effect.log_ins), _("are those of %(stays)s now") % names, _people(effect.log_ins)),
        Row(_("Open invitations"), effect.invitations, _("lead to %(stays)s now") % names),
        Row(_("Drafts"), len(effect.drafts), _("are those of %(stays)s now") % names),
        Row(_("Issued quotes"), effect.issued, issued),
        Row(_("of these without an outcome"), len(effect.open_quotes), _("go on as they are")),
    ]


def rows_of_leaving(effect: Effect, *, to: Reseller) -> tuple[list[Row], list[Row]]:
    """What the new reseller gets, and what becomes of what the old one had."""
    names = {"to": to.name}
    seen = _("go on to log in, and to see what was issued to them; the managers of %(to)s look after them")
    gets = [
        Row(_("License IDs"), len(effect.license_ids), _("come to %(to)s") % names, effect.license_ids),
        Row(_("Holdings"), effect.holdings, _("move with them")),
        Row(pgettext("of a customer", "Contacts"), effect.contacts, _("come to %(to)s") % names),
        Row(_("Log-ins"), len(effect.log_ins), seen % names, _people(effect.log_ins)),
    ]
    keeps = [
        Row(_("Issued quotes"), effect.issued, _("stay with the old reseller as records, to be read only")),
        Row(_("of these without an outcome"), len(effect.open_quotes), _("are recorded as lost, with the reason")),
        Row(_("Drafts"), len(effect.drafts), _("are deleted")),
        Row(_("Drafts of other customers"), effect.left_drafts, _("stay, without the license IDs that leave")),
        Row(_("Open invitations"), effect.invitations, _("are revoked")),
    ]
    return gets, keeps


def _people(users: Iterable[User]) -> tuple[str, ...]:
    found: Sequence[User] = list(users)
    return tuple(f"{name_of(user)} ({user.email})" for user in found)
