"""How quantity confirmations stand. Nothing of that is stored: it follows from what was asked, answered and issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.jobs.models import Batch
from foundation.kept_query import KeptQuery, Later
from licensing.models import Holding, LicenseID, User, hash_token
from licensing.queries import visible_customers
from quotes.models import QuotePart, QuoteStatus, State

from ..models import ConfirmationAnswer, ConfirmationPart, DeskEntry, QuantityConfirmation, QuietCustomer
from .needed import Needed, NeededPart, from_json
from .recipients import was_removed

TASK = "renewals.confirmations.tasks.ask_many"
"""By which many are asked in one go."""
_SINCE = OuterRef("confirmation__asked_at")
_ENDED, _ORDER = [State.ORDERED, State.LOST], QuoteStatus.Answer.ORDER
QUOTED = QuotePart.objects.filter(
    Q(quote__status__state__in=[State.ISSUED, *_ENDED], quote__issued_at__gte=_SINCE)
    | Q(quote__status__state__in=_ENDED, quote__status__changed_at__gte=_SINCE)
    | Q(quote__status__state=State.ISSUED, quote__status__answer=_ORDER, quote__status__answered_at__gte=_SINCE),
    licenseid=OuterRef("licenseid"),
)
"""What closes a license ID's part by itself: a quote that was issued since it was asked, and not taken back; or an
earlier one that was ordered or lost since, or that the customer wishes to order."""
ELSEWHERE = ~Q(
    licenseid__customer=Coalesce(F("confirmation__customer__merged_into"), F("confirmation__customer")),
    licenseid__customer__reseller=F("confirmation__asked_by__reseller"),
)
"""Parts whose license ID has come to another customer since, or with it to another reseller: they did not ask."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a license ID's last confirmation stands on a day."""

    confirmation: QuantityConfirmation
    is_open: bool
    """Whether the customer can still answer."""
    is_answered: bool
    is_quoted: bool


def visible_confirmations(user: User) -> QuerySet[QuantityConfirmation]:
    """Those to customers of the user's reseller. Internal like drafts: portal admins see them, customers do not."""
    theirs = visible_customers(user)
    rows = QuantityConfirmation.objects.filter(Q(customer__in=theirs) | Q(customer__merged_into__in=theirs))
    if user.is_reseller_staff:
        return rows.filter(asked_by__reseller=user.reseller_id)  # what the customer's former reseller asked is its own
    return rows if user.is_portal_admin else rows.none()


def with_standing(rows: QuerySet[QuantityConfirmation]) -> QuerySet[QuantityConfirmation]:
    """Each with `answered_at` (its last answer's moment or None) and `is_quoted`: whether all parts are."""
    unquoted = ConfirmationPart.objects.filter(confirmation=OuterRef("pk")).exclude(Exists(QUOTED)).exclude(ELSEWHERE)
    return rows.annotate(answered_at=Max("answers__at"), is_quoted=~Exists(unquoted))


def open_parts(licenseids: Iterable[LicenseID], *, on: date) -> QuerySet[ConfirmationPart]:
    """The parts of confirmations that the customer can still answer on a day, of these license IDs."""
    rows = ConfirmationPart.objects.filter(licenseid__in=[one.pk for one in licenseids])
    rows = rows.filter(confirmation__withdrawn_at=None, confirmation__open_until__gte=on)
    return rows.exclude(Exists(QUOTED)).exclude(ELSEWHERE)


def asked_keys(keys: Iterable[str]) -> set[str]:
    """Of these keys, those of questions that were asked."""
    found = QuantityConfirmation.objects.filter(key__in=list(keys)).values_list("key", flat=True)
    return {str(key) for key in found}


def last_work(user: User, *, since: datetime) -> Batch | None:
    """The last time that many were asked in one go by the user's reseller; none that began before."""
    rows = Batch.objects.filter(task_path=TASK, created_by__reseller=user.reseller_id, created_at__gte=since)
    return rows.order_by("-pk").first() if user.is_reseller_staff else None


def find_by_token(token: str) -> QuantityConfirmation | None:
    """The confirmation of a letter's or a reminder's link."""
    hashed = hash_token(token)
    rows = QuantityConfirmation.objects.select_related("customer__reseller", "asked_by__reseller")
    return rows.filter(Q(token_hash=hashed) | Q(reminder_hash=hashed)).first()


def asked_license_ids(confirmation: QuantityConfirmation) -> list[LicenseID]:
    """What is still asked: without what was quoted since or has come to another customer; with holdings, in order."""
    numbers = _still_asked(confirmation)
    held = Holding.objects.select_related("product").order_by("support_expires_on", "product__code", "pk")
    rows = LicenseID.objects.prefetch_related(Prefetch("holdings", held)).select_related("customer__reseller")
    found = rows.in_bulk(numbers)
    return [found[pk] for pk in numbers]


def is_any_asked(confirmation: QuantityConfirmation) -> bool:
    """Whether `asked_license_ids` says any. One query."""
    return bool(_still_asked(confirmation))


def _still_asked(confirmation: QuantityConfirmation) -> list[int]:
    """Row numbers of license IDs. One query."""
    return [licenseid for (licenseid,) in _STILL_ASKED.rows(confirmation=confirmation.pk)]


