"""Which requests for approval a user sees, and which they may answer."""

import uuid
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from licensing.models import User
from licensing.models.roles import RESELLER_ROLES
from quotes.models import Quote

from ..issue.thresholds import is_above_percent
from ..models import ApprovalRequest

State = ApprovalRequest.State


def visible_requests(user: User) -> QuerySet[ApprovalRequest]:
    """A reseller's own. Internal: nobody else sees that there is such a thing."""
    rows = ApprovalRequest.objects.select_related(
        "asked_by", "drafted_by", "changed_by", "decided_by", "withdrawn_by", "price_list"
    )
    return rows.filter(reseller=user.reseller_id) if user.is_active and user.is_reseller_staff else rows.none()


def last_rounds(user: User) -> QuerySet[Any]:
    """The same, of each quote the last round, with the number of the quote that came of it (`quote_number`), if any."""
    later = ApprovalRequest.objects.filter(key=OuterRef("key")).order_by("-round").values("pk")[:1]
    number = Quote.objects.filter(key=OuterRef("key")).order_by().values("number")[:1]
    return visible_requests(user).filter(pk=Subquery(later)).annotate(quote_number=Subquery(number))


def rounds_of(user: User, key: uuid.UUID) -> list[ApprovalRequest]:
    """All rounds of one quote, the last one first."""
    return list(visible_requests(user).filter(key=key).order_by("-round"))


def waiting_for(user: User) -> QuerySet[ApprovalRequest]:
    """What the user may answer now."""
    rows = visible_requests(user).filter(state=State.WAITING)
    if not user.approves:
        return rows.none()
    rows = rows.exclude(asked_by=user.pk).exclude(drafted_by=user.pk).exclude(changed_by=user.pk)
    if user.approves_amount is not None:
        rows = rows.filter(total__lte=user.approves_amount)
    if user.approves_reduction is not None:
        hundredths = int(user.approves_reduction * 100)
        rows = rows.alias(reduction=F("given_away") * 10_000).filter(reduction__lte=F("list_subtotal") * hundredths)
    return rows


def mine(user: User) -> QuerySet[Any]:
    """What the user asked for and has not become a quote: waiting, approved, or sent back."""
    return last_rounds(user).filter(asked_by=user.pk, quote_number=None).exclude(state=State.WITHDRAWN)


def why_not(user: User, request: ApprovalRequest) -> str:
    """Why the user may not answer it: `right`, `own`, `amount` or `reduction`; empty where they may."""
    if not (user.is_active and user.is_reseller_staff and user.approves and user.reseller_id == request.reseller_id):
        return "right"
    if user.pk in (request.asked_by_id, request.drafted_by_id, request.changed_by_id):
        return "own"
    if user.approves_amount is not None and request.total > user.approves_amount:
        return "amount"
    limit = user.approves_reduction
    if limit is not None and is_above_percent(request.given_away, request.list_subtotal, limit):
        return "reduction"
    return ""


def approving_people(reseller: int) -> list[User]:
    """Who of a reseller may approve anything."""
    people = User.objects.filter(role__in=RESELLER_ROLES, reseller=reseller, is_active=True, approves=True)
    return list(people.order_by("pk"))
