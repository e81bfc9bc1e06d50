"""Where people are logged in, and what they need for it beside the password."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from foundation.transactions import one_transaction

from ..models import User


class AccessEnded(Exception):
    """Nothing was written: the person was deactivated or deleted meanwhile."""


@one_transaction
def choose_password(*, person: User, password: str) -> None:
    """The person's new password, which `person` has afterwards too; nothing else of the row is written.

    Raises AccessEnded.
    """
    found = User.objects.select_for_update(no_key=True).filter(pk=person.pk, is_active=True).first()
    if found is None:
        raise AccessEnded
    found.set_password(password)
    found.save(update_fields=["password"])
    person.password = found.password


@one_transaction
def end_session(*, user: User, pk: int) -> None:
    """Log the user out where that session is. Raises UserSession.DoesNotExist, also for somebody else's session."""
    UserSession.objects.get(pk=pk, user_id=user.pk).end()


@one_transaction
def end_other_sessions(*, user: User, but: str = "") -> int:
    """Log the user out everywhere, except in the session with the key `but`. Returns how many sessions ended."""
    sessions = UserSession.objects.filter(user_id=user.pk).exclude(session_key=but)
    keys = list(sessions.values_list("session_key", flat=True))
    ended, _rows = Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return ended


@one_transaction
def remove_second_factors(*, user: User) -> int:
    """For somebody who lost phone and recovery codes: nothing but the password counts until they set up anew.

    All sessions of the user end. Returns how many factors there were, recovery codes not counted.
    """
    factors = Authenticator.objects.select_for_update(no_key=True).filter(user_id=user.pk)
    count: int = factors.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    factors.delete()
    end_other_sessions(user=user)
    return count
