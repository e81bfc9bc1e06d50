"""Invitations in a list, and what became of their e-mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from foundation.mail.models import OutgoingMail

from ..models import Invitation


@dataclass(frozen=True)
class InvitationRow:
    """An invitation in a list, and what became of its e-mail."""

    invitation: Invitation
    state: Invitation.State
    mail: OutgoingMail | None


def invitation_rows(invitations: Iterable[Invitation], *, now: datetime) -> list[InvitationRow]:
    """The rows of a list of invitations."""
    shown = list(invitations)
    letters = OutgoingMail.objects.filter(about__in=[f"invitation:{row.pk}" for row in shown]).order_by("created_at")
    mails = {letter.key: letter for letter in letters.defer("sealed_text")}
    return [InvitationRow(row, row.state_at(now), mails.get(f"invitation:{row.token_hash}")) for row in shown]
