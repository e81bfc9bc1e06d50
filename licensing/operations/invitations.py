"""Invitations from the first link to the new user: invite, renew, revoke, accept."""

import secrets
from datetime import datetime, timedelta
from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail
from foundation.text.addresses import clean_address
from foundation.transactions import one_transaction

from ..models import Customer, Invitation, Reseller, User, hash_token
from ..models.roles import RESELLER_ROLES, Role
from ..queries import open_invitations

KIND = "invitation"
"""Of e-mail, before the invitation's number."""


class InvitationRefused(Exception):
    """Nobody is invited; the text tells the person who invites why. `field`: of the form, to which it belongs."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class InvitationUnusable(Exception):
    """The link leads to nothing any more. `state` is the invitation's, None where there never was one."""

    def __init__(self, state: Invitation.State | None) -> None:
        super().__init__(str(state))
        self.state = state


class AddressTaken(Exception):
    """Somebody came in with the invitation's address meanwhile, by another one."""


@one_transaction
def invite(
    *,
    email: str,
    name: str,
    role: str,
    by: User,
    now: datetime,
    reseller: Reseller | None = None,
    customer: Customer | None = None,
    language: str = "ja",
) -> tuple[Invitation, str]:
    """Invite somebody, and mail them the link, which is returned: nobody can read it again.

    Raises InvitationRefused where `by` may not invite this person there, or where the address is a known user's of
    the same reseller. Of other resellers' people nobody learns anything: there the link is mailed with other words,
    and the page refuses.
    """
    email, name = clean_address(email), " ".join(name.split())
    _refuse_if_not_allowed(by=by, role=role, reseller=reseller, customer=customer)
    _refuse_known(email=email, by=by)
    same = Invitation.objects.select_for_update(no_key=True).filter(
        email=email, reseller=reseller, customer=customer, accepted_at=None, revoked_at=None
    )
    for earlier in same:
        if earlier.expires_at > now:
            _refuse_open(earlier)
        earlier.revoked_at = now  # it expired; the new one takes its place
        earlier.save(update_fields=["revoked_at"])
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email,
                name=name,
                role=role,
                reseller=reseller,
                customer=customer,
                language=language,
                invited_by=by,
                created_at=now,
                expires_at=now + timedelta(days=settings.INVITATION_DAYS),
                token_hash=hash_token(token),
            )
    except IntegrityError:  # two clicks at once
        raise InvitationRefused(_("This address has an open invitation already."), field="email") from None
    link = link_to(token)
    send_invitation(invitation=invitation, link=link, now=now)
    return invitation, link


@one_transaction
def renew_invitation(*, invitation: Invitation, by: User, now: datetime) -> str:
    """A new link for an invitation that was not accepted, valid from now; the old one leads to nothing any more.

    Raises InvitationRefused where it was accepted or revoked meanwhile, or `by` may not invite there.
    """
    found = Invitation.objects.select_for_update(no_key=True, of=("self",)).get(pk=invitation.pk)
    if found.accepted_at or found.revoked_at:
        raise InvitationRefused(_("This invitation was accepted or revoked meanwhile."))
    _refuse_if_not_allowed(by=by, role=found.role, reseller=found.reseller, customer=found.customer)
    token = secrets.token_urlsafe(32)
    found.token_hash = hash_token(token)
    found.created_at, found.expires_at = now, now + timedelta(days=settings.INVITATION_DAYS)
    found.invited_by = by
    found.save()
    link = link_to(token)
    send_invitation(invitation=found, link=link, now=now)
    return link


def revoke_invitation(*, invitation: Invitation, now: datetime) -> None:
    """The link leads to nothing any more. Raises InvitationRefused where somebody came in with it already."""
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(revoked_at=now)
    if not changed:
        raise InvitationRefused(_("Somebody came in with this invitation meanwhile. Deactivate the person instead."))


def revoke_invitations_by(*, person: User, now: datetime) -> int:
    """Revoke what somebody invited to who may not invite any more: they were shown the links. How many it were."""
    return open_invitations().filter(invited_by=person).update(revoked_at=now)


def find_invitation(*, token: str, now: datetime) -> Invitation:
    """The invitation that a link leads to. Raises InvitationUnusable where nobody can come in with it."""
    rows = Invitation.objects.select_related("reseller", "customer__reseller", "invited_by")
    return _usable(rows.filter(token_hash=hash_token(token)).first(), now=now)


