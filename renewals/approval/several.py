"""Several requests answered at one press: each by itself, as if it were answered alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from licensing.models import User

from ..models import ApprovalRequest
from .operations import NotToAnswer, answer
from .present import present_of

CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Ticked:
    """A request with the words that go with its answer."""

    request: ApprovalRequest
    words: str


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """A request that stays as it is, and why: CHANGED, or as `queries.why_not` says."""

    request: ApprovalRequest
    why: str
    changes: Sequence[str] = ()
    """Of CHANGED: what would be issued otherwise by now, in sentences."""


def answer_each(
    ticked: Sequence[Ticked], *, is_approved: bool, by: User, now: datetime
) -> tuple[list[ApprovalRequest], list[NotAnswered]]:
    """Approve them, or send them back; each in a transaction of its own: what one is refused keeps none of the others.

    Nobody looked at each of them: so what would not be issued any more as it was asked for is not approved.
    Raises ValueError where one is sent back without words.
    """
    if not is_approved and not all(one.words.strip() for one in ticked):
        raise ValueError("sent back without words")
    answered, refused = [], []
    for one in ticked:
        is_judged = is_approved and one.request.state == ApprovalRequest.State.WAITING
        if is_judged and (changes := present_of(one.request, user=by, now=now).changes):
            refused.append(NotAnswered(one.request, CHANGED, changes))
            continue
        try:
            answered.append(answer(request=one.request, is_approved=is_approved, words=one.words, by=by, now=now))
        except NotToAnswer as told:
            refused.append(NotAnswered(one.request, told.why))
    return answered, refused
