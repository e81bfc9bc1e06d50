"""The morning's e-mail to each of the reseller's people: what is theirs to do. Nothing where there is nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from foundation.chat.cards import Notice
from foundation.chat.queue import announce, is_noted, note_nothing, rooms_for
from foundation.mail.operations.queue import queue_mail
from foundation.transactions import one_transaction
from licensing.models import User
from quotes.models import QuoteEvent

from ..desk.facts import day_of
from ..desk.people import rows_of_person
from ..models import STAGES, DeskRow, Digest, Stage, Step

MOST_NAMED = 10
"""Rows that each part names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a digest: what it is about, how many there are, and the first of them."""

    title: str | Promise
    count: int
    rows: list[DeskRow]

    @property
    def further(self) -> int:
        return self.count - len(self.rows)


def parts_of(rows: QuerySet[DeskRow], *, on: date) -> list[Part]:
    """What a morning brings of these renewals; empty parts are left out. Each stands in one part. Two queries."""
    failed = Q(movement=QuoteEvent.Kind.MAIL_FAILED)
    bounced = failed & Q(stage__in=(Stage.QUOTED, Stage.SENT, Stage.SEEN))
    answered = Q(stage__in=(Stage.ANSWERED, Stage.CHOSEN, Stage.WISHED)) | Q(step=Step.RECORD_LOSS)
    silent = Q(step=Step.ASK_AGAIN, step_on__lte=on) & ~failed
    due = Q(step_on__lte=on) & ~Q(step__in=_NOT_DUE) & ~bounced
    named = ((_("Answered"), answered), (_("Not delivered"), bounced), (_("Due"), due), (_("Silent"), silent))
    place = Case(*(When(chosen, then=at) for at, (_title, chosen) in enumerate(named)), output_field=IntegerField())
    # What no part can have is left out first: for days and for stages there are indexes.
    some = rows.filter(Q(step_on__lte=on) | Q(stage_place__in=_MAY_BE_TOLD)).annotate(part=place)
    told = some.filter(part__isnull=False).order_by("part", "expires_on", "code", "pk").values_list("part", "pk")
    found = {at: [pk for _at, pk in own] for at, own in groupby(told, key=itemgetter(0))}
    first = DeskRow.objects.in_bulk([pk for own in found.values() for pk in own[:MOST_NAMED]]) if found else {}
    return [
        Part(named[at][0], len(own), [first[pk] for pk in own[:MOST_NAMED] if pk in first]) for at, own in found.items()
    ]


_NOT_DUE = (
    Step.NOTHING,
    Step.ASK_AGAIN,
    Step.RECORD_ORDER,
    Step.RECORD_LOSS,
    Step.QUOTE_ANSWERED,
    Step.ISSUE_CHOSEN,
)
_MAY_BE_TOLD = [
    STAGES.index(stage) for stage in (Stage.ANSWERED, Stage.CHOSEN, Stage.QUOTED, Stage.SENT, Stage.SEEN, Stage.WISHED)
]


@one_transaction
def send_digest(*, user: User, now: datetime) -> bool:
    """Queue somebody's digest of the day. False where it was looked at before, or there is nothing to tell.

    The day is noted also where there is nothing: what comes later waits for the next morning.
    """
    on = day_of(now)
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    if Digest.objects.filter(user=user, day=on).exists():
        return False
    parts = parts_of(rows_of_person(user), on=on)
    count = sum(part.count for part in parts)
    Digest.objects.create(user=user, day=on, count=count)
    if not count:
        return False
    context = {"user": user, "on": on, "parts": parts, "count": count, "url": settings.PUBLIC_URL + reverse("start")}
    with translation.override(settings.LANGUAGE_CODE):
        subject = ngettext("%(counter)s renewal to do", "%(counter)s renewals to do", count) % {"counter": f"{count:,}"}
        try:
            queue_mail(
                key=f"digest:{user.pk}:{on}",
                about=f"digest:{user.pk}",
                to=user.email,
                to_name=user.name,
                subject=subject,
                body=render_to_string("renewals/reminders/mail/digest.txt", context),
                language=settings.LANGUAGE_CODE,
                now=now,
            )
        except ValidationError:
            return False  # an address that nobody can write to: the day is noted all the same
    return True


def announce_digest(*, reseller: int, now: datetime) -> int:
    """Tell the reseller's chat rooms in short what the morning brings to all its people, once a day; how many rooms.

    The day is noted also where there is nothing.
    """
    on = day_of(now)
    key = f"digest:{on}"
    rooms = [room for room in rooms_for("digest", reseller) if not is_noted(room, key)]
    if not rooms:
        return 0
    parts = parts_of(DeskRow.objects.filter(reseller=reseller), on=on)
    if not parts:
        note_nothing(rooms=rooms, key=key, now=now)
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        count = sum(part.count for part in parts)
        title = ngettext("%(counter)s renewal to do", "%(counter)s renewals to do", count) % {"counter": f"{count:,}"}
        lines = [f"{part.title}: {part.count:,}" for part in parts]
        notice = Notice(title, lines, settings.PUBLIC_URL + reverse("start"), gettext("Open"))
        return announce(kind="digest", reseller=reseller, key=key, make=lambda: notice, now=now)


def people_of(reseller: int, *, on: date) -> Iterable[User]:
    """Whose morning was not looked at yet on the day: the reseller's people who log in."""
    looked_at = Digest.objects.filter(user=OuterRef("pk"), day=on)
    return User.objects.filter(~Exists(looked_at), reseller=reseller, is_active=True).order_by("pk")