@one_transaction
def accept_invitation(*, token: str, name: str, name_en: str, password: str, now: datetime) -> User:
    """Make the user whom the invitation names, once, however often and at once it is asked for.

    Raises InvitationUnusable, and AddressTaken where a user with the address is there already.
    """
    rows = Invitation.objects.filter(token_hash=hash_token(token))
    # Before the invitation, as docs/architecture.md has it: it goes with its customer when that is merged.
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=rows.values("customer")).values_list("pk"))
    rows = rows.select_for_update(no_key=True, of=("self",)).select_related("reseller", "customer", "invited_by")
    invitation = _usable(rows.first(), now=now)
    if User.objects.filter(email=invitation.email).exists():
        raise AddressTaken(invitation.email)
    try:
        with transaction.atomic():
            user = User(
                email=invitation.email,
                name=name,
                name_en=name_en,
                role=invitation.role,
                is_superuser=invitation.role == Role.ADMIN,
                reseller=invitation.reseller,
                customer=invitation.customer,
            )
            user.set_password(password)
            user._history_user = invitation.invited_by  # type: ignore[attr-defined] # who let them in
            user.save()
    except IntegrityError:  # by another invitation, at the same moment
        raise AddressTaken(invitation.email) from None
    invitation.user, invitation.accepted_at = user, now
    invitation.save(update_fields=["user", "accepted_at"])
    return user


def shown_link(link: str) -> str:
    """What of a link is shown to whoever invites: nothing, unless SHOW_INVITATION_LINKS says so."""
    return link if settings.SHOW_INVITATION_LINKS else ""


def link_to(token: str) -> str:
    """The whole address of an invitation's page."""
    return f"{settings.PUBLIC_URL}{reverse('invitation', args=[token])}"


def send_invitation(*, invitation: Invitation, link: str, now: datetime) -> None:
    """Mail the link, in the invited person's language. Who has an account already is told so.

    Raises InvitationRefused for an address that no mail can go to.
    """
    subject, body = word_invitation(invitation=invitation, link=link)
    issuer = _issuer(invitation)
    try:
        queue_mail(
            key=f"{KIND}:{invitation.token_hash}",
            about=f"{KIND}:{invitation.pk}",
            to=invitation.email,
            to_name=invitation.name,
            subject=subject,
            body=body,
            language=invitation.language,
            sender_name=" ".join(issuer.name.split()) if issuer else "",
            reply_to=issuer.email if issuer else "",
            by=invitation.invited_by,
            now=now,
        )
    except ValidationError as error:
        raise InvitationRefused(" ".join(error.messages), field="email") from error


def is_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether somebody can still come in with the link that a waiting e-mail brings."""
    return open_invitations().filter(token_hash=mail.key.partition(":")[2]).exists()


def word_invitation(*, invitation: Invitation, link: str) -> tuple[str, str]:
    """Subject and text of the mail."""
    context = {
        "invitation": invitation,
        "issuer": _issuer(invitation),
        "link": link,
        "is_known": User.objects.filter(email=invitation.email).exists(),
    }
    with translation.override(invitation.language):
        subject = render_to_string("licensing/mail/invitation_subject.txt", context)
        return " ".join(subject.split()), render_to_string("licensing/mail/invitation.txt", context)


def _issuer(invitation: Invitation) -> Reseller | None:
    """In whose name it is written; None for those who look after the portal."""
    return invitation.customer.reseller if invitation.customer else invitation.reseller


def _usable(invitation: Invitation | None, *, now: datetime) -> Invitation:
    if invitation is None:
        raise InvitationUnusable(None)
    if (state := invitation.state_at(now)) != Invitation.State.OPEN:
        raise InvitationUnusable(state)
    return invitation


def _refuse_if_not_allowed(*, by: User, role: str, reseller: Reseller | None, customer: Customer | None) -> None:
    """Portal admins invite everybody; a manager their reseller's people and their customers' contacts."""
    if by.is_active and by.is_portal_admin:
        return
    own = by.is_active and by.is_manager
    if own and role in RESELLER_ROLES and reseller is not None and reseller.pk == by.reseller_id:
        return
    if own and role == Role.CUSTOMER and customer is not None and customer.reseller_id == by.reseller_id:
        return
    raise InvitationRefused(_("You may not invite this person."))


def _refuse_known(*, email: str, by: User) -> None:
    known = User.objects.filter(email=email).select_related("customer").first()
    if known is None:
        return
    is_ours = known.reseller_id == by.reseller_id or (
        known.customer is not None and known.customer.reseller_id == by.reseller_id
    )
    if by.is_portal_admin or (by.reseller_id and is_ours):
        text = _("%(name)s has an account with this address already.") % {"name": known.name}
        if not known.is_active:
            text = _("%(name)s has an account with this address. It is deactivated: reactivate it instead.") % {
                "name": known.name
            }
        raise InvitationRefused(text, field="email")


def _refuse_open(invitation: Invitation) -> NoReturn:
    raise InvitationRefused(
        _("%(name)s has an open invitation already. Renew or revoke it in the list.") % {"name": invitation.name},
        field="email",
    )
