"""How many quotes stand how, and their totals, from the counts that the database keeps. Reads only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from licensing.models import User

from ..models import EXPIRED, SHOWN_STATES, QuoteCount, State


@dataclass(frozen=True, slots=True)
class Standing:
    """Revisions in one state as people see it, and the sum of their totals in yen, with tax."""

    quotes: int = 0
    yen: int = 0


def counts_kept_for(user: User) -> QuerySet[QuoteCount] | None:
    """Those of the quotes that the user may see (`visible_quotes`); None where theirs are not kept."""
    if not user.is_active:
        return None
    if user.is_reseller_staff:
        return QuoteCount.objects.filter(reseller=user.reseller_id or 0)
    return QuoteCount.objects.all() if user.is_portal_admin else None


def standings(counts: QuerySet[QuoteCount], *, on: date) -> dict[str, Standing]:
    """All that are counted, by the keys of SHOWN_STATES, of a day."""
    is_past = Q(valid_until__lt=on)
    summed = counts.order_by().values("state").annotate(
        all_quotes=Sum("quotes"), all_yen=Sum("yen"),
        past_quotes=Sum("quotes", filter=is_past), past_yen=Sum("yen", filter=is_past),
    )  # fmt: skip
    found = dict.fromkeys(SHOWN_STATES, Standing())
    for one in summed:
        past = Standing(one["past_quotes"] or 0, one["past_yen"] or 0)
        found[one["state"]] = Standing(one["all_quotes"] - past.quotes, one["all_yen"] - past.yen)
        if one["state"] == State.ISSUED:
            found[EXPIRED] = past
    return found