def _parts_still_asked() -> QuerySet[ConfirmationPart, Any]:
    parts = ConfirmationPart.objects.filter(confirmation=Later("confirmation", BigIntegerField()))
    return parts.exclude(Exists(QUOTED)).exclude(ELSEWHERE).order_by("position").values_list("licenseid")


_STILL_ASKED = KeptQuery(_parts_still_asked)
"""Asked several times of every letter, and longer to write out than to answer."""


def to_remind_of(confirmation: QuantityConfirmation) -> list[LicenseID]:
    """Of what is still asked, what the customer may be reminded of: nothing where they answered, are to be left in
    peace, or removed whoever was asked; and nothing that somebody entered as not renewed (更新しない) since.
    """
    if not _may_be_reminded(confirmation):
        return []
    licenseids = asked_license_ids(confirmation)
    on = confirmation.asked_at.astimezone(timezone.get_default_timezone()).date()
    refused = set(_refused_since(confirmation).values_list("licenseid", "expires_on"))
    return [one for one in licenseids if (one.pk, next_expiry(one, on=on)) not in refused]


def is_any_to_remind_of(confirmation: QuantityConfirmation) -> bool:
    """Whether `to_remind_of` says any, without fetching it where nothing was entered as not renewed."""
    if not _may_be_reminded(confirmation):
        return False
    return bool(to_remind_of(confirmation) if _refused_since(confirmation).exists() else is_any_asked(confirmation))


def _may_be_reminded(confirmation: QuantityConfirmation) -> bool:
    customer = confirmation.customer.present_id
    return not (confirmation.answers.exists() or is_quiet(customer) or was_removed(confirmation.to, customer=customer))


def _refused_since(confirmation: QuantityConfirmation) -> QuerySet[DeskEntry]:
    asked = confirmation.parts.values("licenseid")
    return DeskEntry.objects.filter(licenseid__in=asked, declined_at__gte=confirmation.asked_at)


def is_quiet(customer: int) -> bool:
    """Whether nothing is written to a customer by itself: also where that was said of one merged into it."""
    return bool(_QUIET.rows(customer=customer))


def _quiet() -> QuerySet[QuietCustomer, Any]:
    customer = Later("customer", BigIntegerField())
    return QuietCustomer.objects.filter(Q(customer=customer) | Q(customer__merged_into=customer)).values_list("pk")


_QUIET = KeptQuery(_quiet)


def next_expiry(licenseid: LicenseID, *, on: date) -> date | None:
    """The day on which support of a license ID expires next, else the last on which it did; None without holdings."""
    days = [row.support_expires_on for row in licenseid.holdings.all()]
    coming = [day for day in days if day >= on]
    return min(coming) if coming else max(days, default=None)


def is_any_quoted(confirmation: QuantityConfirmation) -> bool:
    """Whether a quote has closed some part of it."""
    return confirmation.parts.filter(Exists(QUOTED)).exists()


def last_answer(confirmation: QuantityConfirmation) -> ConfirmationAnswer | None:
    """The answer that counts."""
    return confirmation.answers.order_by("at", "pk").last()


def needed_of(answer: ConfirmationAnswer | None) -> Needed | None:
    """What an answer says; None where there is none."""
    return from_json(answer.needed) if answer else None


def confirmed_parts(licenseids: Iterable[LicenseID]) -> dict[int, NeededPart]:
    """What customers answered last of these license IDs, by row number; without what was quoted since or withdrawn.

    A fixed number of queries, however many there are.
    """
    numbers = [one.pk for one in licenseids]
    parts = ConfirmationPart.objects.filter(licenseid__in=numbers, confirmation__withdrawn_at=None)
    parts = parts.exclude(Exists(QUOTED)).exclude(ELSEWHERE)
    asked = dict(parts.order_by("confirmation__asked_at", "pk").values_list("licenseid", "confirmation"))
    answers = ConfirmationAnswer.objects.filter(confirmation__in=set(asked.values())).order_by("at", "pk")
    last = {answer.confirmation_id: answer for answer in answers}
    found: dict[int, NeededPart] = {}
    for licenseid, confirmation in asked.items():
        if (needed := needed_of(last.get(confirmation))) is not None:
            found |= {part.licenseid: part for part in needed.parts if part.licenseid == licenseid}
    return found


def standings(licenseids: Iterable[int], *, on: date) -> dict[int, Standing]:
    """How the last confirmation of each of these license IDs (row numbers) stands; those never asked are missing."""
    parts = ConfirmationPart.objects.filter(licenseid__in=list(licenseids)).exclude(ELSEWHERE)
    parts = parts.annotate(is_quoted=Exists(QUOTED), answered_at=Max("confirmation__answers__at"))
    found: dict[int, Standing] = {}
    for part in parts.select_related("confirmation").order_by("confirmation__asked_at", "pk"):
        found[part.licenseid_id] = Standing(
            part.confirmation,
            is_open=part.confirmation.is_open(on) and not part.is_quoted,
            is_answered=part.answered_at is not None,
            is_quoted=part.is_quoted,
        )
    return found
