"""How users prove who they are, and where they are logged in."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, QuerySet

from foundation.kept_query import KeptRows, Later

from ..models import User


def must_use_mfa(user: User) -> bool:
    """Whether somebody may go on only with a second factor: the one place where this is decided.

    Portal admins and price admins, unless the setting REQUIRE_ADMIN_MFA is off; staff and managers of a reseller that
    asks for it; never customer contacts.
    """
    if user.is_staff:
        return bool(settings.REQUIRE_ADMIN_MFA)
    return user.reseller is not None and user.reseller.requires_mfa


def second_factors(user: User) -> QuerySet[Authenticator]:
    """What the user has set up beside the password; recovery codes, which only stand in for them, are not counted."""
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk)
    return factors.exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("pk")


def open_sessions(user: User, *, now: datetime) -> list[UserSession]:
    """Where the user is logged in, the last seen first; without those that ended, or that a new password ended."""
    sessions = UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at", "-pk")
    rows = Session.objects.filter(session_key__in=[session.session_key for session in sessions], expire_date__gt=now)
    kept = {row.session_key: row.get_decoded() for row in rows}
    fingerprint = user.get_session_auth_hash()
    return [session for session in sessions if kept.get(session.session_key, {}).get(HASH_SESSION_KEY) == fingerprint]


def find_user(pk: Any) -> User | None:
    """The one of this number, with the reseller: every page asks who its user is, most also whose staff. One query."""
    return next(iter(_USER_WITH_RESELLER.rows(pk=pk)), None)


def _user_with_reseller() -> QuerySet[User]:
    return User.objects.filter(pk=Later("pk", BigIntegerField())).select_related("reseller")


_USER_WITH_RESELLER = KeptRows(_user_with_reseller)
