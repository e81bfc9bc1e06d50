"""Feeds: made, replaced, ended."""

import secrets
from datetime import datetime

from foundation.transactions import one_transaction
from licensing.models import User, hash_token

from ..models import CalendarFeed


@one_transaction
def make_feed(*, user: User, now: datetime) -> str:
    """A new address for somebody's feed; the old one opens nothing from now on. The token is not kept."""
    token = secrets.token_urlsafe(32)
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    CalendarFeed(user=user, token_hash=hash_token(token), made_at=now).save()
    return token


@one_transaction
def end_feed(*, user: User) -> bool:
    """No address opens it any more. False where there was none."""
    count, _models = CalendarFeed.objects.filter(user=user).delete()
    return bool(count)
