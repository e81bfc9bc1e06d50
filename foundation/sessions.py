"""Where sessions are: in the database, as Django keeps them. Every page asks for its own, so the query is kept."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from .kept_query import KeptRows, Later


def _open_session() -> QuerySet[Session]:
    key, now = Later("key", CharField()), Later("now", DateTimeField())
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_OPEN_SESSION = KeptRows(_open_session)


class SessionStore(DatabaseStore):
    """Django's, which finds in the same rows what it wrote into them."""

    def _get_session_from_db(self) -> Session | None:
        rows = _OPEN_SESSION.rows(key=self.session_key, now=timezone.now())  # noqa: TID251 - as far outside as a view
        if not rows:
            self._session_key = None
            return None
        return rows[0]
