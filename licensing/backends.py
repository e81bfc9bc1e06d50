"""How the user of a session is found."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import BigIntegerField, QuerySet

from foundation.kept_query import KeptRows, Later

from .models import User


def _user_with_reseller() -> QuerySet[User]:
    return User.objects.filter(pk=Later("pk", BigIntegerField())).select_related("reseller")


_USER_WITH_RESELLER = KeptRows(_user_with_reseller)


class PortalBackend(AuthenticationBackend):
    """allauth's log-in by e-mail address. Every page asks who its user is, most also whose staff they are."""

    def get_user(self, user_id: Any) -> User | None:
        """One query, with the reseller; None where there is no such user, or none that may log in."""
        for user in _USER_WITH_RESELLER.rows(pk=user_id):
            return user if self.user_can_authenticate(user) else None
        return None
