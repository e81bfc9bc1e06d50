"""Whose feed it is, and what stands in it. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from licensing.models import User, hash_token
from licensing.models.roles import RESELLER_ROLES
from quotes.models import Quote, State

from ..desk.people import rows_of_person
from ..models import CalendarFeed, Stage

PAST_DAYS, COMING_DAYS = 30, 400
MOST_RENEWALS = 2000
OVER = (Stage.DONE, Stage.LOST, Stage.DECLINED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in somebody's calendar."""

    key: str
    """The same for the same thing: a calendar replaces what it had."""
    day: date
    words: str
    path: str
    """Where it leads to in the portal."""


def find_owner(token: str) -> User | None:
    """Whose feed a token opens; nobody's where they cannot log in any more."""
    feeds = CalendarFeed.objects.select_related("user").filter(token_hash=hash_token(token))
    feed = feeds.filter(user__is_active=True, user__role__in=RESELLER_ROLES).first()
    return feed.user if feed else None


def entries_of(user: User, *, on: date) -> Iterator[Entry]:
    """Expiries, follow-ups and ends of validity of what is somebody's, from a month ago to a year ahead, in order."""
    rows = list(
        rows_of_person(user)
        .filter(expires_on__gte=on - timedelta(days=PAST_DAYS), expires_on__lte=on + timedelta(days=COMING_DAYS))
        .exclude(stage__in=OVER)
        .order_by("expires_on", "code", "pk")[:MOST_RENEWALS]
    )
    quotes = Quote.objects.filter(key__in={row.quote_key for row in rows if row.quote_key})
    quotes = quotes.filter(status__state=State.ISSUED, valid_until__gte=on - timedelta(days=PAST_DAYS))
    ending = {str(key): day for key, day in quotes.values_list("key", "valid_until")}
    told: set[str] = set()
    for row in rows:
        path = reverse("renewals:license-id", args=[row.code])
        about = f"{row.code} {row.customer_name}"
        yield Entry(f"expiry-{row.licenseid_id}-{row.expires_on}", row.expires_on, _("Expiry: %s") % about, path)
        if row.follow_up_on:
            words = _("Follow up: %s") % about
            yield Entry(f"follow-up-{row.licenseid_id}-{row.expires_on}", row.follow_up_on, words, path)
        key = row.quote_key
        if key in ending and key not in told:
            told.add(key)
            words = _("Quote ends: %s") % f"{row.quote_number} {row.customer_name}"
            yield Entry(f"validity-{key}", ending[key], words, reverse("quotes:detail", args=[key]))
